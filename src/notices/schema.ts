import { z } from '@hono/zod-openapi'
import { SortedQuery } from '../http/sorted.ts'

export const Notice = z
  .object({
    id: z.string(),
    kind: z.enum(['needs_reconnect', 'api_changed', 'ingestion_failed', 'run_not_written']),
    resource: z.string().openapi({ description: 'Id of what it is about' }),
    message: z.string(),
    createdAt: z.string(),
    readAt: z.string().nullable(),
  })
  .openapi('Notice')
export type Notice = z.infer<typeof Notice>

export const NoticeQuery = SortedQuery.extend({
  unread: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .optional()
    .openapi({ description: 'Only what is not read yet' }),
})
export type NoticeQuery = z.infer<typeof NoticeQuery>
