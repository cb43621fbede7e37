import { type Ctx, requireScope } from '../context.ts'
import { notFound } from '../errors.ts'
import { mask } from '../platform/log.ts'
import { stepsByPath } from '../steps/paths.ts'
import { type Attempt, attemptsOf, responseOf, upstreamIdOf } from './attempts.ts'
import { readRun } from './read-run.ts'
import type { RunHistory } from './record.ts'
import type { ExecutionAttempt } from './schema.ts'
import { findRun } from './service.ts'

const SHOWN_BODY = 10_000

/** Every try of a step, oldest first; long bodies cut. @throws AppError NOT_FOUND for a step that the run has not. */
export async function listAttempts(ctx: Ctx, id: string, path: string): Promise<ExecutionAttempt[]> {
  const attempts = await readAttempts(ctx, id, path)
  return attempts.map((attempt) => show(attempt, `/api/executions/${id}/steps/${encodeURIComponent(path)}/attempts`))
}

/** One try of a step, with the whole of its bodies. @throws AppError NOT_FOUND */
export async function getAttempt(ctx: Ctx, id: string, path: string, number: number): Promise<ExecutionAttempt> {
  const attempt = (await readAttempts(ctx, id, path))[number - 1]
  if (!attempt) throw notFound('attempt', `${path}/${number}`)
  return show(attempt, null)
}

/** What a run was started with and its log, or what of it is about one step. @throws AppError NOT_FOUND */
export async function readHistory(ctx: Ctx, id: string, path?: string): Promise<RunHistory> {
  const history = await readRun(ctx, await findRun(ctx, id)).history(path)
  // The row is there before the object knows of the run.
  if (history === null) throw notFound('execution', id)
  return history
}

async function readAttempts(ctx: Ctx, id: string, path: string): Promise<Attempt[]> {
  requireScope(ctx, 'read')
  const { record, events } = await readHistory(ctx, id, path)
  if (!stepsByPath(record.definition.steps).get(path)) throw notFound('step', path)
  return attemptsOf(events, path)
}

/** `list` is the route of the attempts, for the way to what is cut; null cuts nothing. */
function show(attempt: Attempt, list: string | null): ExecutionAttempt {
  const { number, outcome, startedAt, finishedAt, request, error, retryAt } = attempt
  const response = responseOf(attempt)
  const cut = (value: unknown) => cutBody(value, list === null ? null : `${list}/${number}`)
  return {
    number,
    attempt: attempt.attempt,
    outcome,
    startedAt: toIso(startedAt),
    finishedAt: toIso(finishedAt),
    durationMs: startedAt !== null && finishedAt !== null ? finishedAt - startedAt : null,
    request: request && {
      ...request,
      url: String(mask(request.url)),
      headers: mask(request.headers) as Record<string, string>,
      body: cut(parseBody(request.body, request.headers['content-type'])),
    },
    response: response && {
      status: response.status,
      headers: mask(response.headers) as Record<string, string>,
      body: cut(response.body),
    },
    output: request === null ? cut(attempt.output) : null,
    error: error && { code: error.code, message: String(mask(error.message)) },
    retryAt: toIso(retryAt),
    upstreamRequestId: upstreamIdOf(request, response),
  }
}

/** What is secret goes by the names of members, so a body is shown as what it says. */
function parseBody(text: string | null, contentType = ''): unknown {
  if (text === null || !/\bjson\b/i.test(contentType)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function cutBody(value: unknown, full: string | null): ExecutionAttempt['output'] {
  if (value === null) return null
  const masked = mask(value)
  const text = typeof masked === 'string' ? masked : (JSON.stringify(masked) ?? '')
  const bytes = new TextEncoder().encode(text).byteLength
  if (full === null || bytes <= SHOWN_BODY) return { value: masked, bytes, truncated: false, full: null }
  return { value: text.slice(0, SHOWN_BODY), bytes, truncated: true, full }
}

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
