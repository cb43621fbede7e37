import type { ConnectionName } from '../../connections/targets.ts'
import type { Slot } from '../../links/slots.ts'
import { operationName } from '../../specs/operation.ts'
import type { ApiCallStep, Step } from '../../steps/schema.ts'
import { changeWords } from '../answer/worked-out.ts'
import type { PlannedCall, Source } from '../plan/planned-call.ts'
import type { Binding, PlanStep } from '../schema.ts'

/** Under what a call is made, in words: for which items one by one, and what has to hold; null where nothing is. */
export type Circumstance = { each: string | null; most: number; only: string | null }

/** What a call is given, as far as it is told in words. */
type Told = { stepIds: readonly string[]; inputFor: (slot: Slot, source: Source & { kind: 'input' }) => string }

/** A call as a plan shows it. */
export function showCall(
  { endpoint, bindings: given }: PlannedCall,
  step: ApiCallStep,
  connection: ConnectionName,
  told: Told,
  { each, most, only }: Circumstance,
): PlanStep {
  const bindings = given.map(({ slot, source }) => showBinding(slot, source, told))
  const literals = bindings
    .filter(({ source }) => source === 'literal')
    .map(({ target, value }) => `${target}: ${value}`)
  const summary = (endpoint.summary || operationName(endpoint)).replace(/\.$/, '')
  const title = literals.length > 0 ? `${summary} (${literals.join(', ')})` : summary
  const times = each === null ? '1' : `one call for each ${each}, up to ${most}`
  return {
    id: step.id,
    title: `${only === null ? '' : `${only}: `}${title}${each === null ? '' : `, for each ${each}`}`,
    type: 'api_call',
    api: connection.slug,
    operation: step.operation,
    effect: endpoint.effect,
    reach: `${times} × ${step.operation} at ${new URL(connection.baseUrl).host}`,
    bindings,
  }
}

/** A step that is worked out here, as a plan shows it. */
export function showOwn({ id, type }: Step, title: string, reach: string): PlanStep {
  return { id, title, type, api: null, operation: null, effect: 'read', reach, bindings: [] }
}

function showBinding(slot: Slot, source: Source, { stepIds, inputFor }: Told): Binding {
  const target = slot.in === 'body' ? slot.path.filter((part) => typeof part === 'string').join('.') : slot.name
  const to = { target, in: slot.in }
  switch (source.kind) {
    case 'literal':
      return {
        ...to,
        source: 'literal',
        value: typeof source.value === 'object' ? JSON.stringify(source.value) : String(source.value),
      }
    case 'input':
      return { ...to, source: 'input', value: inputFor(slot, source) }
    case 'step':
      return {
        ...to,
        source: 'step',
        value: `${source.path.split('.').at(-1)} ${source.words}${source.change ? ` ${changeWords(source.change)}` : ''} (${stepIds[source.step]})`,
      }
    case 'answer':
      return { ...to, source: 'step', value: `${source.words} (${stepIds[source.step]})` }
    case 'item':
      return {
        ...to,
        source: 'step',
        value: `${source.path} ${source.words}${source.change ? ` ${changeWords(source.change)}` : ''}`,
      }
    default:
      return source satisfies never
  }
}
