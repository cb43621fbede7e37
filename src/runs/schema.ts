import { z } from '@hono/zod-openapi'
import { WorkflowDefinition } from '../steps/schema.ts'

const input = z.record(z.string(), z.unknown()).default({}).openapi({ description: 'Values for the workflow’s inputs' })

export const ExecutePlan = z
  .object({
    planId: z.string().openapi({ example: 'pln_…' }),
    input,
    definition: WorkflowDefinition.optional().openapi({
      description: 'The plan’s definition as edited before confirming',
    }),
  })
  .openapi('ExecutePlan')
export type ExecutePlan = z.infer<typeof ExecutePlan>

export const ExecuteWorkflow = z.object({ input }).openapi('ExecuteWorkflow')
export type ExecuteWorkflow = z.infer<typeof ExecuteWorkflow>

/** `?wait=` of the execute routes. */
export const WaitQuery = z.object({
  wait: z.coerce.number().min(0).max(30).default(0).openapi({
    description: 'Seconds to wait for the end before answering; what is still running then goes on',
  }),
})

const status = z.enum(['running', 'succeeded', 'failed', 'cancelled'])

export const ExecutionSummary = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    workflowVersion: z.int(),
    name: z.string(),
    trigger: z.enum(['chat', 'api']),
    status,
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
  })
  .openapi('ExecutionSummary')
export type ExecutionSummary = z.infer<typeof ExecutionSummary>

export const ExecutionStep = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    type: z.enum(['api_call', 'transform']),
    operation: z.string().nullable(),
    status: z.enum(['pending', 'running', 'interrupted', 'waiting', 'succeeded', 'failed']),
    attempt: z.int().openapi({ description: '0 before the first' }),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    output: z.unknown().openapi({ description: 'Of a call: status, headers and body' }),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .openapi('ExecutionStep')
export type ExecutionStep = z.infer<typeof ExecutionStep>

export const Execution = ExecutionSummary.extend({
  input: z.record(z.string(), z.unknown()),
  output: z.unknown().openapi({ description: 'The result, once succeeded' }),
  error: z.object({ step: z.string().nullable(), message: z.string() }).nullable(),
  steps: z.array(ExecutionStep),
}).openapi('Execution')
export type Execution = z.infer<typeof Execution>
