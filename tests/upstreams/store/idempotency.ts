import type { MiddlewareHandler } from 'hono'
import { StoreError } from './problem.ts'
import type { StoreEnv } from './replies.ts'

interface Answer {
  status: number
  contentType: string | null
  body: string | null
}

interface Recorded {
  request: string
  answer: Promise<Answer>
}

const writes = new Set(['POST', 'PATCH', 'DELETE'])

function replay(answer: Answer): Response {
  const headers = new Headers({ 'Idempotency-Replayed': 'true' })
  if (answer.contentType !== null) headers.set('content-type', answer.contentType)
  return new Response(answer.body, { status: answer.status, headers })
}

async function record(response: Response): Promise<Answer> {
  const body = response.body === null ? null : await response.clone().text()
  return { status: response.status, contentType: response.headers.get('content-type'), body }
}

/** Answers a repeated write from memory instead of acting twice. */
export function replayRepeats(): MiddlewareHandler<StoreEnv> {
  const known = new Map<string, Recorded>()
  return async (c, next) => {
    const key = c.req.header('Idempotency-Key')
    if (key === undefined || !writes.has(c.req.method)) return next()
    const url = new URL(c.req.url)
    const request = `${c.req.method} ${url.pathname}${url.search}\n${await c.req.text()}`
    const earlier = known.get(key)
    if (earlier !== undefined) {
      if (earlier.request === request) return replay(await earlier.answer)
      throw new StoreError(422, 'this Idempotency-Key was used for another request')
    }
    // Recorded before acting, so that a repeat arriving meanwhile waits for the first answer.
    const { promise, resolve } = Promise.withResolvers<Answer>()
    known.set(key, { request, answer: promise })
    await next()
    resolve(await record(c.res))
  }
}
