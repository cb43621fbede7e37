import type { Endpoint } from '../../catalog/service.ts'
import type { Compensation } from '../../compensations/compensation.ts'
import type { Irreversible } from '../../compensations/created-id.ts'
import { fillCompensation } from '../../compensations/fill.ts'
import { type Effect, operationName } from '../../specs/operation.ts'
import type { Targets } from '../../steps/execute.ts'
import { isSafe } from '../../steps/order.ts'
import { buildRequest, isIdempotencyKey, RequestError } from '../../steps/request.ts'
import { isRefusal, type MadeCall } from './made-calls.ts'

/** A call that takes back what another one did. */
export type UndoCall = {
  /** Path of the step that is taken back. */
  step: string
  name: string | null
  api: string
  /** What was called, and what is called now. */
  undoes: string
  operation: string
  parameters: Record<string, unknown>
  request: { method: string; url: string }
  /** Paths of steps that changed or deleted the very thing that goes away, so that nothing is left of them either. */
  covers: string[]
}

/** A call that nothing takes back. */
export type Remaining = {
  step: string
  name: string | null
  api: string
  operation: string
  effect: Effect | null
  reason: string
}

/** What undoing a run comes to: calls in the order in which they are made, the last effect first, and what stays. */
export type UndoPlan = { calls: UndoCall[]; remaining: Remaining[] }

// What one loop goes over, and what a row of D1 takes.
const MAX_CALLS = 10_000
const MAX_BYTES = 1_000_000
const encoder = new TextEncoder()

const ACCEPTED = 202
/** What is gone already needs no deleting. */
export const GONE: readonly number[] = [404, 410]

type CompensationOf = (endpoint: Endpoint) => Compensation<Endpoint> | Irreversible | null

/**
 * Works out how the calls of a run are taken back; `targets` is what is connected of their operations now. What the run
 * itself deleted, or an undo that was cancelled (`gone`, by address), is left alone: another may have that name by now.
 */
export function planUndo(
  made: readonly MadeCall[],
  targets: Targets,
  compensationOf: CompensationOf,
  gone: Iterable<string> = [],
): UndoPlan {
  const settled = new Set<string>()
  const calls: UndoCall[] = []
  const remaining = new Map<number, Remaining>()
  /** What was changed or deleted later than the call that is looked at, by its address. */
  const changed = new Map<string, number[]>()
  const deleted = new Set(gone)
  let bytes = 0
  made.toReversed().forEach((call, index) => {
    const undone = undoOf(call, targets, compensationOf, settled)
    for (const address of goneAfter([call])) deleted.add(address)
    if (undone === null) return
    if (call.response) settled.add(identityOf(call))
    if ('reason' in undone) {
      remaining.set(index, undone)
      if (undone.effect === 'update' || undone.effect === 'delete') push(changed, addressOf(call.request.url), index)
      return
    }
    const address = addressOf(undone.request.url)
    const later = changed.get(address) ?? []
    if (deleted.delete(address)) {
      for (const one of later) remaining.delete(one)
      return void changed.delete(address)
    }
    bytes += encoder.encode(undone.step + JSON.stringify(undone.parameters)).byteLength
    if (calls.length === MAX_CALLS || bytes > MAX_BYTES) return void remaining.set(index, tooMany(undone))
    for (const one of later) {
      undone.covers.push(remaining.get(one)?.step ?? '')
      remaining.delete(one)
    }
    changed.delete(address)
    calls.push(undone)
  })
  return { calls, remaining: [...remaining.values()] }
}

/** The addresses at which there is nothing any more, as the answers to some calls say. */
export function goneAfter(calls: readonly MadeCall[]): string[] {
  return calls.flatMap(({ request, response }) => {
    const isGone = response && response.status !== ACCEPTED && (response.status < 300 || GONE.includes(response.status))
    return request.method === 'DELETE' && isGone ? [addressOf(request.url)] : []
  })
}

function tooMany({ step, name, api, undoes }: UndoCall): Remaining {
  return { step, name, api, operation: undoes, effect: null, reason: 'It is beyond what one undo can take back.' }
}

/** How one call is taken back; null where it did nothing that is not known by another. */
function undoOf(
  call: MadeCall,
  targets: Targets,
  compensationOf: CompensationOf,
  settled: ReadonlySet<string>,
): UndoCall | Remaining | null {
  const { path: step, request, response } = call
  const { api, operation, name = null } = call.step
  const target = targets[`${api} ${operation}`]
  const stays = (reason: string): Remaining => {
    return { step, name, api, operation, effect: target?.endpoint.effect ?? null, reason }
  }
  if (!target)
    return isSafe(call.step)
      ? null
      : stays(`The API "${api}" with ${operation} is no longer connected, or was connected anew since.`)
  const { endpoint, upstream } = target
  const compensation = compensationOf(endpoint)
  if (!compensation) return null
  // A step may take for success what the API refused.
  if (response && isRefusal(response.status)) return null
  if (!response)
    return settled.has(identityOf(call)) && isKnownTwice(endpoint)
      ? null
      : stays('It was sent, and no answer says what it did: look there.')
  if ('reason' in compensation) return stays(compensation.reason)
  const baseUrl = endpoint.server ?? upstream.baseUrl
  const filled = fillCompensation(compensation, { operation: endpoint, baseUrl, request, response })
  if ('reason' in filled) return stays(filled.reason)
  const { parameters } = filled
  const unreadable = Object.keys(parameters).find((key) => /[`{}]/.test(key))
  if (unreadable) return stays(`The parameter "${unreadable}" of the undoing has a name that no expression can read.`)
  try {
    const { method, url } = buildRequest(withoutKey(compensation.operation), baseUrl, parameters, undefined)
    const undone = { step, name, api, undoes: operation, operation: operationName(compensation.operation) }
    return { ...undone, parameters, request: { method, url }, covers: [] }
  } catch (error) {
    if (error instanceof RequestError) return stays(`It cannot be written as a request: ${error.message}.`)
    throw error
  }
}

/** Whether a call that was sent again is to its API the same call, so that it did once what it did. */
function isKnownTwice({ method, parameters }: Endpoint): boolean {
  return method === 'PUT' || method === 'DELETE' || parameters.some(isIdempotencyKey)
}

/** What makes a call of a step the same when it is sent again: one that was made with other input is another. */
function identityOf({ path, request: { method, url, headers } }: MadeCall): string {
  return `${path} ${method === 'PUT' || method === 'DELETE' ? url : headers['idempotency-key']}`
}

/** An operation as it is called before its step gives it the key of the call. */
function withoutKey(operation: Endpoint): Endpoint {
  return { ...operation, parameters: operation.parameters.filter((one) => !isIdempotencyKey(one)) }
}

function addressOf(url: string): string {
  return url.replace(/[?#].*$/, '')
}

function push(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
