import type { HttpBindings } from '@hono/node-server'
import { z } from '@hono/zod-openapi'
import { problemShape } from './problem.ts'

/** What every route of the store sees besides the request. */
export interface StoreEnv {
  Bindings: HttpBindings
}

const meanings = {
  400: 'The request does not match its schema.',
  401: 'The X-Store-Key header is missing or wrong.',
  404: 'An id in the request names nothing.',
  409: 'The state of the store does not allow it.',
  422: 'The request is well formed but asks for too much, or reuses an idempotency key.',
}

/** A JSON answer for a route definition. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

/** A JSON request body for a route definition. */
export function jsonBody<T extends z.ZodType>(schema: T, description: string) {
  return { required: true, description, content: { 'application/json': { schema } } }
}

/** The problem answers a route can give. */
export function problems<S extends keyof typeof meanings>(...statuses: S[]) {
  const entries = statuses.map((status) => [
    status,
    { description: meanings[status], content: { 'application/problem+json': { schema: problemShape } } },
  ])
  return Object.fromEntries(entries) as Record<
    S,
    { description: string; content: { 'application/problem+json': { schema: typeof problemShape } } }
  >
}

/** The shape of one page of a list. */
export function pageOf<T extends z.ZodType>(name: string, item: T) {
  return z
    .object({
      items: z.array(item).openapi({ description: 'The items of this page.' }),
      nextCursor: z.string().nullable().openapi({
        description: 'Cursor of the next page, null on the last one.',
        example: null,
      }),
      total: z.int().openapi({ description: 'How many items match, over all pages.', example: 1 }),
    })
    .openapi(name, { description: 'One page of a list.' })
}
