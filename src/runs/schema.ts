import { z } from '@hono/zod-openapi'
import { SortedQuery } from '../http/sorted.ts'
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

const status = z.enum(['running', 'paused', 'needs_decision', 'succeeded', 'failed', 'cancelled']).openapi({
  description:
    'needs_decision: a call was sent that may be sent once at most, and its outcome is unknown; POST …/decide says what to do',
})

/** What set a run going. */
export const Trigger = z.enum(['chat', 'api', 'schedule', 'webhook', 'batch']).openapi('Trigger')
export type Trigger = z.infer<typeof Trigger>

const undoes = z.string().nullable().openapi({ description: 'The execution whose effects this one takes back' })

export const ExecutionSummary = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    workflowVersion: z.int(),
    name: z.string(),
    trigger: Trigger,
    status,
    undoes,
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
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        status: z.int().optional().openapi({ description: 'What the API answered' }),
      })
      .nullable(),
    message: z.string().nullable().openapi({ description: 'What is to be approved, or else decided' }),
    until: z.string().nullable().openapi({ description: 'When it goes on, or is refused' }),
    iterations: z.object({ done: z.int(), count: z.int() }).nullable().openapi({ description: 'Of a loop' }),
  })
  .openapi('ExecutionStep')
export type ExecutionStep = z.infer<typeof ExecutionStep>

export const Execution = ExecutionSummary.extend({
  input: z.record(z.string(), z.unknown()),
  output: z.unknown().openapi({ description: 'The result, once succeeded' }),
  error: z.object({ step: z.string().nullable(), message: z.string() }).nullable(),
  undoneBy: z
    .object({ id: z.string(), status })
    .nullable()
    .openapi({ description: 'The execution that takes back what this one did, and how it stands' }),
  steps: z.array(ExecutionStep),
}).openapi('Execution')
export type Execution = z.infer<typeof Execution>

export const ExecutionQuery = SortedQuery.extend({
  workflowId: z.string().optional(),
  status: ExecutionSummary.shape.status.optional(),
})
export type ExecutionQuery = z.infer<typeof ExecutionQuery>

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

/** `?limit=&cursor=` of the log. */
export const LogQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
  cursor: z.coerce.number().int().min(0).default(0).openapi({ description: 'Of the page before' }),
})
export type LogQuery = z.infer<typeof LogQuery>
const shownBody = z
  .object({
    value: z.unknown().openapi({ description: 'Where it is cut: its beginning, as text' }),
    bytes: z.int(),
    truncated: z.boolean(),
    full: z.string().nullable().openapi({ description: 'Where the whole of it is' }),
  })
  .openapi('ShownBody')

export const ExecutionAttempt = z
  .object({
    number: z.int().openapi({ description: 'Position in the history of the step, from 1' }),
    attempt: z
      .int()
      .openapi({ description: 'As retries count; begins anew when a failed execution is taken up again' }),
    outcome: z.enum(['running', 'succeeded', 'failed', 'interrupted']).openapi({
      description: 'interrupted: cut short, by a crash or with the execution',
    }),
    startedAt: z.string().nullable().openapi({ description: 'null where it could not even be written' }),
    finishedAt: z.string().nullable(),
    durationMs: z.number().nullable(),
    request: z
      .object({
        method: z.string(),
        url: z.string(),
        headers: z.record(z.string(), z.string()),
        body: shownBody.nullable(),
      })
      .nullable(),
    response: z
      .object({ status: z.int(), headers: z.record(z.string(), z.string()), body: shownBody.nullable() })
      .nullable()
      .openapi({ description: 'Of an answer that made the attempt fail, the first 2,000 characters are kept' }),
    output: shownBody.nullable().openapi({ description: 'Of a step that calls nothing: its value' }),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    retryAt: z.string().nullable(),
    upstreamRequestId: z.string().nullable().openapi({ description: 'The id that the API gave the request' }),
  })
  .openapi('ExecutionAttempt')
export type ExecutionAttempt = z.infer<typeof ExecutionAttempt>

/** A step by its path, and one of its attempts. */
export const StepParams = z.object({
  id: z.string().openapi({ example: 'run_…' }),
  path: z.string().max(2000).openapi({ example: 'refunds[3].refund' }),
})
export const AttemptParams = StepParams.extend({ number: z.coerce.number().int().min(1) })

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
    otherwise: z.boolean().openapi({ description: 'Only when something turns out otherwise than with this input' }),
  })
  .openapi('RehearsedStep')
export type RehearsedStep = z.infer<typeof RehearsedStep>

const branch = z.object({
  step: z.string().openapi({ description: 'Id of the step' }),
  way: z.enum(['then', 'else', 'run', 'skipped', 'entered', 'failed']).openapi({
    description: 'then, else: of a condition; run, skipped: by `when`; entered: a loop; failed: and gone beyond',
  }),
  visited: z.boolean(),
  otherwise: z.boolean().openapi({ description: 'Not with this input' }),
})

export const Rehearsal = z
  .object({
    input: z.record(z.string(), z.unknown()),
    steps: z.array(RehearsedStep),
    branches: z.array(branch).openapi({ description: 'Every way that a step may go' }),
  })
  .openapi('Rehearsal')
export type Rehearsal = z.infer<typeof Rehearsal>

export const ReplayRequest = z
  .strictObject({
    definition: WorkflowDefinition.optional().openapi({ description: 'Instead of the one that ran' }),
  })
  .openapi('ReplayRequest')
export type ReplayRequest = z.infer<typeof ReplayRequest>

const request = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
})

export const ReplayedStep = z
  .object({
    step: z.string().openapi({ description: 'Path of the step' }),
    attempt: z.int(),
    request: request.nullable().openapi({ description: 'What would leave now, without its credential' }),
    recorded: request.nullable().openapi({ description: 'What left then' }),
    same: z.boolean().openapi({ description: 'Whether the two are equal' }),
    answered: z.boolean().openapi({ description: 'Whether an answer was recorded' }),
    problem: z.string().nullable(),
  })
  .openapi('ReplayedStep')
export type ReplayedStep = z.infer<typeof ReplayedStep>

export const Replay = z
  .object({
    status: z.enum(['succeeded', 'failed', 'stopped']).openapi({
      description: 'stopped: it waits for an answer or a decision that was not recorded',
    }),
    output: z.unknown(),
    error: z.object({ step: z.string().nullable(), message: z.string() }).nullable(),
    input: z.record(z.string(), z.unknown()),
    steps: z.array(ReplayedStep),
    uncalled: z
      .array(z.object({ step: z.string(), attempt: z.int() }))
      .openapi({ description: 'Called then, and not now' }),
  })
  .openapi('Replay')
export type Replay = z.infer<typeof Replay>

export const RerunRequest = z
  .strictObject({
    input: z.record(z.string(), z.unknown()).optional().openapi({ description: 'The same as then when left out' }),
  })
  .openapi('RerunRequest')
export type RerunRequest = z.infer<typeof RerunRequest>
