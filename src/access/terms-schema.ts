import { z } from '@hono/zod-openapi'

const MOST = 1_000_000
const tier = z.enum(['free', 'pro', 'enterprise'])
const number = (most: number, description: string) =>
  z.int().min(1).max(most).nullable().optional().openapi({ description })

export const TermsParam = z.object({ workspaceId: z.string().openapi({ example: 'wsp_…' }) })

export const TermsChange = z
  .strictObject({
    tier,
    requestsPerMinute: number(MOST, 'In place of the tier’s; one key may then have as many'),
    requestsPerDay: number(MOST * 1440, 'In place of the tier’s'),
    requestsPerMonth: number(MOST * 44_640, 'The quota of a calendar month (UTC)'),
  })
  .openapi('WorkspaceTermsChange', { description: 'What is left out or null is as the tier has it' })
export type TermsChange = z.infer<typeof TermsChange>

export const WorkspaceTerms = z
  .object({
    workspaceId: z.string(),
    tier,
    keyPerMinute: z.int().openapi({ description: 'The most that one key may be given' }),
    perMinute: z.int(),
    perDay: z.int().nullable().openapi({ description: 'Null: no limit' }),
    perMonth: z.int().nullable().openapi({ description: 'Null: no quota' }),
  })
  .openapi('WorkspaceTerms')
export type WorkspaceTerms = z.infer<typeof WorkspaceTerms>
