import { z } from '@hono/zod-openapi'
import { PageQuery } from './router.ts'

/** `?limit=&cursor=&sort=` of a list whose order is that of its ids, which grow with time. */
export const SortedQuery = PageQuery.extend({
  sort: z.enum(['newest', 'oldest']).default('newest').openapi({ description: 'What comes first' }),
})
export type SortedQuery = z.infer<typeof SortedQuery>
