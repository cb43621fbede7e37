import { z } from '@hono/zod-openapi'
import { common, MAX_DELAY_MS, template, type Common } from './step-fields.ts'

export { OnError, Retry } from './step-fields.ts'

const RESERVED = new Set(['input', 'steps', 'run', 'index'])

/** Pages of a list are read one after the other and put together as one answer. */
export const Paginate = z
  .strictObject({
    maxItems: z
      .int()
      .min(1)
      .max(10_000)
      .openapi({ description: 'Reading stops when so many items are there', example: 500 }),
  })
  .openapi('Paginate', { description: 'For a read whose operation is known to hand out its list in pages' })
export type Paginate = z.infer<typeof Paginate>

export const ApiCallStep = z
  .strictObject({
    ...common,
    type: z.literal('api_call'),
    api: z.string().min(1).openapi({ description: 'Slug of the connected API', example: 'store' }),
    operation: z
      .string()
      .regex(/^[A-Z]+ \/\S*$/, 'must be a method and a path template, as in GET /orders/{id}')
      .openapi({ example: 'GET /orders' }),
    parameters: z
      .record(z.string(), template)
      .optional()
      .openapi({ description: 'Path, query, header and cookie parameters by name' }),
    body: template.optional(),
    paginate: Paginate.optional(),
    succeedsOn: z
      .array(z.int().min(400).max(599))
      .min(1)
      .max(50)
      .optional()
      .openapi({ description: 'Statuses that are no failure, beside 2xx', example: [404, 410] }),
    timeoutMs: z.int().min(100).max(60_000).optional().openapi({ description: 'Of one attempt' }),
  })
  .openapi('ApiCallStep')
export type ApiCallStep = z.infer<typeof ApiCallStep>

export const TransformStep = z
  .strictObject({ ...common, type: z.literal('transform'), value: template })
  .openapi('TransformStep')
export type TransformStep = z.infer<typeof TransformStep>

const variable = z
  .string()
  .regex(/^[A-Za-z_]\w{0,63}$/, 'must be letters, digits and underscores, and not start with a digit')
  .refine((name) => !RESERVED.has(name), 'is a name that expressions have already')

/** A list of steps within a step. */
const steps: z.ZodType<Step[]> = z
  .lazy(() => z.array(Step).min(1).max(100))
  .openapi({ type: 'array', items: { $ref: '#/components/schemas/Step' } })

export const ConditionStep = z
  .strictObject({ ...common, type: z.literal('condition'), if: template, then: steps, else: steps.optional() })
  .openapi('ConditionStep', { description: 'One of two lists of steps; its value is that of the last step that ran' })
export type ConditionStep = Common & { type: 'condition'; if?: unknown; then: Step[]; else?: Step[] | undefined }

export const LoopStep = z
  .strictObject({
    ...common,
    type: z.literal('loop'),
    items: template
      .optional()
      .openapi({ description: 'The list to go over', example: '{{ steps.orders.body.items }}' }),
    while: template.optional().openapi({ description: 'Instead of items: go on as long as this is true' }),
    as: variable.default('item').openapi({ description: 'What expressions inside call the item', example: 'order' }),
    concurrency: z.int().min(1).max(50).default(1).openapi({ description: 'Iterations at the same time' }),
    maxIterations: z.int().min(1).max(10_000).default(1000),
    maxFailures: z.int().min(1).max(1000).optional().openapi({
      description:
        'So many items may fail while the others go on; the loop fails at its end then, and taken up again it makes those anew',
    }),
    steps,
  })
  .refine((loop) => loop.maxFailures === undefined || loop.items !== undefined, {
    path: ['maxFailures'],
    message: 'is for a loop over items: whether a while loop goes on may depend on what failed',
  })
  .refine((loop) => (loop.items === undefined) !== (loop.while === undefined), {
    path: ['items'],
    message: 'give either items or while',
  })
  .openapi('LoopStep', { description: 'Its value is the list of what the last step of each iteration gave' })
export type LoopStep = Common & {
  type: 'loop'
  items?: unknown
  while?: unknown
  as: string
  concurrency: number
  maxIterations: number
  maxFailures?: number | undefined
  steps: Step[]
}

export const ParallelStep = z
  .strictObject({ ...common, type: z.literal('parallel'), branches: z.array(steps).min(2).max(20) })
  .openapi('ParallelStep', {
    description: 'Lists of steps at the same time; its value is what the last step of each gave',
  })
export type ParallelStep = Common & { type: 'parallel'; branches: Step[][] }

export const DelayStep = z
  .strictObject({
    ...common,
    type: z.literal('delay'),
    durationMs: z
      .union([z.int().min(0).max(MAX_DELAY_MS), z.string()])
      .optional()
      .openapi({ description: 'Milliseconds, or an expression that gives them' }),
    until: z
      .string()
      .optional()
      .openapi({ description: 'A date and time (RFC 3339), or an expression that gives one' }),
  })
  .refine((delay) => (delay.durationMs === undefined) !== (delay.until === undefined), {
    path: ['durationMs'],
    message: 'give either durationMs or until',
  })
  .openapi('DelayStep', { description: 'What is listed after it waits for it' })
export type DelayStep = z.infer<typeof DelayStep>

export const ApprovalStep = z
  .strictObject({
    ...common,
    type: z.literal('approval'),
    message: z.string().min(1).max(2000).openapi({ description: 'What is to be approved; may hold expressions' }),
    timeoutMs: z.int().min(1000).max(MAX_DELAY_MS).optional().openapi({ description: 'Refused when nobody decides' }),
    secondPerson: z.boolean().optional().openapi({ description: 'Whoever started the run may refuse, not approve' }),
  })
  .openapi('ApprovalStep', { description: 'What is listed after it waits until somebody approves' })
export type ApprovalStep = z.infer<typeof ApprovalStep>

export const AiStep = z
  .strictObject({
    ...common,
    type: z.literal('ai'),
    prompt: z.string().min(1).max(20_000).openapi({
      description: 'What the model is asked. What expressions in it give is handed over as data, not as instructions',
      example: 'Which of these orders are complaints? {{ steps.orders.body.items }}',
    }),
    system: z.string().max(10_000).optional().openapi({ description: 'How the model is to answer; no expressions' }),
    schema: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'JSON Schema of the answer', example: { type: 'array', items: { type: 'string' } } }),
  })
  .openapi('AiStep', { description: 'Its value is the answer of the configured model, which fits the schema' })
export type AiStep = z.infer<typeof AiStep>

export const WorkflowStep = z
  .strictObject({
    ...common,
    type: z.literal('workflow'),
    workflowId: z.string().min(1).max(100).openapi({ example: 'wfl_…' }),
    version: z.int().min(1).optional().openapi({
      description: 'Left out, it becomes the version that is current when the definition is stored',
    }),
    input: z
      .record(z.string(), template)
      .optional()
      .openapi({ description: 'Values for the inputs of that workflow, by name' }),
  })
  .openapi('WorkflowStep', {
    description: 'Another workflow, carried out within this run; its value is what that one gives',
  })
/** `callee` is what it calls: it is put there when a definition is linked, and never stored with it. */
export type WorkflowStep = z.infer<typeof WorkflowStep> & { callee?: Callee }
/** A workflow as a step of another one carries it out. */
export type Callee = { name: string; inputs?: InputSchema | undefined; steps: Step[]; output?: unknown }

export const Step: z.ZodType<Step> = z
  .discriminatedUnion('type', [
    ApiCallStep,
    TransformStep,
    ConditionStep,
    LoopStep,
    ParallelStep,
    DelayStep,
    ApprovalStep,
    AiStep,
    WorkflowStep,
  ])
  .openapi('Step')
export type Step =
  | ApiCallStep
  | TransformStep
  | ConditionStep
  | LoopStep
  | ParallelStep
  | DelayStep
  | ApprovalStep
  | AiStep
  | WorkflowStep

/** The kinds of steps. */
export const StepType = z.enum([
  'api_call',
  'transform',
  'condition',
  'loop',
  'parallel',
  'delay',
  'approval',
  'ai',
  'workflow',
] satisfies Step['type'][])

/** JSON Schema of the inputs: one level, as a form can ask for it. */
export const InputSchema = z
  .strictObject({
    type: z.literal('object'),
    properties: z.record(z.string(), z.record(z.string(), z.unknown())),
    required: z.array(z.string()).optional(),
  })
  .openapi('InputSchema')
export type InputSchema = z.infer<typeof InputSchema>

export const WorkflowDefinition = z
  .strictObject({
    name: z.string().trim().min(1).max(200).openapi({ example: 'Late orders' }),
    description: z.string().max(2000).optional(),
    inputs: InputSchema.optional(),
    steps: z.array(Step).min(1).max(100),
    output: template.optional(),
  })
  .openapi('WorkflowDefinition')
export type WorkflowDefinition = z.infer<typeof WorkflowDefinition>
