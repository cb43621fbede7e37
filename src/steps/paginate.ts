import type { Endpoint } from '../catalog/service.ts'
import type { UpstreamRequest, UpstreamResponse } from '../connections/egress.ts'
import { resolvePointer } from '../lib/json-pointer.ts'
import type { StopSignal } from '../lib/stop.ts'
import type { Pagination } from '../specs/operation.ts'
import { type Turn, turnPage } from './page-turn.ts'
import { buildRequest, RequestError } from './request.ts'

/** A read whose pages are to be put together. */
export type PagedRead = {
  endpoint: Endpoint
  baseUrl: string
  values: Readonly<Record<string, unknown>>
  /** Headers that every request carries besides those of its parameters. */
  headers: Readonly<Record<string, string>>
  maxItems: number
  /** No more is read once the items take so many characters as JSON. */
  maxChars: number
}

/**
 * An answer as of one call, its list that of all pages: `pages` were read, and `more` says whether the list goes on, as
 * far as is known.
 */
export type PagedResponse = UpstreamResponse & { pages: number; more: boolean }

const MAX_PAGES = 200
// A page may be empty though others follow, where items are filtered after they are counted; not for ever.
const MAX_EMPTY = 3

/** How an operation's pages are turned, as far as that suffices to put them together; null where it does not. */
export function turnable(endpoint: Pick<Endpoint, 'method' | 'pagination'>): (Pagination & { items: string }) | null {
  const { method, pagination } = endpoint
  if (method !== 'GET' || pagination === null || pagination.items === null) return null
  return { ...pagination, items: pagination.items }
}

/** The request for the first page. @throws RequestError */
export function firstPage(read: PagedRead): UpstreamRequest {
  return ask(read, withSize(read))
}

/**
 * Reads page after page until the list ends, `maxItems` are there, pages repeat, or there are too many. Where a page does
 * not succeed, its answer is returned as it is.
 * @throws RequestError when the answer has no list where one is documented, or the next page is on another origin;
 * whatever `call` throws.
 */
export async function readPages(
  read: PagedRead,
  call: (request: UpstreamRequest) => Promise<UpstreamResponse>,
  signal: StopSignal,
): Promise<UpstreamResponse | PagedResponse> {
  const pagination = turnable(read.endpoint)
  if (!pagination) throw new RequestError(`${read.endpoint.method} ${read.endpoint.path} hands out no pages`)
  let values = withSize(read)
  let request = ask(read, values)
  const counts = pagination.kind === 'page' || pagination.kind === 'offset'
  const fromStart = pagination.kind !== 'page' || read.values[pagination.page] === undefined
  const asked = new Set([request.url])
  const items: unknown[] = []
  let last: UpstreamResponse | null = null
  let chars = 0
  let empty = 0
  let before = ''
  for (let pages = 1; ; pages++) {
    signal.throwIfAborted()
    const response = await call(request)
    const done = (more: boolean) => join(last ?? response, pagination.items, items, read.maxItems, pages, more)
    if (!isSuccess(response)) {
      // Some number their pages and know none beyond the last.
      return last && response.status === 404 && counts ? done(false) : response
    }
    const found = listIn(response.body, pagination.items)
    const text = JSON.stringify(found)
    // The same page again: the parameter that should turn it does not.
    if (counts && found.length > 0 && text === before) return done(false)
    last = response
    before = text
    chars += text.length
    items.push(...found)
    empty = found.length === 0 ? empty + 1 : 0
    const turn = turnPage(pagination, read.endpoint.parameters, {
      response,
      items: found,
      values,
      collected: fromStart ? items.length : null,
      pages,
    })
    if (turn === null) return done(false)
    if (items.length >= read.maxItems || chars > read.maxChars || pages >= MAX_PAGES) return done(true)
    if (empty >= MAX_EMPTY) return done(false)
    if ('values' in turn) values = { ...values, ...turn.values }
    request = follow(read, request, values, turn)
    if (asked.has(request.url)) return done(false)
    asked.add(request.url)
  }
}

function ask(read: PagedRead, values: Readonly<Record<string, unknown>>): UpstreamRequest {
  const request = buildRequest(read.endpoint, read.baseUrl, values, undefined)
  return { ...request, headers: { ...request.headers, ...read.headers } }
}

function follow(
  read: PagedRead,
  former: UpstreamRequest,
  values: Readonly<Record<string, unknown>>,
  turn: Turn,
): UpstreamRequest {
  if ('values' in turn) return ask(read, values)
  const here = new URL(former.url)
  const url = URL.parse(turn.url, here)
  if (!url) throw new RequestError('the answer names a next page that is not a URL')
  // Behind a proxy that ends TLS, an API may take itself for a plain one.
  if (here.protocol === 'https:' && url.protocol === 'http:' && url.host === here.host) url.protocol = 'https:'
  url.hash = ''
  if (url.origin !== here.origin)
    throw new RequestError(`the next page is at ${url.origin.slice(0, 200)}, and only ${here.origin} is called`)
  return { ...former, url: url.href }
}

/** The parameters with a page size, where the document says how large a page may be and the step does not. */
function withSize({ endpoint, values, maxItems }: PagedRead): Readonly<Record<string, unknown>> {
  const { pagination, parameters } = endpoint
  const name =
    pagination?.kind === 'offset' ? pagination.limit : pagination && 'size' in pagination ? pagination.size : null
  const schema = parameters.find((parameter) => parameter.name === name)?.schema
  const most = schema?.['maximum']
  if (name === null || typeof most !== 'number' || most < 1 || values[name] !== undefined) return values
  return { ...values, [name]: Math.min(Math.floor(most), maxItems) }
}

/** The list of an answer. An empty one may be left out. @throws RequestError */
function listIn(body: unknown, pointer: string): readonly unknown[] {
  const found = resolvePointer(body, pointer)
  if (Array.isArray(found)) return found
  if (found === undefined || found === null) return []
  throw new RequestError(`the answer has no list at "${pointer}", so its pages cannot be put together`)
}

function join(
  last: UpstreamResponse,
  pointer: string,
  items: readonly unknown[],
  maxItems: number,
  pages: number,
  more: boolean,
): PagedResponse {
  const body = putAt(last.body, pointer, items.slice(0, maxItems))
  return { ...last, body, pages, more: more || items.length > maxItems }
}

/** A copy of a body with another value at the pointer. */
function putAt(body: unknown, pointer: string, value: unknown): unknown {
  if (pointer === '') return value
  const [, token = '', ...rest] = pointer.split('/')
  const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
  const holder = typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}
  const inner = Object.hasOwn(holder, name) ? (holder as Record<string, unknown>)[name] : undefined
  return { ...holder, [name]: putAt(inner, rest.length === 0 ? '' : `/${rest.join('/')}`, value) }
}

function isSuccess({ status }: UpstreamResponse): boolean {
  return status >= 200 && status < 300
}
