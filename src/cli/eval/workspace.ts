import type { EndpointView } from '../../catalog/schema.ts'
import type { Plan } from '../../planner/schema.ts'
import { connectDocument, disconnect } from '../corpus/connect-document.ts'
import type { Isolate } from '../isolate.ts'
import { CliError } from '../terminal.ts'

/** APIs that are connected, and no others. */
export type Connected = { ids: string[]; operations: EndpointView[] }

/** Connects documents that a server on loopback offers. @throws CliError when one does not connect */
export async function connectSet(isolate: Isolate, urls: readonly string[]): Promise<Connected> {
  const connected: Connected = { ids: [], operations: [] }
  for (const url of urls) {
    const outcome = await connectDocument(isolate, url, {})
    if (outcome.kind !== 'connected') throw new CliError(`${url} ${outcome.kind}: ${outcome.detail}`)
    connected.ids.push(outcome.detail.id)
    connected.operations.push(...(await listOperations(isolate, outcome.detail.id)))
  }
  return connected
}

/** Disconnects them, so that the next set is alone. */
export async function disconnectSet(isolate: Isolate, { ids }: Connected): Promise<void> {
  for (const id of ids) await disconnect(isolate, id)
}

/**
 * A plan as the Worker answers it, with how long the request took as its client sees it. Where it asks back which of two
 * readings is meant, the first of them, which it holds for the likelier.
 */
export async function askPlan(
  isolate: Isolate,
  message: string,
): Promise<{ plan: Plan; ms: number; askedBack: boolean }> {
  const started = performance.now()
  const { data } = await call<Plan>(isolate, '/api/chat', { message })
  const ms = performance.now() - started
  const [likelier] = data.choices
  const plan = likelier ? (await call<Plan>(isolate, `/api/chat/${likelier.planId}`)).data : data
  return { plan, ms, askedBack: likelier !== undefined }
}

const MAX_SEARCH = 500

/** What the catalogue's search finds for the whole message: the floor that a planner has to beat. */
export async function searchCatalogue(isolate: Isolate, message: string): Promise<string[]> {
  const query = new URLSearchParams({ q: message.slice(0, MAX_SEARCH), limit: '20' })
  const { data } = await call<EndpointView[]>(isolate, `/api/catalog/search?${query}`)
  return data.map(({ method, path }) => `${method} ${path}`)
}

async function listOperations(isolate: Isolate, id: string): Promise<EndpointView[]> {
  const operations: EndpointView[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: Answer<EndpointView[]> = await call(isolate, `/api/apis/${id}/endpoints?limit=100${from}`)
    operations.push(...page.data)
    cursor = page.meta?.nextCursor ?? null
  }
  return operations
}

type Answer<Data> = { success: boolean; data: Data; meta?: { nextCursor: string | null } }

async function call<Data>({ url, apiKey }: Isolate, path: string, body?: unknown): Promise<Answer<Data>> {
  const response = await fetch(`${url}${path}`, {
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as Answer<Data>
  if (!answer.success)
    throw new CliError(`${path.slice(0, 200)} answered ${response.status}: ${JSON.stringify(answer)}`)
  return answer
}
