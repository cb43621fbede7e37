import type { JsonSchema } from '../specs/operation.ts'
import { operationName } from '../specs/operation.ts'
import { isSafe } from '../steps/order.ts'
import type { ApiCallStep, InputSchema, Step, WorkflowDefinition } from '../steps/schema.ts'
import { typesOf } from '../steps/schema-path.ts'
import { words } from '../lib/words.ts'
import type { PlannedCall, Source } from './assemble.ts'
import { countOf, listOf } from './outputs.ts'
import type { Binding, MissingInput, PlanStep } from './schema.ts'
import type { Slot } from './slots.ts'

/** A connection as a plan names it. */
export type ConnectionName = { id: string; slug: string; baseUrl: string }

/** A plan's workflow, with what is shown of it. */
export type Composition = {
  definition: WorkflowDefinition
  steps: PlanStep[]
  missing: MissingInput[]
  assumptions: string[]
}

const INPUT_KEYWORDS = ['enum', 'default', 'format', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern'] as const

/** Writes planned calls as a workflow definition, and each of its steps in words. */
export function compose(
  name: string,
  calls: readonly PlannedCall[],
  connections: ReadonlyMap<string, ConnectionName>,
  counts: boolean,
): Composition {
  const ids = stepIds(calls)
  const inputs = new InputNames()
  const assumptions: string[] = []
  const steps: Step[] = []
  const shown: PlanStep[] = []
  calls.forEach((call, index) => {
    const connection = connections.get(call.endpoint.connectionId)
    const id = ids[index]
    if (!connection || id === undefined) return
    const valueOf = (slot: Slot, source: Source) => templateOf(source, ids, () => inputs.nameFor(id, slot))
    const step = callStep(call, id, connection, valueOf, inputs)
    const before = steps.findLast((earlier) => !isSafe(earlier))
    if (before && isSafe(step)) step.dependsOn = [before.id]
    steps.push(step)
    shown.push(showCall(call, step, connection, ids, inputs))
  })
  const last = calls.at(-1)
  const lastId = ids.at(-1)
  if (counts && last && lastId !== undefined) {
    const counted = countStep(last, lastId, assumptions)
    if (counted) {
      steps.push(counted)
      shown.push({
        id: counted.id,
        title: counted.name ?? '',
        type: 'transform',
        api: null,
        operation: null,
        effect: 'read',
        reach: 'computed here',
        bindings: [],
      })
    }
  }
  const schema = inputs.schema()
  return {
    definition: { name: name.slice(0, 200), ...(schema ? { inputs: schema } : {}), steps },
    steps: shown,
    missing: inputs.missing,
    assumptions,
  }
}

function callStep(
  { endpoint, bindings }: PlannedCall,
  id: string,
  connection: ConnectionName,
  valueOf: (slot: Slot, source: Source) => unknown,
  inputs: InputNames,
): ApiCallStep {
  const parameters: Record<string, unknown> = {}
  let body: unknown
  for (const { slot, source } of bindings) {
    if (slot.in === 'body') body = setAt(body, slot.path, valueOf(slot, source))
    else parameters[slot.name] = valueOf(slot, source)
  }
  const { requestBody } = endpoint
  if (body === undefined && requestBody?.required) {
    const types = typesOf(requestBody.schema)
    body =
      types.length === 0 || types.includes('object')
        ? {}
        : `{{ input.${inputs.add(id, 'body', 'The request body', requestBody.schema)} }}`
  }
  return {
    id,
    name: endpoint.summary || operationName(endpoint),
    type: 'api_call',
    api: connection.slug,
    operation: operationName(endpoint),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(body === undefined ? {} : { body }),
  }
}

function templateOf(source: Source, ids: readonly string[], inputName: () => string): unknown {
  switch (source.kind) {
    case 'literal':
      // Braces in a person's own words are words, not an expression.
      return typeof source.value === 'string' && source.value.includes('{{')
        ? `{{ ${JSON.stringify(source.value)} }}`
        : source.value
    case 'input':
      return `{{ input.${inputName()} }}`
    case 'step':
      return source.asText
        ? `{{ $string(steps.${ids[source.step]}.${source.path}) }}`
        : `{{ steps.${ids[source.step]}.${source.path} }}`
    default:
      return source satisfies never
  }
}

function countStep(call: PlannedCall, id: string, assumptions: string[]): Step | null {
  const total = countOf(call.endpoint)
  const list = listOf(call.endpoint)
  if (!total && !list) return null
  if (!total) assumptions.push('only the items of the first page are counted')
  const value = total ? `{{ steps.${id}.${total} }}` : `{{ $count(steps.${id}.${list?.path}) }}`
  return { id: id === 'count' ? 'count_2' : 'count', name: 'Count them', type: 'transform', value }
}

function showCall(
  call: PlannedCall,
  step: ApiCallStep,
  connection: ConnectionName,
  ids: readonly string[],
  inputs: InputNames,
): PlanStep {
  const { endpoint } = call
  const bindings = call.bindings.map(({ slot, source }): Binding => {
    const target = slot.in === 'body' ? slot.path.filter((part) => typeof part === 'string').join('.') : slot.name
    const value =
      source.kind === 'literal'
        ? String(source.value)
        : source.kind === 'input'
          ? inputs.nameFor(step.id, slot)
          : `${source.path.split('.').at(-1)} ${source.words} (${ids[source.step]})`
    return { target, in: slot.in, source: source.kind, value }
  })
  const literals = bindings
    .filter((binding) => binding.source === 'literal')
    .map((binding) => `${binding.target}: ${binding.value}`)
  const summary = (endpoint.summary || operationName(endpoint)).replace(/\.$/, '')
  return {
    id: step.id,
    title: literals.length > 0 ? `${summary} (${literals.join(', ')})` : summary,
    type: 'api_call',
    api: connection.slug,
    operation: step.operation,
    effect: endpoint.effect,
    reach: `1 × ${step.operation} at ${new URL(connection.baseUrl).host}`,
    bindings,
  }
}

/** An id for every call: the operation's own where it is a plain word, else made from method and resource; unique. */
function stepIds(calls: readonly PlannedCall[]): string[] {
  const taken = new Set<string>()
  return calls.map(({ endpoint }) => {
    const made = words(`${endpoint.method} ${endpoint.path.replaceAll(/\{[^}]*\}/g, '')}`).join('_')
    const plain = (endpoint.operationId ?? made)
      .replaceAll(/\W+/g, '_')
      .replace(/^(?=\d)/, '_')
      .slice(0, 56)
    let id = plain in Object.prototype ? `${plain}_1` : plain
    for (let n = 2; taken.has(id); n++) id = `${plain}_${n}`
    taken.add(id)
    return id
  })
}

/** A value put into another at a path, which is made as far as it is not there; numbers are indexes of lists. */
export function setAt(target: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (typeof key === 'number') {
    const list = Array.isArray(target) ? [...(target as unknown[])] : []
    list[key] = setAt(list[key], rest, value)
    return list
  }
  const object = typeof target === 'object' && target !== null ? (target as Record<string, unknown>) : {}
  return { ...object, [key]: setAt(object[key], rest, value) }
}

/** The inputs of a workflow in the making: what the message did not say. */
class InputNames {
  readonly missing: MissingInput[] = []
  readonly #names = new Map<string, string>()

  nameFor(stepId: string, slot: Slot): string {
    const key = `${stepId} ${slot.in} ${slot.path.join('.')} ${slot.name}`
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const name = this.add(stepId, slot.name, slot.description, slot.schema)
    this.#names.set(key, name)
    return name
  }

  add(stepId: string, wanted: string, description: string, schema: JsonSchema): string {
    const plain = wanted.replaceAll(/\W+/g, '_').replace(/^(?=\d)/, '_')
    const name = this.missing.some((input) => input.name === plain) ? `${stepId}_${plain}` : plain
    const type = typesOf(schema)[0] ?? 'string'
    const kept = INPUT_KEYWORDS.flatMap((keyword) =>
      schema[keyword] === undefined ? [] : [[keyword, schema[keyword]] as const],
    )
    this.missing.push({
      name,
      description,
      schema: { type, ...Object.fromEntries(kept), ...(description ? { description } : {}) },
    })
    return name
  }

  schema(): InputSchema | null {
    if (this.missing.length === 0) return null
    const properties = Object.fromEntries(this.missing.map(({ name, schema }) => [name, schema]))
    return { type: 'object', properties, required: this.missing.map(({ name }) => name) }
  }
}
