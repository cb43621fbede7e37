import type { Endpoint } from '../catalog/service.ts'
import { toPointer } from '../lib/json-pointer.ts'
import type { JsonSchema } from '../specs/operation.ts'
import { ExpressionError, hasExpression, referencesOf, type Reference } from './expressions.ts'
import { turnable } from './paginate.ts'
import { isIdempotencyKey } from './request.ts'
import type { ApiCallStep, WorkflowDefinition } from './schema.ts'
import { allowsNull, followPath, itemsOf, propertiesOf, typesOf } from './schema-path.ts'

/** One thing the specifications say about a definition; `path` is a JSON pointer into it. */
export type CheckFinding = { path: string; code: string; message: string; verdict: 'wrong' | 'unproven' }

/** Looks an operation up by the API's slug and the operation's name. */
export type Catalogue = (api: string, operation: string) => Endpoint | undefined

type Checked = { definition: WorkflowDefinition; catalogue: Catalogue; findings: CheckFinding[] }

/**
 * Holds a definition against the specifications. `wrong` means that it cannot run; `unproven` that the specifications
 * do not say. No findings: everything is proved.
 */
export function checkDefinition(definition: WorkflowDefinition, catalogue: Catalogue): CheckFinding[] {
  const checked: Checked = { definition, catalogue, findings: [] }
  const seen = new Set<string>()
  definition.steps.forEach((step, index) => {
    const path = ['steps', index]
    if (seen.has(step.id)) wrong(checked, [...path, 'id'], 'duplicate_id', `the id "${step.id}" is used twice`)
    if (step.type === 'api_call') checkCall(checked, step, path)
    checkReferences(checked, step.type === 'transform' ? step.value : [step.parameters, step.body], path, seen)
    for (const id of step.dependsOn ?? [])
      if (!seen.has(id)) wrong(checked, [...path, 'dependsOn'], 'unknown_step', `there is no earlier step "${id}"`)
    seen.add(step.id)
  })
  checkReferences(checked, definition.output, ['output'], seen)
  return checked.findings
}

function checkCall(checked: Checked, step: ApiCallStep, path: (string | number)[]): void {
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
function checkValue(checked: Checked, value: unknown, schema: JsonSchema, path: (string | number)[]): void {
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
function checkExpressionType(checked: Checked, value: string, schema: JsonSchema, path: (string | number)[]): void {
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
  const step = checked.definition.steps.find((step) => step.id === id)
  if (step?.type !== 'api_call' || part !== 'body') return null
  const found = followPath(checked.catalogue(step.api, step.operation)?.response ?? null, rest)
  // Over a list a path gives one value, many or none: of what type is not known.
  return found.verdict === 'proved' && !found.overList ? found.schema : null
}

function checkReferences(
  checked: Checked,
  template: unknown,
  path: (string | number)[],
  earlier: ReadonlySet<string>,
): void {
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

function checkInput(checked: Checked, [, name]: Reference, path: (string | number)[]): void {
  if (name !== undefined && !Object.hasOwn(checked.definition.inputs?.properties ?? {}, name))
    wrong(checked, path, 'unknown_input', `there is no input "${name}"`)
}

function checkStepReference(
  checked: Checked,
  reference: Reference,
  path: (string | number)[],
  earlier: ReadonlySet<string>,
): void {
  const [, id, part, ...rest] = reference
  if (id === undefined) return
  const step = checked.definition.steps.find((step) => step.id === id)
  if (!step) return wrong(checked, path, 'unknown_step', `there is no step "${id}"`)
  if (!earlier.has(id)) return wrong(checked, path, 'later_step', `the step "${id}" comes later`)
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

function wrong(checked: Checked, path: (string | number)[], code: string, message: string): void {
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
