import { z } from '@hono/zod-openapi'
import { SortedQuery } from '../http/sorted.ts'
import { WorkflowDefinition } from '../steps/schema.ts'

const name = z.string().trim().min(1).max(200)
const cron = z.string().trim().max(200).openapi({ example: '30 7 * * 1-5', description: 'Five fields' })
const timeZone = z.string().trim().max(100).openapi({ example: 'Europe/Berlin', description: 'IANA time zone' })
const scheduleInput = z
  .record(z.string(), z.unknown())
  .openapi({ description: 'Values for the workflow’s inputs, the same each time' })

export const NewSchedule = z
  .strictObject({
    name: name.optional(),
    cron,
    timeZone: timeZone.default('UTC'),
    input: scheduleInput.default({}),
    enabled: z.boolean().default(true),
  })
  .openapi('NewSchedule')
export type NewSchedule = z.infer<typeof NewSchedule>

/** A plan that is to run by itself; what is left out is as the plan says. */
export const SchedulePlan = z
  .strictObject({
    planId: z.string().openapi({ example: 'pln_…' }),
    name: name.optional(),
    cron: cron.optional(),
    timeZone: timeZone.optional(),
    input: scheduleInput.default({}),
    definition: WorkflowDefinition.optional().openapi({
      description: 'The plan’s definition as edited before confirming',
    }),
  })
  .openapi('SchedulePlan')
export type SchedulePlan = z.infer<typeof SchedulePlan>

export const ScheduleEdit = z
  .strictObject({
    name: name.nullable().optional(),
    cron: cron.optional(),
    timeZone: timeZone.optional(),
    input: scheduleInput.optional(),
    enabled: z.boolean().optional(),
  })
  .openapi('ScheduleEdit')
export type ScheduleEdit = z.infer<typeof ScheduleEdit>

const nextRuns = z.array(z.string()).openapi({ description: 'The next five times' })

export const LastRun = z
  .object({
    id: z.string(),
    status: z.enum(['running', 'paused', 'needs_decision', 'succeeded', 'failed', 'cancelled']),
    error: z.string().nullable().openapi({ description: 'Why it failed' }),
  })
  .openapi('LastRun')
export type LastRun = z.infer<typeof LastRun>

const lastRun = LastRun.nullable().openapi({ description: 'The run of the last time, as it stands' })
const lastProblem = z.object({ code: z.string(), message: z.string() }).nullable()

export const Schedule = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    name: z.string().nullable(),
    cron: z.string(),
    timeZone: z.string(),
    input: z.record(z.string(), z.unknown()),
    enabled: z.boolean(),
    nextRunAt: z.string().nullable().openapi({ description: 'Null while it is off' }),
    nextRuns,
    lastDueAt: z.string().nullable(),
    lastRunId: z.string().nullable(),
    lastRun,
    lastError: lastProblem.openapi({ description: 'Why the last due time could not be run' }),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Schedule')
export type Schedule = z.infer<typeof Schedule>

/** `?enabled=` beside what every list takes: those that are on, or off. */
export const TriggerQuery = SortedQuery.extend({
  enabled: z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional(),
})
export type TriggerQuery = z.infer<typeof TriggerQuery>

export const PreviewQuery = z.object({ cron, timeZone: timeZone.default('UTC') })
export type PreviewQuery = z.infer<typeof PreviewQuery>

export const SchedulePreview = z.object({ nextRuns }).openapi('SchedulePreview')
export type SchedulePreview = z.infer<typeof SchedulePreview>

// Names of header fields, RFC 9110, section 5.6.2.
const headerName = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+\-.^_`|~\w]+$/, 'must be the name of a header')
  .toLowerCase()

export const SignatureMode = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('standard') }),
    z.strictObject({
      type: z.literal('body'),
      header: headerName.openapi({ example: 'X-Hub-Signature-256' }),
      encoding: z.enum(['hex', 'base64']).default('hex'),
      prefix: z.string().max(50).default('').openapi({ example: 'sha256=' }),
      idHeader: headerName.optional().openapi({
        description:
          'Header with the id of an event. It is not signed: without it, the same body counts as the same event',
      }),
    }),
  ])
  .openapi('SignatureMode', {
    description:
      'standard: Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature). body: HMAC-SHA256 of the body alone, in a header of the provider’s own',
  })
export type SignatureMode = z.infer<typeof SignatureMode>

const PRIVATE_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key'])

const hookFields = {
  input: z
    .unknown()
    .openapi({ description: 'The run’s input; {{ … }} in its strings is JSONata over body, headers and query' }),
  headers: z
    .array(headerName.refine((header) => !PRIVATE_HEADERS.has(header), 'carries credentials'))
    .max(20)
    .openapi({ description: 'Headers of the event that the run may see' }),
  requestsPerMinute: z.int().min(1).max(6000),
}
const secret = z.string().min(16).max(200).openapi({
  description: 'A secret of the provider’s own; for Standard Webhooks whsec_ and 24 to 64 bytes in base64',
})

export const NewHook = z
  .strictObject({
    name: name.optional(),
    signature: SignatureMode.default({ type: 'standard' }),
    secret: secret.optional(),
    input: hookFields.input.optional(),
    headers: hookFields.headers.default(['content-type', 'user-agent', 'webhook-id', 'webhook-timestamp']),
    requestsPerMinute: hookFields.requestsPerMinute.default(300),
    enabled: z.boolean().default(true),
  })
  .openapi('NewHook')
export type NewHook = z.infer<typeof NewHook>

export const HookEdit = z
  .strictObject({
    name: name.nullable().optional(),
    input: hookFields.input.optional(),
    headers: hookFields.headers.optional(),
    requestsPerMinute: hookFields.requestsPerMinute.optional(),
    enabled: z.boolean().optional(),
  })
  .openapi('HookEdit')
export type HookEdit = z.infer<typeof HookEdit>

export const HookRotation = z
  .strictObject({
    secret: secret.optional(),
    overlapMinutes: z.int().min(0).max(10_080).default(1440).openapi({
      description: 'For how long the secret before still verifies; 0 ends it at once',
    }),
  })
  .openapi('HookRotation')
export type HookRotation = z.infer<typeof HookRotation>

export const Hook = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    name: z.string().nullable(),
    url: z.string().openapi({ description: 'Where events are to be sent by POST' }),
    signature: SignatureMode,
    input: z.unknown(),
    headers: z.array(z.string()),
    requestsPerMinute: z.int(),
    enabled: z.boolean(),
    previousUntil: z.string().nullable().openapi({ description: 'Until when the secret before still verifies' }),
    lastEventAt: z
      .string()
      .nullable()
      .openapi({ description: 'When the last genuine event came that is not a repetition' }),
    lastRunId: z.string().nullable(),
    lastRun,
    lastError: lastProblem.openapi({ description: 'Why the workflow could not be run with the last event' }),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Hook')
export type Hook = z.infer<typeof Hook>

/** A hook with its secret, which is shown this once. */
export const IssuedHook = Hook.extend({ secret: z.string() }).openapi('IssuedHook')
export type IssuedHook = z.infer<typeof IssuedHook>

export const Delivery = z
  .object({ executionId: z.string(), duplicate: z.boolean().openapi({ description: 'The event had come before' }) })
  .openapi('Delivery')
export type Delivery = z.infer<typeof Delivery>
