import { escapeToken } from '../../lib/json-pointer.ts'
import type { ApiCallStep, OnError, Retry, Step, WorkflowStep } from '../../steps/schema.ts'
import { readFailureActions } from './import-failures.ts'
import { readBody } from './import-step.ts'
import { newImporting } from './importing.ts'
import { sameJson } from './same.ts'
import type { ExpressionContext, Outputs } from './runtime.ts'
import type { ArazzoStep, FailureAction, Parameter, RequestBody, SuccessAction } from './schema.ts'
import { failureStatuses } from './statuses.ts'
import { readOperationPath } from './sources.ts'
import { writeValue } from './values.ts'

/** An operation as far as an export needs it. */
export type ExportOperation = {
  operationId: string | null
  parameters: readonly { name: string; in: Parameter['in'] & string }[]
  contentType: string | null
}

/** An API that a definition calls, by the slug that its steps name it with. */
export type ExportApi = {
  slug: string
  name: string
  /** Where its OpenAPI document is; null where it was not connected by a URL. */
  specUrl: string | null
  baseUrl: string
  operationOf: (operation: string) => ExportOperation | null
}

/** A step that is one of the document's own: a call of an API, or of another workflow. */
export type ListedStep = ApiCallStep | WorkflowStep

export function isListed(step: Step): step is ListedStep {
  return step.type === 'api_call' || step.type === 'workflow'
}

/** By what the source of a workflow is found; no API has a slug like that. */
export function calleeSource(workflowId: string): string {
  return `workflow ${workflowId}`
}

/** What the steps of an export have in common. */
export type Exporting = {
  /** Names of the source descriptions, by slug and by `calleeSource`. */
  sources: ReadonlyMap<string, string>
  apis: ReadonlyMap<string, ExportApi>
  /** What the workflows that are called are called in their own exports, by id. */
  callees: ReadonlyMap<string, string>
  outputs: Outputs
  /** How an import will see the steps. */
  contextOf: () => ExpressionContext
  actions: ReadonlyMap<string, SuccessAction[]>
  /** The ids of the calls, in their order. */
  order: readonly string[]
}

// What has a form of its own in a Step Object; any other field of the step goes into an extension of its name.
const NATIVE = new Set([
  'id',
  'type',
  'name',
  'api',
  'operation',
  'parameters',
  'body',
  'input',
  'retry',
  'onError',
  'succeedsOn',
])

/** A call as a Step Object; its outputs are known only when all steps are written. */
export function writeStep(exporting: Exporting, step: ListedStep): ArazzoStep {
  const own = Object.entries(step).filter(([key, value]) => !NATIVE.has(key) && value !== undefined)
  const onSuccess = exporting.actions.get(step.id)
  return {
    stepId: step.id,
    ...(step.name === undefined ? {} : { description: step.name }),
    ...(step.type === 'workflow' ? writeCallee(exporting, step) : writeCall(exporting, step)),
    ...(onSuccess ? { onSuccess } : {}),
    ...writeFailure(exporting, step),
    ...Object.fromEntries(own.map(([key, value]) => [`x-apiq-${key}`, value])),
  }
}

function writeCall(exporting: Exporting, step: ApiCallStep): Omit<ArazzoStep, 'stepId'> {
  const operation = exporting.apis.get(step.api)?.operationOf(step.operation) ?? null
  return {
    ...writeOperation(exporting, step, operation),
    ...(step.parameters ? { parameters: writeParameters(exporting, step, step.parameters, operation) } : {}),
    ...(step.body === undefined ? {} : { requestBody: writeBody(exporting, step.body, operation) }),
    ...writeSuccess(step),
  }
}

/** What counts as success; statuses that an import does not know stand in an extension. */
function writeSuccess({ succeedsOn }: ApiCallStep): Partial<ArazzoStep> {
  const ok = '$statusCode >= 200 && $statusCode < 300'
  if (!succeedsOn) return { successCriteria: [{ condition: ok }] }
  const condition = [`(${ok})`, ...succeedsOn.map((status) => `$statusCode == ${status}`)].join(' || ')
  const known = failureStatuses.filter((status) => succeedsOn.includes(status))
  return {
    successCriteria: [{ condition }],
    ...(sameJson(known, succeedsOn) ? {} : { 'x-apiq-succeedsOn': succeedsOn }),
  }
}

/** A call of a workflow: by its name in its own export, with the inputs as parameters, which are in nothing. */
function writeCallee(
  { sources, callees, outputs, contextOf }: Exporting,
  { workflowId, input }: WorkflowStep,
): Omit<ArazzoStep, 'stepId'> {
  const source = sources.get(calleeSource(workflowId)) ?? ''
  const parameters = Object.entries(input ?? {}).map(([name, template]) => {
    const { value, exact } = writeValue(template ?? null, outputs, contextOf)
    return { name, value: value as Parameter['value'], ...(exact ? {} : { 'x-apiq-value': template }) }
  })
  return {
    workflowId: `$sourceDescriptions.${source}.${callees.get(workflowId) ?? source}`,
    ...(input ? { parameters } : {}),
  }
}

/** By operationId where there is one, with the method and path beside it for who has another document; else by path. */
function writeOperation({ sources }: Exporting, step: ApiCallStep, operation: ExportOperation | null) {
  const source = sources.get(step.api) ?? ''
  if (operation?.operationId && /^[^{}\s]+$/.test(operation.operationId))
    return {
      // With several sources an operationId has to say of which it is.
      operationId: sources.size > 1 ? `$sourceDescriptions.${source}.${operation.operationId}` : operation.operationId,
      'x-apiq-operation': step.operation,
    }
  const [method = '', path = ''] = step.operation.split(' ', 2)
  const token = encodeURIComponent(escapeToken(path.toWellFormed())).replaceAll('%7B', '{').replaceAll('%7D', '}')
  const operationPath = `{$sourceDescriptions.${source}.url}#/paths/${token}/${method.toLowerCase()}`
  return {
    operationPath,
    ...(readOperationPath(operationPath) === step.operation ? {} : { 'x-apiq-operation': step.operation }),
  }
}

function writeParameters(
  { outputs, contextOf }: Exporting,
  step: ApiCallStep,
  parameters: Record<string, unknown>,
  operation: ExportOperation | null,
): Parameter[] {
  return Object.entries(parameters).map(([name, template]) => {
    const { value, exact } = writeValue(template ?? null, outputs, contextOf)
    const declared = operation?.parameters.find((parameter) => parameter.name === name)?.in
    return {
      name,
      in: declared ?? (step.operation.includes(`{${name}}`) ? 'path' : 'query'),
      value: value as Parameter['value'],
      ...(exact ? {} : { 'x-apiq-value': template }),
    }
  })
}

function writeBody(
  { outputs, contextOf }: Exporting,
  template: unknown,
  operation: ExportOperation | null,
): RequestBody {
  const { value } = writeValue(template, outputs, contextOf)
  const body = { ...(operation?.contentType ? { contentType: operation.contentType } : {}), payload: value }
  const importing = newImporting({})
  const read = readBody(importing, { node: { requestBody: body }, place: [] }, null, contextOf())
  const exact = importing.findings.length === 0 && sameJson(read, template)
  return { ...body, ...(exact ? {} : { 'x-apiq-payload': template }) }
}

/** Retries and what is done on failure; what an import would not read from the actions stands in extensions. */
function writeFailure(exporting: Exporting, step: ListedStep): Partial<ArazzoStep> {
  const { retry, onError } = step
  const actions = [
    ...(retry ? [retryAction(step.id, retry)] : []),
    ...(onError === undefined ? [] : [errorAction(exporting, step.id, onError)]),
  ]
  if (actions.length === 0) return {}
  const importing = newImporting({})
  const read = readFailureActions(
    importing,
    {
      node: { stepId: step.id },
      place: [],
      id: step.id,
      index: exporting.order.indexOf(step.id),
      context: exporting.contextOf(),
      order: new Map(exporting.order.map((id, index) => [id, index])),
      ids: exporting.order,
      taken: new Set(exporting.order),
    },
    actions.map((node) => ({ node, place: [] })),
  )
  return {
    onFailure: actions,
    ...(sameJson(read.retry, retry) ? {} : { 'x-apiq-retry': retry }),
    ...(sameJson(read.onError, onError) ? {} : { 'x-apiq-onError': onError }),
  }
}

// Without `on` it is these that are tried again.
const USUAL = [408, 425, 429, 500, 502, 503, 504]

function retryAction(stepId: string, { maxAttempts, delayMs, on }: Retry): FailureAction {
  const statuses = (on ?? USUAL).filter((status) => failureStatuses.includes(status))
  return {
    name: 'retry',
    type: 'retry',
    // The specification leaves the target of a retry open, and its JSON Schema wants one: the step itself.
    stepId,
    retryAfter: (delayMs ?? 1000) / 1000,
    retryLimit: maxAttempts - 1,
    ...(statuses.length > 0
      ? { criteria: [{ condition: statuses.map((status) => `$statusCode == ${status}`).join(' || ') }] }
      : {}),
  }
}

function errorAction({ order }: Exporting, stepId: string, onError: OnError): FailureAction {
  if (onError === 'fail') return { name: 'fail', type: 'end' }
  const later = order.slice(order.indexOf(stepId) + 1)
  const target = onError === 'continue' ? later[0] : later.find((id) => id === onError.goto)
  const name = onError === 'continue' ? 'continue' : 'goto'
  return target === undefined ? { name, type: 'end' } : { name, type: 'goto', stepId: target }
}
