import { z } from '@hono/zod-openapi'
import { Plan, TimeZone } from '../planner/schema.ts'

export const QueryRequest = z
  .object({
    prompt: z.string().trim().min(1).max(10_000).openapi({ example: 'Which orders are late?' }),
    mode: z.enum(['speed', 'balanced', 'quality']).default('speed').openapi({
      description:
        'speed: the embedded planner; balanced: the model that is configured; quality: several planners, whose plans are compared',
    }),
    max_models: z.int().min(1).max(10).default(3).openapi({
      description: 'With quality: planners at most, the embedded one among them',
    }),
    input: z.record(z.string(), z.unknown()).default({}).openapi({
      description: 'Values for what the prompt does not say, by the names in plan.missing',
    }),
    chatId: z.string().max(100).optional().openapi({ description: 'Of a chat that the prompt goes on with' }),
    timeZone: TimeZone.optional(),
  })
  .openapi('QueryRequest')
export type QueryRequest = z.infer<typeof QueryRequest>

export const Source = z
  .object({ step: z.string(), api: z.string(), operation: z.string(), title: z.string() })
  .openapi('Source', { description: 'A call that the answer comes from' })
export type Source = z.infer<typeof Source>

export const Vote = z
  .object({
    planner: z.enum(['embedded', 'model']),
    model: z.string().nullable(),
    status: Plan.shape.status.nullable().openapi({ description: 'Of its plan; null where it made none' }),
    operations: z.array(z.string()),
    unproven: z.int().openapi({ description: 'What the specifications cannot prove of its plan' }),
    confidence: z.number(),
    trouble: z.string().nullable().openapi({ description: 'Why it made no plan' }),
    chosen: z.boolean(),
  })
  .openapi('Vote')
export type Vote = z.infer<typeof Vote>

export const QueryAnswer = z
  .object({
    status: z
      .enum([
        'answered',
        'needs_confirmation',
        'needs_input',
        'needs_choice',
        'needs_api',
        'not_found',
        'running',
        'failed',
      ])
      .openapi({
        description:
          'answered; the rest has effects and waits to be confirmed; values are missing; two readings differ in what they do; it needs an API that is not connected; nothing does it; it takes longer; a call failed',
      }),
    answer: z.string().openapi({ example: '4 orders from Store: ord_3001, ord_3006, ord_3009, ord_3013.' }),
    rows: z.array(z.record(z.string(), z.unknown())).openapi({ description: 'At most 100' }),
    total: z.int().nullable().openapi({ description: 'How many rows there are, as far as that is known' }),
    sources: z.array(Source),
    executionId: z.string().nullable().openapi({ description: 'Of what ran: only steps that read' }),
    planners: z.array(Vote).openapi({ description: 'With quality: who planned what' }),
    why: z.string().nullable().openapi({ description: 'With quality: why this plan and not another' }),
    plan: Plan.openapi({ description: 'The whole plan; with needs_confirmation, that of POST /api/chat/execute' }),
  })
  .openapi('QueryAnswer')
export type QueryAnswer = z.infer<typeof QueryAnswer>
