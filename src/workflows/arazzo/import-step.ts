import { isRecord } from './json-schema.ts'
import { placedList, shorten, tell, textOf, type Importing, type Place, type Placed } from './importing.ts'
import type { ExpressionContext } from './runtime.ts'
import type { StepPlace } from './import-actions.ts'
import { neededOf, type CalleeTarget } from './import-callees.ts'
import type { MissingInputs } from './import-missing.ts'
import type { CallTarget } from './sources.ts'
import { readValue } from './values.ts'

/** Extensions that say where something is, not what a field of the definition is. */
const LABELS = new Set(['x-apiq-api', 'x-apiq-operation', 'x-apiq-derived', 'x-apiq-placeholder', 'x-apiq-steps'])
const OWN = 'x-apiq-'
/** What the name of a step takes of a description. */
export const MAX_NAME = 200

/** The fields of a definition that stand in extensions of an object, under their own names. */
export function ownFields(node: Record<string, unknown>): Record<string, unknown> {
  const own = Object.entries(node).filter(([key]) => key.startsWith(OWN) && !LABELS.has(key))
  return Object.fromEntries(own.map(([key, value]) => [key.slice(OWN.length), value]))
}

/**
 * A call of the document as fields of an api_call step: what it calls, with which parameters and body. What the operation
 * needs besides is asked for as `missing`.
 */
export function readCall(
  importing: Importing,
  step: StepPlace,
  target: CallTarget,
  shared: readonly Placed[],
  missing: MissingInputs,
): Record<string, unknown> {
  const { description } = step.node
  const { id, context } = step
  const needs = target.isOurs ? undefined : target.known?.needs
  const given = readParameters(importing, step, target, shared, context)
  const written = readBody(importing, step, target, context)
  const whole = needs ? missing.complete(id, given ?? {}, needs.parameters) : given
  const parameters = given === null && whole && Object.keys(whole).length === 0 ? null : whole
  const body = needs?.body ? missing.completeBody(id, written, needs.body) : written
  return {
    ...(typeof description === 'string' ? { name: shorten(description, MAX_NAME) } : {}),
    api: target.api,
    operation: target.operation,
    ...(parameters ? { parameters } : {}),
    ...(body === undefined ? {} : { body }),
  }
}

/** Whether a step calls a workflow by the id that it has here, as an export says beside the native form. */
export function isCallOfOurs(node: Record<string, unknown>): boolean {
  return typeof node['workflowId'] === 'string' && typeof node['x-apiq-workflowId'] === 'string'
}

/**
 * A call of a workflow as fields of a step, but for those that stand in extensions. Parameters are its inputs; of those
 * that the workflow around it has for all its steps, the ones that it takes.
 */
export function readCallee(
  importing: Importing,
  { node, place, id, context }: StepPlace,
  { call, takes }: CalleeTarget,
  shared: readonly Placed[],
  missing: MissingInputs,
): Record<string, unknown> {
  const { description, parameters } = node
  const known = takes?.properties ?? {}
  const input = new Map<string, unknown>()
  for (const parameter of placedList(importing, parameters, [...place, 'parameters'])) {
    const { name, value, 'x-apiq-value': own } = parameter.node
    if (takes && !Object.hasOwn(known, textOf(name)))
      tell(
        importing,
        parameter.place,
        `the workflow that is called has no input "${textOf(name)}"; it is left out`,
        'Declare the input in that workflow, or correct the name.',
      )
    else input.set(textOf(name), own ?? read(importing, value, [...parameter.place, 'value'], context))
  }
  for (const { node: common, place: at } of shared) {
    const name = textOf(common['name'])
    if (Object.hasOwn(known, name) && !input.has(name))
      input.set(name, read(importing, common['value'], [...at, 'value'], context))
  }
  const given = Object.fromEntries([...input].filter(([, value]) => value !== undefined))
  const whole = missing.complete(id, given, neededOf(takes))
  return {
    ...(typeof description === 'string' ? { name: shorten(description, MAX_NAME) } : {}),
    ...call,
    ...(Array.isArray(parameters) || Object.keys(whole).length > 0 ? { input: whole } : {}),
  }
}

function readParameters(
  importing: Importing,
  step: Placed,
  { operation, known }: CallTarget,
  shared: readonly Placed[],
  context: ExpressionContext,
): Record<string, unknown> | null {
  const own = placedList(importing, step.node['parameters'], [...step.place, 'parameters'])
  const values = new Map<string, { value: unknown; in: unknown }>()
  for (const { node, place } of [...own, ...shared]) {
    const { name: written, in: location } = node
    const declared = known?.parameters ? findDeclared(known.parameters, written, location) : written
    const common = shared.some((one) => one.node === node)
    if (declared === undefined) {
      if (!common)
        tell(
          importing,
          place,
          `${operation} has no ${textOf(location)} parameter "${textOf(written)}"; it is left out`,
          'Credentials belong to the connection of the API; for anything else correct the name.',
        )
      continue
    }
    const name = textOf(declared)
    const already = values.get(name)
    if (already) {
      if (!common && already.in !== location)
        tell(importing, place, `the step has a parameter "${name}" already`, 'Give each parameter a name of its own.')
      continue
    }
    const value =
      'x-apiq-value' in node ? node['x-apiq-value'] : read(importing, node['value'], [...place, 'value'], context)
    values.set(name, { value, in: location })
  }
  if (values.size === 0 && !Array.isArray(step.node['parameters'])) return null
  const given = [...values].map(([name, { value }]) => [name, value] as const)
  return Object.fromEntries(given.filter(([, value]) => value !== undefined))
}

/** The name by which an operation has a parameter; those of headers are the same in any case. */
function findDeclared(
  parameters: readonly { name: string; in: string }[],
  name: unknown,
  location: unknown,
): string | undefined {
  const header = textOf(name).toLowerCase()
  return parameters.find((parameter) =>
    parameter.in === 'header' && location === 'header'
      ? parameter.name.toLowerCase() === header
      : parameter.name === name && (location === undefined || parameter.in === location),
  )?.name
}

/** The body of a call as a template; undefined where the step has none. The target is null where no API is asked. */
export function readBody(
  importing: Importing,
  step: Placed,
  target: CallTarget | null,
  context: ExpressionContext,
): unknown {
  const { requestBody } = step.node
  const place = [...step.place, 'requestBody']
  if (!isRecord(requestBody)) return undefined
  if (target?.known?.body === false) {
    tell(
      importing,
      place,
      `${target.operation} takes no request body; it is left out`,
      'Call an operation that takes one.',
    )
    return undefined
  }
  if ('x-apiq-payload' in requestBody) return requestBody['x-apiq-payload']
  const { payload, contentType } = requestBody
  const written = asJson(payload, contentType)
  const template = written === undefined ? undefined : read(importing, written, [...place, 'payload'], context)
  return replace(importing, { node: requestBody, place }, template, context)
}

/** Payloads of JSON are often written as one text; it is read, so that expressions in it keep their values' types. */
function asJson(payload: unknown, contentType: unknown): unknown {
  if (typeof payload !== 'string' || !/^\s*[{[](?!\$)/.test(payload)) return payload
  if (typeof contentType === 'string' && !/json/i.test(contentType)) return payload
  try {
    return unwrap(JSON.parse(payload))
  } catch {
    return payload
  }
}

/** `"{$inputs.customer}"` in a text of JSON stands for the value, as `$inputs.customer` does elsewhere. */
function unwrap(value: unknown): unknown {
  if (typeof value === 'string') return /^\{(\$[^{}]+)\}$/.exec(value)?.[1] ?? value
  if (Array.isArray(value)) return value.map(unwrap)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unwrap(inner)]))
}

/** Puts the replacements of a request body into its template (Arazzo 1.0.1, Payload Replacement Object). */
function replace(importing: Importing, body: Placed, template: unknown, context: ExpressionContext): unknown {
  const list = placedList(importing, body.node['replacements'], [...body.place, 'replacements'])
  let result = template
  for (const { node, place } of list) {
    const { target } = node
    const value = read(importing, node['value'], [...place, 'value'], context)
    const tokens = typeof target === 'string' && /^#?(?:\/|$)/.test(target) ? pointerTokens(target) : null
    const replaced = tokens && value !== undefined ? setAt(result ?? {}, tokens, value) : undefined
    if (replaced === undefined)
      tell(
        importing,
        place,
        `${JSON.stringify(target)} names no place in the payload`,
        'Write the value into the body of the step.',
      )
    else result = replaced
  }
  return result
}

function pointerTokens(pointer: string): string[] {
  const tokens = pointer.replace(/^#/, '').split('/').slice(1)
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** A copy with a value put at a place; undefined where the way there leads through something that holds nothing. */
function setAt(value: unknown, [token, ...rest]: readonly string[], put: unknown): unknown {
  if (token === undefined) return put
  if (Array.isArray(value)) {
    const index = token === '-' ? value.length : Number(token)
    if (!Number.isInteger(index) || index < 0 || index > value.length) return undefined
    const inner = setAt(value[index] ?? {}, rest, put)
    return inner === undefined ? undefined : [...value.slice(0, index), inner, ...value.slice(index + 1)]
  }
  if (!isRecord(value)) return undefined
  const inner = setAt(Object.hasOwn(value, token) ? value[token] : {}, rest, put)
  return inner === undefined ? undefined : Object.fromEntries([...Object.entries(value), [token, inner]])
}

/** A value as a template, everything in it that cannot be read told of. */
export function read(importing: Importing, value: unknown, place: Place, context: ExpressionContext): unknown {
  const { template, unread } = readValue(value, context)
  for (const { path, reason } of unread)
    tell(importing, [...place, ...path], `is left out: ${reason}`, 'Name an output of an earlier step, or an input.')
  return template
}
