import { z } from '@hono/zod-openapi'
import { Change, ConnectionDetail, SpecVersion } from '../connections/schema.ts'

export const AffectedWorkflow = z
  .object({
    workflowId: z.string(),
    name: z.string(),
    operation: z.string(),
    breaking: z.boolean(),
    message: z.string(),
  })
  .openapi('AffectedWorkflow')
export type AffectedWorkflow = z.infer<typeof AffectedWorkflow>

export const Refreshed = z
  .object({
    connection: ConnectionDetail,
    changes: z.array(Change),
    breaking: z.boolean(),
    affectedWorkflows: z.array(AffectedWorkflow).openapi({ description: 'Workflows that use a changed operation' }),
    warning: z.string().nullable().openapi({ description: 'Set when an older copy of the document had to do' }),
  })
  .openapi('Refreshed')
export type Refreshed = z.infer<typeof Refreshed>

export const VersionWithAffected = SpecVersion.extend({
  affectedWorkflows: z.array(AffectedWorkflow),
}).openapi('VersionWithAffected')
export type VersionWithAffected = z.infer<typeof VersionWithAffected>
