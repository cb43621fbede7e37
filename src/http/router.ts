import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { AppError } from '../errors.ts'
import type { AppEnv } from './env.ts'
import { fieldErrors, Problem } from './problem.ts'

/** A router of one feature; input that fails its schema is answered as VALIDATION_FAILED. */
export function createRouter() {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) {
        const errors = fieldErrors(result.error)
        const first = errors[0]
        const detail = first ? `${first.path || 'The input'}: ${first.message}` : 'The input does not fit.'
        throw new AppError('VALIDATION_FAILED', detail, { errors })
      }
    },
  })
}

/** Sends cookies along, each as better-auth wrote it. */
export function setCookies(c: Context, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
}

/** A success body on its way out. */
export function success<T>(data: T): { success: true; data: T } {
  return { success: true, data }
}

/** A page of a list on its way out. */
export function page<T>(list: { items: T[]; nextCursor: string | null }) {
  return {
    success: true as const,
    data: list.items,
    meta: { nextCursor: list.nextCursor, hasMore: list.nextCursor !== null },
  }
}

const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } })

/** The request body of a route, required, as JSON. */
export function body<T extends z.ZodType>(schema: T) {
  return { content: json(schema), required: true } as const
}

/** The documented success of a route: its data in the envelope. */
export function ok<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: json(z.object({ success: z.literal(true), data: schema })) }
}

/** The documented success of a list route. */
export function okPage<T extends z.ZodType>(schema: T, description: string) {
  const meta = z.object({ nextCursor: z.string().nullable(), hasMore: z.boolean() })
  return { description, content: json(z.object({ success: z.literal(true), data: z.array(schema), meta })) }
}

/** The documented failure of every route. */
export const failure = {
  default: { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: Problem } } },
} as const

/** Credentials a route takes; the base of every authenticated route. */
export const secured = [{ apiKey: [] }, { bearer: [] }, { session: [] }]

/** What only somebody who is signed in takes. */
export const forPeople = [{ session: [] }]

/** `?limit=&cursor=` of every list. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20).openapi({ description: 'Items a page' }),
  cursor: z.string().max(200).optional().openapi({ description: 'nextCursor of the page before' }),
})
export type PageQuery = z.infer<typeof PageQuery>

/**
 * Cuts rows that were asked for with `limit + 1` to a page. Lists are ordered by id, in either direction, so the cursor
 * is the last id shown.
 */
export function toPage<T extends { id: string }>(rows: T[], limit: number): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit)
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}
