import { hc } from 'hono/client'
import type { App } from '../../app.ts'
import { isProblem, ProblemError } from './problem.ts'

const client = hc<App>('/')

/** The Worker's routes, typed by the Worker itself. */
export const api = client.api

type Reply = { ok: boolean; status: number; headers: Headers; json(): Promise<unknown> }
type Success<R extends Reply> = Extract<Awaited<ReturnType<R['json']>>, { success: true }>

/** Reads what stands at a path of this site as it is, without an envelope. @throws ProblemError */
export async function readPlain(path: string): Promise<unknown> {
  const reply = await fetch(path, { headers: { accept: 'application/json' } }).catch(failOffline)
  const body: unknown = await reply.json().catch(() => undefined)
  if (!reply.ok && isProblem(body)) throw new ProblemError(body)
  if (!reply.ok || body === undefined) throw unreadable(reply)
  return body
}

/** Sends a request and gives the success envelope. @throws ProblemError for everything else, a lost network included. */
export async function send<R extends Reply>(request: Promise<R>): Promise<Success<R>> {
  const reply = await request.catch(failOffline)
  const body: unknown = await reply.json().catch(() => null)
  if (isProblem(body)) throw new ProblemError(body)
  if (reply.ok && isSuccess<Success<R>>(body)) return body
  throw unreadable(reply)
}

function failOffline(cause: unknown): never {
  const detail = 'APIQ did not answer. Check your network and try again.'
  throw new ProblemError({ status: 0, code: 'OFFLINE', title: 'No connection', detail }, cause)
}

function unreadable({ status, headers }: Pick<Reply, 'status' | 'headers'>): ProblemError {
  const detail = `The answer with status ${status} could not be read.`
  const requestId = headers.get('x-request-id') ?? undefined
  return new ProblemError({ status, code: 'UNREADABLE', title: 'Unexpected answer', detail, requestId })
}

/**
 * What a route answered, as the type of its schema: a definition is JSON that the Worker has checked, but the types of
 * JSON give up on steps that hold steps.
 */
export function asAnswered<T>(data: unknown): T {
  return data as T
}

function isSuccess<T>(body: unknown): body is T {
  return typeof body === 'object' && body !== null && 'success' in body && body.success === true
}
