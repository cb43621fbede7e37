import type { ConnectionDetail, Ingestion } from '../../connections/schema.ts'
import type { Problem } from '../../http/problem.ts'

/** Nothing may keep a caller waiting longer than this without a sign of life. */
export const HANG_MS = 10_000

/** How connecting one document went. */
export type Outcome =
  | { kind: 'connected'; detail: ConnectionDetail; ms: number }
  | { kind: 'refused'; code: string; detail: string; ms: number }
  | { kind: 'crashed' | 'hung'; detail: string; ms: number }

type Answer = ({ success: true; data: ConnectionDetail } | Problem) & { detail?: string }

/** Connects a document by its URL as anybody would, and waits until it is read; never throws. */
export async function connectDocument(
  api: { url: string; apiKey: string },
  specUrl: string,
  naming: { name?: string } = { name: 'Corpus' },
): Promise<Outcome> {
  const started = performance.now()
  const end = <T extends object>(outcome: T) => ({ ...outcome, ms: performance.now() - started })
  try {
    const { status, body } = await call(api, 'POST', '/api/apis', { specUrl, ...naming })
    if (!body.success) {
      if (status >= 500 && body.code === 'INTERNAL') return end({ kind: 'crashed' as const, detail: body.detail })
      return end({ kind: 'refused' as const, code: body.code, detail: explain(body.detail, body.errors) })
    }
    if (status === 201) return end({ kind: 'connected' as const, detail: body.data })
    const last = await watchIngestion(api, body.data.id)
    const done = end({})
    if (last?.error?.code === 'INTERNAL') return { kind: 'crashed', detail: last.error.detail, ...done }
    if (last?.error)
      return { kind: 'refused', code: last.error.code, detail: explain(last.error.detail, last.error.errors), ...done }
    if (last?.status !== 'done') return { kind: 'hung', detail: 'the events ended before the ingestion', ...done }
    const detail = await call(api, 'GET', `/api/apis/${body.data.id}`)
    if (!detail.body.success) return { kind: 'crashed', detail: detail.body.detail, ...done }
    return { kind: 'connected', detail: detail.body.data, ...done }
  } catch (error) {
    const hung = error instanceof Error && error.name === 'TimeoutError'
    const detail = hung ? `no sign of life for ${HANG_MS / 1000} s` : `the Worker is gone: ${String(error)}`
    return end({ kind: hung ? ('hung' as const) : ('crashed' as const), detail })
  }
}

/** The last event of a reading. @throws DOMException TimeoutError when none comes for `HANG_MS`. */
async function watchIngestion(api: { url: string; apiKey: string }, id: string): Promise<Ingestion | null> {
  const stop = new AbortController()
  const late = () => stop.abort(new DOMException('No event', 'TimeoutError'))
  let timer = setTimeout(late, HANG_MS)
  try {
    const headers = { 'x-api-key': api.apiKey }
    const response = await fetch(`${api.url}/api/apis/${id}/ingestion/events`, { headers, signal: stop.signal })
    let last: Ingestion | null = null
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data === undefined) continue
        clearTimeout(timer)
        timer = setTimeout(late, HANG_MS)
        last = JSON.parse(data) as Ingestion
      }
    }
    return last
  } finally {
    clearTimeout(timer)
  }
}

async function call(api: { url: string; apiKey: string }, method: string, path: string, body?: unknown) {
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: { 'x-api-key': api.apiKey, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(HANG_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Answer }
}

/** The operations that are stored of a connection, as `GET /orders/{id}`. */
export async function storedOperations(api: { url: string; apiKey: string }, id: string): Promise<string[]> {
  const names: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const response = await fetch(`${api.url}/api/apis/${id}/endpoints?limit=100${query}`, {
      headers: { 'x-api-key': api.apiKey },
    })
    const page = (await response.json()) as Page
    names.push(...page.data.map(({ method, path }) => `${method} ${path}`))
    cursor = page.meta.nextCursor
  }
  return names
}

type Page = { data: { method: string; path: string }[]; meta: { nextCursor: string | null } }

/** Disconnects, so that the next document finds an empty workspace. */
export async function disconnect(api: { url: string; apiKey: string }, id: string): Promise<void> {
  await call(api, 'DELETE', `/api/apis/${id}`)
}

function explain(detail: string, errors: readonly { path: string; message: string }[] = []): string {
  const [first] = errors
  return first ? `${detail} ${first.path}: ${first.message}` : detail
}
