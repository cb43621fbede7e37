import { z } from '@hono/zod-openapi'

const stepId = z
  .string()
  .regex(/^[A-Za-z_]\w{0,63}$/, 'must be letters, digits and underscores, and not start with a digit')
  // Steps are looked up by id in plain objects.
  .refine((id) => !(id in Object.prototype), 'is a name that every object has; choose another')
  .openapi({ example: 'orders' })

const common = {
  id: stepId,
  name: z.string().max(200).optional().openapi({ description: 'What the step is for, in words' }),
  dependsOn: z
    .array(stepId)
    .max(100)
    .optional()
    .openapi({ description: 'Steps that must be done first though nothing of theirs is used' }),
}

const template = z.unknown().openapi({ description: 'Any JSON; {{ … }} in its strings is JSONata' })

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
    retry: z.strictObject({ maxAttempts: z.int().min(1).max(10) }).optional(),
    timeoutMs: z.int().min(100).max(60_000).optional(),
  })
  .openapi('ApiCallStep')
export type ApiCallStep = z.infer<typeof ApiCallStep>

export const TransformStep = z
  .strictObject({ ...common, type: z.literal('transform'), value: template })
  .openapi('TransformStep')
export type TransformStep = z.infer<typeof TransformStep>

export const Step = z.discriminatedUnion('type', [ApiCallStep, TransformStep]).openapi('Step')
export type Step = z.infer<typeof Step>

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
