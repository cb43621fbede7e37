import type { Endpoint } from '../../catalog/service.ts'
import { listOf, quote } from '../../links/lists.ts'
import { isEmailSlot } from '../../links/slot-kinds.ts'
import type { JsonSchema } from '../../specs/operation.ts'
import { propertiesOf } from '../../steps/schema-path.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import { type Groups, lastOf, measureName, numberName, type Report } from '../plan/report.ts'

/** What the rows of a report are: the call whose items they are or are made of, what one is called, and its schema. */
export type Rows = { step: number; noun: string; schema: JsonSchema }

/** The rows of a report that calls can go on with; null where it gives none, but a number or things within things. */
export function rowsOf({ their, ...report }: Report, calls: readonly PlannedCall[]): Rows | null {
  const { step, noun, owners, shape } = report
  if (their) return { step: their.step, noun: their.noun, schema: itemsOf(calls, their.step) }
  const number = numberName({ ...report, their })
  if (number !== null) return { step, noun, schema: objectOf({ [number]: { type: 'number' } }) }
  if (shape.kind === 'best') return { step, noun, schema: itemsOf(calls, step) }
  if (shape.kind === 'having' && owners && !shape.counts)
    return { step: owners.step, noun: owners.noun, schema: itemsOf(calls, owners.step) }
  return shape.kind === 'groups' ? groupRows({ ...report, their }, shape, calls) : null
}

function groupRows(report: Report, shape: Groups, calls: readonly PlannedCall[]): Rows | null {
  const { key, owners, step } = report
  if (!key) return null
  const measure = { [measureName(report, shape)]: { type: 'number' } }
  if (!owners)
    return { step, noun: key.name, schema: objectOf({ [key.name]: { type: ['string', 'null'] }, ...measure }) }
  const whole = propertiesOf(itemsOf(calls, owners.step))
  // What tells most of a row comes first.
  const first = [owners.label, owners.id].flatMap((path) => {
    const name = path === null ? '' : lastOf(path)
    const schema = path === quote(name) ? whole.get(name) : undefined
    return schema ? [[name, schema] as const] : []
  })
  // How many orders somebody has is no order: of one thing, no call takes it.
  const counted = report.use === 'one' ? {} : measure
  const properties = { ...Object.fromEntries(first), ...counted, ...Object.fromEntries(whole), ...counted }
  return { step: owners.step, noun: owners.noun, schema: objectOf(properties) }
}

function objectOf(properties: Record<string, unknown>): JsonSchema {
  return { type: 'object', properties }
}

function itemsOf(calls: readonly PlannedCall[], step: number): JsonSchema {
  const call = calls[step]
  return (call && listOf(call.endpoint)?.items) ?? {}
}

/**
 * The calls of a report as later ones see them: the last answers with the rows, or with the one there is; the others, which
 * are only read for it, with nothing, and so does the last where there are none.
 */
export function asRows(calls: readonly PlannedCall[], { use, their }: Report, rows: Rows | null): PlannedCall[] {
  const whose = rows && calls[rows.step]?.endpoint
  const isOne = use === 'one' && !their
  return calls.map((called, at): PlannedCall => {
    const { endpoint, bindings } = called
    // Not the operation itself: that may still be asked for something else.
    const id = `${endpoint.id} for a report`
    if (at < calls.length - 1 || !whose) return { called, bindings, endpoint: { ...endpoint, id, response: null } }
    const response: JsonSchema = isOne ? rows.schema : { type: 'array', items: rows.schema }
    return { called, bindings, endpoint: { ...whose, id, response, path: pathOf(whose, rows) } }
  })
}

/** A path that says what the rows are: that of a list of such things. */
function pathOf({ path }: Endpoint, { noun, schema }: Rows): string {
  return propertiesOf(schema).has(noun) ? `/${noun}` : path
}

/** Calls as they are made; a report that none of the others takes anything of is an answer by itself. */
export function asCalled(calls: readonly PlannedCall[]): PlannedCall[] {
  return calls.map(({ called, ...call }, step): PlannedCall => {
    const { report } = called ?? {}
    const isTaken = calls.some((_, at) => takesFrom(calls, at, step))
    if (called && report && !report.their && !isTaken) return { ...called, report: { ...report, use: 'answer' } }
    return called ?? call
  })
}

/** Calls that ask what something is done to where the first that is found would have been taken for it. */
export function withoutFirst(calls: readonly PlannedCall[]): PlannedCall[] {
  return calls.map((call) => {
    const { endpoint, bindings } = call
    if (endpoint.effect === 'read') return call
    const asked = bindings.map(({ slot, source }): PlannedCall['bindings'][number] => {
      const isFirst = slot.noun !== null && source.kind === 'step' && source.path.includes('[0]')
      return { slot, source: isFirst ? { kind: 'input' } : source }
    })
    return { ...call, bindings: asked }
  })
}

const BACK = /\b(?:it|they|them|these|those|their|his|her|its|there)\b/i

/** Whether calls for a request take something of what a report at `step` gives where the request speaks of it, and no first row. */
export function staysWith(request: string, calls: readonly PlannedCall[], step: number): boolean {
  const isTaken = calls.some((_, at) => takesFrom(calls, at, step))
  return !calls.some((call) => takesFirst(call, step)) && (isTaken || !BACK.test(request))
}

/** Whether what the last of some `acting` calls does is done to the rows that one at `step` gives, and nowhere to the first of them. */
export function isDoneTo(acting: readonly PlannedCall[], calls: readonly PlannedCall[], step: number): boolean {
  const last = acting.at(-1)
  if (!last || calls.some((call) => takesFirst(call, step))) return false
  return takesFrom(acting, acting.length - 1, step) && !tellsSomebody(last, step)
}

/** Whether a call takes something of what an earlier one gives, by itself or through calls between them. */
function takesFrom(calls: readonly PlannedCall[], at: number, step: number): boolean {
  const call = calls[at]
  if (!call || at <= step) return false
  const taken = [call.each?.step, ...call.bindings.map(({ source }) => ('step' in source ? source.step : undefined))]
  return taken.some((from) => from === step || (from !== undefined && takesFrom(calls, from, step)))
}

function takesFirst({ bindings }: PlannedCall, step: number): boolean {
  return bindings.some(({ source }) => source.kind === 'step' && source.step === step && source.path.includes('[0]'))
}

/** Whether a call tells all of it to somebody who is asked for: that is not to do something to each of them. */
function tellsSomebody({ bindings }: PlannedCall, step: number): boolean {
  const tells = bindings.some(({ source }) => source.kind === 'answer' && source.step === step)
  return tells && bindings.some(({ slot, source }) => source.kind === 'input' && isEmailSlot(slot))
}
