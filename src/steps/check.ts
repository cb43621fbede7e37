import type { Endpoint } from '../catalog/service.ts'
import { toPointer } from '../lib/json-pointer.ts'
import type { JsonSchema } from '../specs/operation.ts'
import { ExpressionError, hasExpression, referencesOf, type Reference } from './expressions.ts'
import { turnable } from './paginate.ts'
import { isIdempotencyKey } from './request.ts'
import type { ApiCallStep, Step, WorkflowDefinition } from './schema.ts'
import { allowsNull, followPath, itemsOf, propertiesOf, typesOf } from './schema-path.ts'
import { templatesOf, walkSteps } from './tree.ts'

/** One thing the specifications say about a definition; `path` is a JSON pointer into it. */
export type CheckFinding = { path: string; code: string; message: string; verdict: 'wrong' | 'unproven' }

/** Looks an operation up by the API's slug and the operation's name. */
export type Catalogue = (api: string, operation: string) => Endpoint | undefined

type Checked = {
  definition: WorkflowDefinition
  catalogue: Catalogue
  findings: CheckFinding[]
  /** Every step of the definition by its id. */
  steps: ReadonlyMap<string, Step>
  seen: Set<string>
}

/**
 * Holds a definition against the specifications. `wrong` means that it cannot run; `unproven` that the specifications
 * do not say. No findings: everything is proved.
 */
export function checkDefinition(definition: WorkflowDefinition, catalogue: Catalogue): CheckFinding[] {
  const steps = new Map([...walkSteps(definition.steps)].map((step) => [step.id, step]))
  const checked: Checked = { definition, catalogue, findings: [], steps, seen: new Set() }
  const visible = checkList(checked, definition.steps, ['steps'], new Set())
  checkReferences(checked, definition.output, ['output'], visible)
  return checked.findings
}

type Path = readonly (string | number)[]

/** Checks a list of steps; returns the ids that what comes after it may refer to. */
function checkList(checked: Checked, steps: readonly Step[], path: Path, outside: ReadonlySet<string>): Set<string> {
  const visible = new Set(outside)
  const siblings = new Set<string>()
  steps.forEach((step, index) => {
    const at = [...path, index]
    if (checked.seen.has(step.id)) wrong(checked, [...at, 'id'], 'duplicate_id', `the id "${step.id}" is used twice`)
    checked.seen.add(step.id)
    if (step.type === 'api_call') checkCall(checked, step, at)
    // A loop may ask of itself what it has given so far.
    checkReferences(checked, templatesOf(step), at, step.type === 'loop' ? new Set([...visible, step.id]) : visible)
    for (const id of step.dependsOn ?? [])
      if (!siblings.has(id))
        wrong(checked, [...at, 'dependsOn'], 'unknown_step', `there is no earlier step "${id}" beside it`)
    checkGoto(checked, step, steps.slice(index + 1), at)
    for (const id of checkInside(checked, step, at, visible)) visible.add(id)
    visible.add(step.id)
    siblings.add(step.id)
  })
  return visible
}

/** Checks what a step holds; returns the ids in it that what comes after the step may refer to. */
function checkInside(checked: Checked, step: Step, path: Path, visible: ReadonlySet<string>): Iterable<string> {
  switch (step.type) {
    case 'condition':
      return [
        ...checkList(checked, step.then, [...path, 'then'], visible),
        ...(step.else ? checkList(checked, step.else, [...path, 'else'], visible) : []),
      ]
    case 'parallel':
      return step.branches.flatMap((branch, index) => [
        ...checkList(checked, branch, [...path, 'branches', index], visible),
      ])
    case 'loop':
      checkList(checked, step.steps, [...path, 'steps'], visible)
      return []
    case 'api_call':
    case 'transform':
    case 'delay':
    case 'approval':
      return []
    default:
      return step satisfies never
  }
}

function checkGoto(checked: Checked, step: Step, later: readonly Step[], path: Path): void {
  if (typeof step.onError !== 'object') return
  const { goto } = step.onError
  if (!later.some(({ id }) => id === goto))
    wrong(checked, [...path, 'onError', 'goto'], 'unknown_step', `there is no later step "${goto}" beside it`)
}

function checkCall(checked: Checked, step: ApiCallStep, path: Path): void {
  const endpoint = checked.catalogue(step.api, step.operation)
  if (!endpoint)
    return wrong(
      checked,
      [...path, 'operation'],
      'unknown_operation',
      `the API "${step.api}" has no operation ${step.operation}`,
    )
  const given = step.parameters ?? {}
  for (const parameter of endpoint.parameters) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined
    const at = [...path, 'parameters', parameter.name]
    if (value === undefined) {
      if (parameter.required && !isIdempotencyKey(parameter))
        wrong(checked, at, 'missing_parameter', `the ${parameter.in} parameter "${parameter.name}" is required`)
    } else checkValue(checked, value, parameter.schema, at)
  }
  const known = new Set(endpoint.parameters.map(({ name }) => name))
  for (const name of Object.keys(given))
    if (!known.has(name))
      wrong(checked, [...path, 'parameters', name], 'unknown_parameter', `${step.operation} has no parameter "${name}"`)
  if (endpoint.requestBody?.required && step.body === undefined)
    wrong(checked, [...path, 'body'], 'missing_body', 'a request body is required')
  if (endpoint.requestBody && step.body !== undefined)
    checkValue(checked, step.body, endpoint.requestBody.schema, [...path, 'body'])
  if (!endpoint.requestBody && step.body !== undefined)
    wrong(checked, [...path, 'body'], 'unexpected_body', `${step.operation} takes no request body`)
  if (step.paginate && !turnable(endpoint))
    wrong(checked, [...path, 'paginate'], 'no_pages', `${step.operation} is not known to hand out a list in pages`)
}

/** Checks what is written out; what an expression will give is checked by its reference, or not at all. */
function checkValue(checked: Checked, value: unknown, schema: JsonSchema, path: Path): void {
  if (typeof value === 'string' && hasExpression(value)) return checkExpressionType(checked, value, schema, path)
  if (value === null && allowsNull(schema)) return
  const types = typesOf(schema)
  if (types.length > 0 && !types.some((type) => fits(value, type)))
    return wrong(checked, path, 'type', `must be ${types.join(' or ')}, not ${JSON.stringify(value)?.slice(0, 80)}`)
  const choices = schema['enum']
  if (Array.isArray(choices) && !choices.includes(value))
    return wrong(checked, path, 'enum', `must be one of ${choices.map(String).join(', ')}`)
  if (Array.isArray(value)) {
    const items = itemsOf(schema)
    if (items) value.forEach((item, index) => checkValue(checked, item, items, [...path, index]))
    return
  }
  if (typeof value !== 'object' || value === null) return
  const properties = propertiesOf(schema)
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  for (const name of required)
    if (!(String(name) in value))
      wrong(checked, [...path, String(name)], 'missing_property', `the property "${name}" is required`)
  for (const [name, inner] of Object.entries(value)) {
    const property = properties.get(name)
    if (property) checkValue(checked, inner, property, [...path, name])
  }
}

/** An expression that is one plain path has the type its source declares; it clashes when no type is common to both. */
function checkExpressionType(checked: Checked, value: string, schema: JsonSchema, path: Path): void {
  const plain = /^\{\{\s*(steps(?:\.\w+)+)\s*\}\}$/.exec(value)?.[1]
  if (plain === undefined) return
  const source = sourceSchema(checked, plain.split('.'))
  const wanted = typesOf(schema)
  const given = source ? typesOf(source) : []
  if (wanted.length === 0 || given.length === 0 || wanted.includes('string')) return
  const numeric = given.some(isNumeric) && wanted.some(isNumeric)
  if (!numeric && !given.some((type) => wanted.includes(type)))
    wrong(checked, path, 'type', `must be ${wanted.join(' or ')}, but ${plain} is ${given.join(' or ')}`)
}

function sourceSchema(checked: Checked, reference: Reference): JsonSchema | null {
  const [, id, part, ...rest] = reference
  const step = id === undefined ? undefined : checked.steps.get(id)
  if (step?.type !== 'api_call' || part !== 'body') return null
  const found = followPath(checked.catalogue(step.api, step.operation)?.response ?? null, rest)
  // Over a list a path gives one value, many or none: of what type is not known.
  return found.verdict === 'proved' && !found.overList ? found.schema : null
}

function checkReferences(checked: Checked, template: unknown, path: Path, earlier: ReadonlySet<string>): void {
  let references: Reference[]
  try {
    references = referencesOf(template)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return wrong(checked, path, 'expression', error.message)
  }
  for (const reference of references) {
    if (reference[0] === 'input') checkInput(checked, reference, path)
    if (reference[0] === 'steps') checkStepReference(checked, reference, path, earlier)
  }
}

function checkInput(checked: Checked, [, name]: Reference, path: Path): void {
  if (name !== undefined && !Object.hasOwn(checked.definition.inputs?.properties ?? {}, name))
    wrong(checked, path, 'unknown_input', `there is no input "${name}"`)
}

function checkStepReference(checked: Checked, reference: Reference, path: Path, earlier: ReadonlySet<string>): void {
  const [, id, part, ...rest] = reference
  if (id === undefined) return
  const step = checked.steps.get(id)
  if (!step) return wrong(checked, path, 'unknown_step', `there is no step "${id}"`)
  if (!earlier.has(id))
    return wrong(checked, path, 'later_step', `the step "${id}" comes later, or is within a loop: refer to the loop`)
  if (part === 'error' && step.onError !== undefined) return
  if (step.type !== 'api_call' || part === undefined) return
  if (step.paginate && (part === 'pages' || part === 'more')) return
  if (part !== 'body' && part !== 'status' && part !== 'headers')
    return wrong(checked, path, 'unknown_field', `a call gives status, headers and body, not "${part}"`)
  if (part !== 'body' || rest.length === 0) return
  const { verdict } = followPath(checked.catalogue(step.api, step.operation)?.response ?? null, rest)
  if (verdict === 'proved') return
  const message = `${step.operation} ${verdict === 'wrong' ? 'cannot answer with' : 'is not documented to answer with'} ${rest.join('.')}`
  checked.findings.push({ path: toPointer(path), code: 'response_path', message, verdict })
}

function isNumeric(type: string): boolean {
  return type === 'number' || type === 'integer'
}

function wrong(checked: Checked, path: Path, code: string, message: string): void {
  checked.findings.push({ path: toPointer(path), code, message, verdict: 'wrong' })
}

function fits(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    default:
      // oxlint-disable-next-line valid-typeof -- the JSON Schema names left over are those of typeof
      return typeof value === type
  }
}
