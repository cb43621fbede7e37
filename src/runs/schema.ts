import { z } from '@hono/zod-openapi'
import { StepType, WorkflowDefinition } from '../steps/schema.ts'

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

const status = z.enum(['running', 'paused', 'succeeded', 'failed', 'cancelled'])

/** What set a run going. */
export const Trigger = z.enum(['chat', 'api', 'schedule', 'webhook', 'batch']).openapi('Trigger')
export type Trigger = z.infer<typeof Trigger>

export const ExecutionSummary = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    workflowVersion: z.int(),
    name: z.string(),
    trigger: Trigger,
    status,
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
  })
  .openapi('ExecutionSummary')
export type ExecutionSummary = z.infer<typeof ExecutionSummary>

export const ExecutionStep = z
  .object({
    id: z.string().openapi({
      description: 'Path of the step: its id, for a step of a loop with the loop and the index before it',
      example: 'refunds[3].refund',
    }),
    name: z.string().nullable(),
    type: StepType,
    operation: z.string().nullable(),
    status: z
      .enum([
        'pending',
        'running',
        'interrupted',
        'waiting',
        'succeeded',
        'failed',
        'skipped',
        'open',
        'sleeping',
        'asking',
        'uncertain',
      ])
      .openapi({
        description:
          'waiting: for its next attempt; open: what it holds is going on; asking: for approval; uncertain: whether the call was carried out is not known',
      }),
    attempt: z.int().openapi({ description: '0 before the first' }),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    output: z.unknown().openapi({ description: 'Of a call: status, headers and body' }),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    message: z.string().nullable().openapi({ description: 'What is to be approved' }),
    until: z.string().nullable().openapi({ description: 'When it goes on, or is refused' }),
    iterations: z.object({ done: z.int(), count: z.int() }).nullable().openapi({ description: 'Of a loop' }),
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

export const ResumeRequest = z
  .strictObject({ input: z.record(z.string(), z.unknown()).optional() })
  .openapi('ResumeRequest', { description: 'Other input is for a failed execution only' })
export type ResumeRequest = z.infer<typeof ResumeRequest>

export const DecisionRequest = z
  .strictObject({
    step: z.string().max(500).openapi({ example: 'ask' }),
    verdict: z.enum(['approve', 'refuse', 'repeat', 'done']).openapi({
      description: 'repeat and done settle a call whose outcome is not known; refuse settles both kinds',
    }),
    comment: z.string().max(2000).optional(),
  })
  .openapi('DecisionRequest')
export type DecisionRequest = z.infer<typeof DecisionRequest>

export const LoggedEvent = z
  .looseObject({ type: z.string(), at: z.number().openapi({ description: 'Milliseconds since 1970' }) })
  .openapi('LoggedEvent')
export type LoggedEvent = z.infer<typeof LoggedEvent>

export const RehearseRequest = z
  .strictObject({
    definition: WorkflowDefinition,
    input: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: 'Made up from the input schema when left out' }),
  })
  .openapi('RehearseRequest')
export type RehearseRequest = z.infer<typeof RehearseRequest>

export const RehearsedStep = z
  .object({
    step: z.string().openapi({ description: 'Path of the step' }),
    request: z
      .object({
        method: z.string(),
        url: z.string(),
        headers: z.record(z.string(), z.string()),
        body: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: 'What would leave, without its credential' }),
    problem: z.string().nullable().openapi({ description: 'Why it would not leave' }),
    otherwise: z.boolean().openapi({ description: 'Only when a condition turns out otherwise than with this input' }),
  })
  .openapi('RehearsedStep')
export type RehearsedStep = z.infer<typeof RehearsedStep>

export const Rehearsal = z
  .object({ input: z.record(z.string(), z.unknown()), steps: z.array(RehearsedStep) })
  .openapi('Rehearsal')
export type Rehearsal = z.infer<typeof Rehearsal>
