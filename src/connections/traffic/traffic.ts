import type { World } from '../../context.ts'
import { AppError } from '../../errors.ts'
import type { StopSignal } from '../../lib/stop.ts'
import { errorFields } from '../../platform/log.ts'
import { OutboundError, type OutboundResponse } from '../../platform/outbound.ts'
import type { CallReport } from './budget.ts'
import { isScarce } from './quota.ts'
import { readRateHeaders, type RateSigns } from './rate-headers.ts'
import type { Admission } from './traffic-keeper.ts'

const MAX_WATCHED = 1000
const SILENT: RateSigns = { quotas: [], retryAfterMs: null }

/** Connections, by id, whose object is asked before each call; the first to come is the first to go. */
const watched = new Set<string>()

/**
 * Sends a call within what the API lets through. The connection's object knows what all callers of the API share, but to
 * ask it before every call would cost each the way there and back. So an isolate asks only for connections that it
 * watches: those of which an answer said that little is left or nothing, or which failed. While a connection is watched
 * each call waits for its turn before and is reported after; when the object says that all is well, no longer. The price:
 * what an isolate has not noticed itself it does not know, so until its own first sign of trouble it may send calls that
 * the object would have held back, as many as it has under way at once.
 * @throws AppError UPSTREAM_BUSY with `Retry-After` when the call is not let through; whatever `send` throws.
 */
export async function sendInTurn(
  world: World,
  connectionId: string,
  host: string,
  send: () => Promise<OutboundResponse>,
  signal?: StopSignal,
): Promise<OutboundResponse> {
  const id = watched.has(connectionId) ? await takeTurn(world, connectionId, host, signal) : null
  const report = (end: Pick<CallReport, 'result' | 'status' | 'signs'>) =>
    noteCall(world, connectionId, { id, host, ...end })
  try {
    const response = await send()
    const { status, headers } = response
    const result = status >= 500 ? 'failed' : 'answered'
    report({ result, status, signs: readRateHeaders(headers, world.now()) })
    return response
  } catch (error) {
    report({ result: signal?.aborted ? 'unknown' : blame(error), status: null, signs: SILENT })
    throw error
  }
}

// An answer came, if not one to use.
const ANSWERED: ReadonlySet<OutboundError['reason']> = new Set(['too_large', 'redirects', 'encoding'])

/** Whether a call without a usable answer speaks against the host. */
function blame(error: unknown): CallReport['result'] {
  if (!(error instanceof OutboundError)) return 'unknown'
  return ANSWERED.has(error.reason) ? 'answered' : 'failed'
}

/** Waits for the call's turn; returns the ticket to report under, or null where the object could not be asked. */
async function takeTurn(world: World, connectionId: string, host: string, signal?: StopSignal): Promise<string | null> {
  const id = crypto.randomUUID()
  const object = trafficOf(world, connectionId)
  let admission: Admission
  try {
    admission = await unlessAborted<Admission>(object.admitCall({ id, caller: world.requestId, host }), signal)
  } catch (error) {
    if (signal?.aborted) {
      world.defer(object.withdrawCall(id).catch(() => {}))
      throw error
    }
    // Better one call too many than none because of a part that only keeps order.
    world.log.warn('traffic not asked', { connectionId, ...errorFields(error) })
    return null
  }
  if (admission.ok) return id
  throw busy(host, admission)
}

function noteCall(world: World, connectionId: string, report: CallReport): void {
  if (report.id === null && !isTrouble(report)) return
  watch(connectionId)
  world.defer(tellObject(world, connectionId, report))
}

async function tellObject(world: World, connectionId: string, report: CallReport): Promise<void> {
  try {
    const answer = await trafficOf(world, connectionId).observeCall(report)
    if (!answer.watch) watched.delete(connectionId)
  } catch (error) {
    world.log.warn('traffic not noted', { connectionId, ...errorFields(error) })
  }
}

function isTrouble({ result, status, signs }: CallReport): boolean {
  const held = status === 429 || (status !== null && status >= 400 && signs.retryAfterMs !== null)
  return result === 'failed' || held || signs.quotas.some(({ remaining, limit }) => isScarce(remaining, limit))
}

function watch(connectionId: string): void {
  const [oldest] = watched
  if (watched.size >= MAX_WATCHED && !watched.has(connectionId) && oldest !== undefined) watched.delete(oldest)
  watched.add(connectionId)
}

function trafficOf({ env }: World, connectionId: string) {
  return env.API_CONNECTION.get(env.API_CONNECTION.idFromName(connectionId))
}

function busy(host: string, { why, retryAfterMs }: Extract<Admission, { ok: false }>): AppError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  const cause =
    why === 'failing'
      ? `${host} has failed several times in a row and is left alone`
      : `The rate limit of ${host} is used up`
  return new AppError('UPSTREAM_BUSY', `${cause}; it gets the next call in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
    extra: { retryAfterMs },
  })
}

async function unlessAborted<T>(work: PromiseLike<T>, signal: StopSignal | undefined): Promise<T> {
  if (!signal) return work
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const stop = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
