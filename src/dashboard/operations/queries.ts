import { useMutation, useQuery } from '@tanstack/react-query'
import type { EndpointView } from '../../catalog/schema.ts'
import type { TryRequest } from '../../explorer/schema.ts'
import type { HandWrittenEndpoint } from '../../specs/import/schema.ts'
import { api, send } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { queryClient } from '../api/query-client.ts'
import { readAgain, refreshApi } from '../apis/queries.ts'

/** What a search over every API can be narrowed down by. */
export type CatalogFilters = {
  connectionId?: string
  method?: string
  effect?: EndpointView['effect']
  deprecated?: 'true' | 'false'
  tag?: string
}

/** The operations of an API; with words, those that fit them best first. */
export function useOperations(id: string, words: string) {
  return usePages(['apis', 'operations', id, words], (cursor) => {
    const query = { ...(cursor ? { cursor } : {}), ...(words ? { query: words } : {}) }
    return send(api.apis[':id'].endpoints.$get({ param: { id }, query }))
  })
}

/** The operations of every connected API that fit the words best. */
export function useCatalog(q: string, filters: CatalogFilters) {
  return useQuery({
    queryKey: ['catalog', q, filters],
    enabled: q !== '',
    queryFn: async () => (await send(api.catalog.search.$get({ query: { q, limit: 50, ...filters } }))).data,
    placeholderData: (before) => before,
  })
}

/** What can fill the parameters of an operation, and what its answer can fill. */
export function useLinks({ connectionId, id }: EndpointView) {
  return useQuery({
    queryKey: ['apis', 'links', connectionId, id],
    queryFn: async () => {
      const param = { id: connectionId, endpointId: id }
      return (await send(api.apis[':id'].endpoints[':endpointId'].links.$get({ param }))).data
    },
  })
}

/** Corrects what an operation does to the world. */
export function useEditEffect({ connectionId, id }: EndpointView) {
  return useMutation({
    mutationFn: async (effect: EndpointView['effect']) => {
      const param = { id: connectionId, endpointId: id }
      return (await send(api.apis[':id'].endpoints[':endpointId'].$patch({ param, json: { effect } }))).data
    },
    onSuccess: async () => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['apis', 'operations', connectionId] }),
        queryClient.invalidateQueries({ queryKey: ['catalog'] }),
      ])
    },
  })
}

/** Calls one operation with the stored credential. */
export function useTryOperation({ connectionId, id }: EndpointView) {
  return useMutation({
    mutationFn: async (json: TryRequest) => {
      const param = { id: connectionId, endpointId: id }
      return (await send(api.apis[':id'].endpoints[':endpointId'].try.$post({ param, json }))).data
    },
    onSettled: () => readAgain(connectionId),
  })
}

/** Adds an operation that no document tells of. */
export function useAddOperation(id: string) {
  return useMutation({
    mutationFn: (json: HandWrittenEndpoint) => send(api.apis[':id'].endpoints.$post({ param: { id }, json })),
    onSuccess: () => refreshApi(id),
  })
}

/** Removes an operation that was added by hand. */
export function useRemoveOperation({ connectionId, id }: EndpointView) {
  return useMutation({
    mutationFn: () =>
      send(api.apis[':id'].endpoints[':endpointId'].$delete({ param: { id: connectionId, endpointId: id } })),
    onSuccess: () => refreshApi(connectionId),
  })
}
