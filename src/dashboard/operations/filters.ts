import type { CatalogFilters } from './queries.ts'

export const EFFECTS = ['read', 'create', 'update', 'delete', 'pay', 'message'] as const
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** The filters that stand in the address; what is not one is left out. */
export function readFilters(search: URLSearchParams): CatalogFilters {
  const [api, tag] = [search.get('api'), search.get('tag')?.trim()]
  const method = METHODS.find((known) => known === search.get('method'))
  const effect = EFFECTS.find((known) => known === search.get('effect'))
  const deprecated = (['true', 'false'] as const).find((known) => known === search.get('deprecated'))
  return {
    ...(api ? { connectionId: api } : {}),
    ...(tag ? { tag } : {}),
    ...(method ? { method } : {}),
    ...(effect ? { effect } : {}),
    ...(deprecated ? { deprecated } : {}),
  }
}
