import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Context, MiddlewareHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { parseFault } from './faults.ts'
import type { Fault, FaultSwitches } from './faults.ts'
import { answerProblem, StoreError } from './problem.ts'
import type { StoreEnv } from './replies.ts'

function resetConnection(socket: Socket): Response {
  socket.resetAndDestroy()
  return new Response(null, { headers: { 'x-hono-already-sent': 'true' } })
}

function fails(fault: Fault): boolean {
  return fault.reset === true || fault.rateLimit !== undefined || fault.status !== undefined
}

function failure(c: Context<StoreEnv>, fault: Fault): Response {
  if (fault.reset === true) return resetConnection(c.env.incoming.socket)
  const status = fault.rateLimit === undefined ? (fault.status ?? 500) : 429
  const answer = answerProblem(c, status as ContentfulStatusCode, 'failing, as asked for by a fault switch')
  if (fault.rateLimit !== undefined) answer.headers.set('Retry-After', String(fault.rateLimit.retryAfterSeconds))
  return answer
}

function faultOf(c: Context<StoreEnv>, switches: FaultSwitches): Fault | null {
  const header = c.req.header('X-Store-Fault')
  if (header === undefined) return switches.take(c.req.method, c.req.path)
  const fault = parseFault(header)
  if (fault === null) throw new StoreError(400, 'X-Store-Fault is not a fault this store knows')
  return fault
}

/** Breaks requests the way the fault switch or their own `X-Store-Fault` header asks for. */
export function applyFaults(switches: FaultSwitches): MiddlewareHandler<StoreEnv> {
  return async (c, next) => {
    const fault = faultOf(c, switches)
    if (fault === null) return await next()
    if (fault.after === true) await next()
    // Not holding the process up: a closed store need not sit out its delays.
    if (fault.delayMs !== undefined) await pause(fault.delayMs, undefined, { ref: false })
    if (fails(fault)) {
      // Emptied first, or the headers of an answer being thrown away would be merged into the failure.
      c.res = undefined
      c.res = failure(c, fault)
    } else if (fault.after !== true) await next()
  }
}
