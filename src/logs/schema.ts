import { z } from '@hono/zod-openapi'
import { SortedQuery } from '../http/sorted.ts'

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString())
const outcome = z
  .enum(['success', 'failure', 'denied'])
  .openapi({ description: 'Denied is what was refused before it began' })
const name = z.string().min(1).max(200).optional()

/** What may be asked for; conditions hold all at once. */
export const LogFilter = z.object({
  action: name.openapi({ description: 'An action, or a group of them: `run.create`, `run.*`' }),
  resource: z.string().min(1).max(500).optional().openapi({ description: 'Id of what was acted on' }),
  actorId: name.openapi({ description: 'The session or key that acted' }),
  userId: name,
  outcome: outcome.optional(),
  requestId: name,
  since: moment.optional().openapi({ description: 'From this moment on', example: '2026-11-01T00:00:00Z' }),
  until: moment.optional().openapi({ description: 'Before this moment' }),
})
export type LogFilter = z.infer<typeof LogFilter>

export const LogQuery = SortedQuery.extend({
  ...LogFilter.shape,
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
})
export type LogQuery = z.infer<typeof LogQuery>

export const LogExportQuery = LogFilter.extend({ format: z.enum(['ndjson', 'csv']).default('ndjson') })
export type LogExportQuery = z.infer<typeof LogExportQuery>

export const LogEntry = z
  .object({
    seq: z.int().openapi({ description: 'Order in which entries were committed, over all workspaces' }),
    id: z.string(),
    at: z.string(),
    actor: z.object({ kind: z.enum(['session', 'key', 'system']), id: z.string(), userId: z.string() }),
    action: z.string().openapi({ example: 'workflow.create' }),
    resource: z.string(),
    outcome,
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    requestId: z.string(),
    details: z.unknown(),
    hash: z
      .string()
      .nullable()
      .openapi({ description: 'Its link in the chain; null until it is linked, for a minute' }),
  })
  .openapi('LogEntry')
export type LogEntry = z.infer<typeof LogEntry>

export const VerifyQuery = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .openapi({ description: 'nextCursor of the call before' }),
})
export type VerifyQuery = z.infer<typeof VerifyQuery>

export const Verification = z
  .object({
    intact: z.boolean().openapi({ description: 'Of what was checked by this call' }),
    checked: z.int(),
    broken: z
      .object({
        seq: z.int(),
        id: z.string().nullable(),
        reason: z.enum(['changed', 'missing', 'inserted']),
        detail: z.string(),
      })
      .nullable()
      .openapi({ description: 'The first link that does not hold' }),
    head: z
      .object({ seq: z.int(), hash: z.string() })
      .nullable()
      .openapi({ description: 'The last link checked: keep it elsewhere to find out whether the end was cut off' }),
    unsealed: z.int().openapi({ description: 'Entries too new to be linked yet' }),
    nextCursor: z
      .string()
      .nullable()
      .openapi({ description: 'Where to go on, when there is more than one call checks' }),
  })
  .openapi('Verification')
export type Verification = z.infer<typeof Verification>
