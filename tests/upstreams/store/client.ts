import type { Page } from './paging.ts'
import type { Order } from './schema.ts'
import type { RunningStore } from './server.ts'

/** What a listed thing is known to have; lists of orders are read most. */
export type Listed = Pick<Order, 'id'> & Partial<Order>

/** Speaks HTTP to a running store, for tests. */
export function storeClient(store: Pick<RunningStore, 'url' | 'apiKey'>) {
  /** Sends one request with the key of the store. */
  function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const auth = { 'X-Store-Key': store.apiKey, ...headers }
    if (body === undefined) return fetch(store.url + path, { method, headers: auth })
    const sent = { ...auth, 'content-type': 'application/json' }
    return fetch(store.url + path, { method, headers: sent, body: JSON.stringify(body) })
  }

  /** The JSON behind a path; throws when it is not there. */
  async function read<T = Record<string, unknown>>(path: string): Promise<T> {
    const response = await call('GET', path)
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as T
  }

  /** One page of a list. */
  const list = (path: string) => read<Page<Listed>>(path)

  /** The ids on one page of a list. */
  const ids = async (path: string) => (await list(path)).items.map((item) => item.id)

  return { call, read, list, ids }
}

/** A client of one store. */
export type StoreClient = ReturnType<typeof storeClient>

/** The status and detail of a problem answer, as one text; throws when the answer is no problem document. */
export async function refusal(answer: Promise<Response> | Response): Promise<string> {
  const response = await answer
  const text = await response.text()
  const type = response.headers.get('content-type')
  if (type !== 'application/problem+json') throw new Error(`${response.status} ${type} is no problem: ${text}`)
  const problem = JSON.parse(text) as { status: number; detail: string; title: string }
  if (problem.status !== response.status) throw new Error(`status ${response.status} does not match: ${text}`)
  return `${problem.status} ${problem.detail}`
}
