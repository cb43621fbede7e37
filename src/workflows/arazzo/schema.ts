import { z } from 'zod'
import { isJsonSchema } from './json-schema.ts'

// Arazzo 1.0.1. Keywords here are those of the specification; every object but Reusable takes `x-…` extensions.

const MAP_KEY = /^[a-zA-Z0-9._-]+$/
const STEP_OR_WORKFLOW = 'needs either stepId or workflowId'

/** An object of the specification: what it does not name must be an extension. */
function extensible<T extends z.ZodRawShape>(shape: T) {
  return z.looseObject(shape).superRefine((value, context) => {
    for (const key of Object.keys(value))
      if (!Object.hasOwn(shape, key) && !key.startsWith('x-'))
        context.addIssue({
          code: 'unrecognized_keys',
          keys: [key],
          input: value,
          message: `"${key}" is not known here`,
        })
  })
}

function unique<T extends z.ZodType>(items: T) {
  return z.array(items).refine((list) => new Set(list.map((item) => JSON.stringify(item))).size === list.length, {
    message: 'has the same entry twice',
  })
}

const expressions = z.record(z.string().regex(MAP_KEY), z.string())
const JsonSchemaObject = z.unknown().refine(isJsonSchema, 'must be a JSON Schema (draft 2020-12)')

/** Criterion Object. */
export const Criterion = extensible({
  context: z.string().optional(),
  condition: z.string(),
  type: z
    .union([
      z.enum(['simple', 'regex', 'jsonpath', 'xpath']),
      z.looseObject({ type: z.literal('jsonpath'), version: z.literal('draft-goessner-dispatch-jsonpath-00') }),
      z.looseObject({ type: z.literal('xpath'), version: z.enum(['xpath-10', 'xpath-20', 'xpath-30']) }),
    ])
    .optional(),
}).refine(({ type, context }) => type === undefined || context !== undefined, 'a type needs a context')
export type Criterion = z.infer<typeof Criterion>

const criteria = unique(Criterion)
const target = { name: z.string(), workflowId: z.string().optional(), stepId: z.string().optional() }
const named = ({ workflowId, stepId }: { workflowId?: string | undefined; stepId?: string | undefined }) =>
  (workflowId === undefined) !== (stepId === undefined)

/** Success Action Object. */
export const SuccessAction = extensible({
  ...target,
  type: z.enum(['end', 'goto']),
  criteria: criteria.min(1).optional(),
}).refine((action) => action.type !== 'goto' || named(action), STEP_OR_WORKFLOW)
export type SuccessAction = z.infer<typeof SuccessAction>

/** Failure Action Object. The published JSON Schema wants a target of a retry too, so it is wanted here. */
export const FailureAction = extensible({
  ...target,
  type: z.enum(['end', 'goto', 'retry']),
  retryAfter: z.number().min(0).optional(),
  retryLimit: z.int().min(0).optional(),
  criteria: criteria.optional(),
})
  .refine((action) => action.type === 'end' || named(action), STEP_OR_WORKFLOW)
  .refine((action) => action.type !== 'retry' || action.retryAfter !== undefined, 'a retry needs retryAfter')
export type FailureAction = z.infer<typeof FailureAction>

/** Reusable Object: it alone takes no extensions. */
export const Reusable = z.strictObject({ reference: z.string(), value: z.json().optional() })

/** Parameter Object; of an operation's parameter `in` must be given. */
export const Parameter = extensible({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']).optional(),
  value: z.json(),
})
export type Parameter = z.infer<typeof Parameter>

/** Request Body Object. */
export const RequestBody = extensible({
  contentType: z.string().optional(),
  payload: z.unknown().optional(),
  replacements: unique(extensible({ target: z.string(), value: z.string() })).optional(),
})
export type RequestBody = z.infer<typeof RequestBody>

/** Step Object. */
export const ArazzoStep = extensible({
  stepId: z.string(),
  description: z.string().optional(),
  operationId: z.string().optional(),
  operationPath: z.string().optional(),
  workflowId: z.string().optional(),
  parameters: unique(z.union([Reusable, Parameter])).optional(),
  requestBody: RequestBody.optional(),
  successCriteria: criteria.min(1).optional(),
  onSuccess: unique(z.union([Reusable, SuccessAction])).optional(),
  onFailure: unique(z.union([Reusable, FailureAction])).optional(),
  outputs: expressions.optional(),
})
  .refine(
    (step) => [step.operationId, step.operationPath, step.workflowId].filter((id) => id !== undefined).length === 1,
    'needs one of operationId, operationPath and workflowId',
  )
  .refine(
    (step) => step.workflowId !== undefined || (step.parameters ?? []).every((one) => 'reference' in one || one.in),
    'a parameter of an operation needs in',
  )
export type ArazzoStep = z.infer<typeof ArazzoStep>

/** Workflow Object. */
export const ArazzoWorkflow = extensible({
  workflowId: z.string(),
  summary: z.string().optional(),
  description: z.string().optional(),
  inputs: JsonSchemaObject.optional(),
  dependsOn: unique(z.string()).optional(),
  steps: unique(ArazzoStep)
    .min(1)
    .refine((steps) => new Set(steps.map(({ stepId }) => stepId)).size === steps.length, 'stepId must be unique'),
  successActions: unique(z.union([Reusable, SuccessAction])).optional(),
  failureActions: unique(z.union([Reusable, FailureAction])).optional(),
  outputs: expressions.optional(),
  parameters: unique(z.union([Reusable, Parameter])).optional(),
})
export type ArazzoWorkflow = z.infer<typeof ArazzoWorkflow>

/** Source Description Object. */
export const SourceDescription = extensible({
  name: z.string().regex(/^[A-Za-z0-9_-]+$/),
  url: z.string(),
  type: z.enum(['arazzo', 'openapi']).optional(),
})
export type SourceDescription = z.infer<typeof SourceDescription>

const mapOf = <T extends z.ZodType>(value: T) => z.record(z.string().regex(MAP_KEY), value).optional()

/** Arazzo Specification Object 1.0.x, the document itself. */
export const ArazzoDocument = extensible({
  arazzo: z.string().regex(/^1\.0\.\d+(-.+)?$/),
  info: extensible({
    title: z.string(),
    summary: z.string().optional(),
    description: z.string().optional(),
    version: z.string(),
  }),
  sourceDescriptions: unique(SourceDescription)
    .min(1)
    .refine((sources) => new Set(sources.map(({ name }) => name)).size === sources.length, 'names must be unique'),
  workflows: unique(ArazzoWorkflow)
    .min(1)
    .refine((list) => new Set(list.map(({ workflowId }) => workflowId)).size === list.length, 'ids must be unique'),
  components: extensible({
    inputs: mapOf(JsonSchemaObject),
    parameters: mapOf(Parameter),
    successActions: mapOf(SuccessAction),
    failureActions: mapOf(FailureAction),
  }).optional(),
})
export type ArazzoDocument = z.infer<typeof ArazzoDocument>
