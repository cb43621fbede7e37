import { z } from '@hono/zod-openapi'
import { StepUndo } from '../compensations/schema.ts'
import { isTimeZone, NO_TIME_ZONE } from '../lib/time-zone.ts'
import { StepType, WorkflowDefinition } from '../steps/schema.ts'
import { CheckFinding } from '../workflows/schema.ts'

export const TimeZone = z.string().trim().max(100).refine(isTimeZone, NO_TIME_ZONE).openapi({
  description:
    'IANA time zone of who asks: whose day “tomorrow” counts from, whose clock “at nine” means; UTC if left out',
  example: 'Europe/Berlin',
})

export const ChatMessage = z
  .object({
    message: z.string().trim().min(1).max(10_000).openapi({ example: 'Show me the late orders' }),
    chatId: z.string().max(100).optional().openapi({
      description: 'Of a chat that goes on: the message refines its last plan, or replaces it if it is whole by itself',
      example: 'cht_…',
    }),
    timeZone: TimeZone.optional(),
  })
  .openapi('ChatMessage')
export type ChatMessage = z.infer<typeof ChatMessage>

const effect = z.enum(['read', 'create', 'update', 'delete', 'pay', 'message'])

export const Binding = z
  .object({
    target: z.string().openapi({ description: 'The parameter or body property that is filled', example: 'customerId' }),
    in: z.enum(['path', 'query', 'header', 'cookie', 'body']),
    source: z.enum(['literal', 'input', 'step', 'expression']),
    value: z.string().openapi({
      description: 'The value in words: the literal, the input’s name, or the step and field it comes from',
    }),
  })
  .openapi('Binding')
export type Binding = z.infer<typeof Binding>

export const PlanStep = z
  .object({
    id: z.string(),
    title: z
      .string()
      .openapi({ description: 'What the step does, in words', example: 'Search customers for “Ada Lovelace”' }),
    type: StepType,
    api: z.string().nullable(),
    operation: z.string().nullable(),
    effect,
    reach: z.string().openapi({ description: 'How far it reaches', example: '1 × POST /orders at api.example.com' }),
    bindings: z.array(Binding),
    undo: StepUndo.nullable().optional().openapi({
      description:
        'What would take the step back once it is made, by POST /api/executions/{id}/undo; null where it only reads',
    }),
  })
  .openapi('PlanStep')
export type PlanStep = z.infer<typeof PlanStep>

export const OperationSummary = z
  .object({ api: z.string(), operation: z.string(), summary: z.string(), effect })
  .openapi('OperationSummary')
export type OperationSummary = z.infer<typeof OperationSummary>

export const MissingInput = z
  .object({
    name: z.string(),
    description: z.string(),
    schema: z.record(z.string(), z.unknown()),
  })
  .openapi('MissingInput')
export type MissingInput = z.infer<typeof MissingInput>

/** One of two ways to understand a message that differ in what they do. */
export const Reading = z
  .object({
    planId: z.string().openapi({ description: 'The plan of this reading: to look at, and to confirm' }),
    explanation: z.string(),
    effects: z.array(effect),
    operations: z.array(z.string()).openapi({ example: ['store POST /orders/{orderId}/cancel'] }),
  })
  .openapi('Reading')
export type Reading = z.infer<typeof Reading>

export const PlanDiff = z
  .object({
    added: z.array(z.string()).openapi({ description: 'Ids of steps that the plan before did not have' }),
    removed: z.array(z.object({ id: z.string(), title: z.string() })),
    changed: z.array(
      z.object({
        id: z.string(),
        changes: z.array(z.string()).openapi({ description: 'In words', example: ['status: late → open'] }),
      }),
    ),
  })
  .openapi('PlanDiff')
export type PlanDiff = z.infer<typeof PlanDiff>

export const PlanSchedule = z
  .object({
    cron: z.string().openapi({ example: '0 9 * * 1', description: 'Five fields' }),
    timeZone: z.string().openapi({ example: 'Europe/Berlin', description: 'IANA time zone' }),
    words: z.string().openapi({ example: 'every Monday at 09:00' }),
  })
  .openapi('PlanSchedule')
export type PlanSchedule = z.infer<typeof PlanSchedule>

export const PlanEvent = z
  .object({
    said: z.string().openapi({ example: 'whenever a new order comes in' }),
    noun: z.string().openapi({ description: 'What it happens to', example: 'order' }),
  })
  .openapi('PlanEvent')
export type PlanEvent = z.infer<typeof PlanEvent>

/** How far a plan is that a model makes. */
export const PlanProgress = z
  .discriminatedUnion('stage', [
    z.object({ stage: z.literal('found'), operations: z.int().openapi({ description: 'That the model is told of' }) }),
    z.object({ stage: z.literal('asking'), model: z.string() }),
    z.object({
      stage: z.literal('draft'),
      text: z.string().openapi({ description: 'A piece of what the model writes; nothing of it is checked yet' }),
    }),
    z.object({ stage: z.literal('correcting'), problem: z.string() }),
  ])
  .openapi('PlanProgress')
export type PlanProgress = z.infer<typeof PlanProgress>

export const Plan = z
  .object({
    id: z.string(),
    chatId: z.string().openapi({ description: 'To be sent with the next message of the chat' }),
    turn: z.int().openapi({ description: 'Which message of the chat it is, from 1' }),
    message: z.string(),
    request: z.string().openapi({ description: 'The message together with what was said before, as it is understood' }),
    status: z.enum(['ready', 'needs_input', 'needs_choice', 'needs_api', 'not_found']).openapi({
      description:
        'ready to confirm; ready once the missing inputs are given; there are two readings that differ in what they do, see choices; it needs an API that is not connected; or nothing connected does what was asked',
    }),
    planner: z.enum(['embedded', 'model']).openapi({ description: 'Which of the two made the plan' }),
    notice: z.string().nullable().openapi({
      description: 'What came between, as that the model could not be used',
      example: 'The model could not be used: it is rate limited. The embedded planner made this plan.',
    }),
    explanation: z.string(),
    confidence: z.number().min(0).max(1),
    steps: z.array(PlanStep),
    effects: z.array(effect).openapi({ description: 'Every effect of the plan, once' }),
    assumptions: z.array(z.string()),
    missing: z.array(MissingInput).openapi({ description: 'Inputs to give when confirming' }),
    findings: z.array(CheckFinding).openapi({ description: 'What the specifications cannot prove' }),
    considered: z
      .array(OperationSummary)
      .max(20)
      .openapi({ description: 'The operations that were weighed up, best first: what the plan could have used' }),
    nearest: z.array(OperationSummary).openapi({ description: 'The nearest operations, when nothing was found' }),
    choices: z.array(Reading).openapi({ description: 'With needs_choice: the readings' }),
    unconnected: z
      .array(z.string())
      .openapi({ description: 'What the message is about and no connected API mentions' }),
    diff: PlanDiff.nullable().openapi({
      description: 'Against the plan before in this chat; null where there is none, or one of the two has no steps',
    }),
    definition: WorkflowDefinition.nullable(),
    schedule: PlanSchedule.nullable().openapi({
      description:
        'When it is to be done again and again, where the message says so: POST /api/chat/schedule has it run then. POST /api/chat/execute runs it once, at once',
    }),
    event: PlanEvent.nullable().openapi({
      description:
        'What it is to be done each time for, where the message says so. It is not waited for: the plan has the thing as an input, which a webhook of its workflow gives, POST /api/workflows/{id}/hooks',
    }),
    executionId: z.string().nullable().openapi({ description: 'Set once the plan was confirmed' }),
    workflowId: z.string().nullable().openapi({
      description: 'Set once the plan was scheduled: the workflow that it became, under which its schedule is',
    }),
    createdAt: z.string(),
  })
  .openapi('Plan')
export type Plan = z.infer<typeof Plan>

/** What a planner makes of a message; what it is within a chat comes to it when it is kept. */
export type Planned = Omit<
  Plan,
  | 'id'
  | 'chatId'
  | 'turn'
  | 'message'
  | 'request'
  | 'notice'
  | 'choices'
  | 'unconnected'
  | 'diff'
  | 'schedule'
  | 'event'
  | 'createdAt'
  | 'executionId'
  | 'workflowId'
>

/** The part of a plan that says what is done, where nothing is. */
export const NOTHING_PLANNED = {
  steps: [],
  effects: [],
  assumptions: [],
  missing: [],
  findings: [],
  definition: null,
} satisfies Partial<Planned>
