import type { IncomingMessage, ServerResponse } from 'node:http'

const TOTAL = 45
const DEFAULT_SIZE = 10
const MAX_SIZE = 20

type Shelf = { requests: string[]; failed: boolean; closed: number }

const shelves = new Map<string, Shelf>()
const items = Array.from({ length: TOTAL }, (_, index) => ({ id: `item_${index + 1}`, n: index + 1 }))

/**
 * Hands out 45 items in pages: `/paged/<name>/<kind>/items`, each name with a record of its own under
 * `/paged/<name>/ledger`. Kinds are the usual ways, and some that go wrong.
 */
export function handOutPages(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', `http://${request.headers.host}`)
  const [, , name = '', kind = ''] = url.pathname.split('/')
  const shelf = shelves.get(name) ?? { requests: [], failed: false, closed: 0 }
  shelves.set(name, shelf)
  const send = (body: unknown, headers: Record<string, string> = {}, status = 200) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  if (kind === 'ledger') return send(shelf)
  shelf.requests.push(url.search)
  const query = (key: string) => url.searchParams.get(key)
  const size = Math.min(MAX_SIZE, Number(query('limit') ?? query('per_page') ?? DEFAULT_SIZE))
  const cut = (from: number) => items.slice(from, from + size)
  const page = Number(query('page') ?? 1)
  const start = (page - 1) * size
  const cursor = Number(query('cursor') ?? 0)
  const firstLink = `<${url.origin}${url.pathname}?page=1>; rel="first"`
  const linkTo = (next: number, origin = url.origin) => {
    const target = new URL(`${url.pathname}?per_page=${size}&page=${next}`, origin)
    return { link: `<${target.href}>; rel="next", ${firstLink}` }
  }
  const nextCursor = cursor + size < TOTAL ? String(cursor + size) : null
  switch (kind) {
    case 'page':
      return send(cut(start))
    case 'page-missing':
      return start >= TOTAL ? send({ error: 'no such page' }, {}, 404) : send(cut(start))
    case 'page-total':
      return send({ results: cut(start), page, total_pages: Math.ceil(TOTAL / size) })
    case 'page-stuck':
      return send(cut(0))
    case 'offset':
      return send({ data: cut(Number(query('offset') ?? 0)), meta: { offset: Number(query('offset') ?? 0) } })
    case 'cursor':
      return send({ items: cut(cursor), next_cursor: nextCursor })
    case 'cursor-loop':
      return send({ items: cut(cursor), next_cursor: cursor >= 20 ? '10' : nextCursor })
    case 'cursor-gaps':
      return send({ items: cursor === 10 ? [] : cut(cursor), next_cursor: nextCursor })
    case 'cursor-endless':
      return send({ items: [], next_cursor: String(cursor + 1) })
    case 'flaky':
      if (cursor > 0 && !shelf.failed) {
        shelf.failed = true
        return send({ error: 'try again' }, {}, 503)
      }
      return send({ items: cut(cursor), next_cursor: nextCursor })
    case 'hang':
      if (cursor > 0) return void response.on('close', () => shelf.closed++)
      return send({ items: cut(cursor), next_cursor: nextCursor })
    case 'keyset': {
      const after = items.findIndex(({ id }) => id === query('starting_after')) + 1
      return send({ data: cut(after), has_more: after + size < TOTAL })
    }
    case 'link':
      return send(cut(start), start + size < TOTAL ? linkTo(page + 1) : { link: firstLink })
    case 'link-elsewhere':
      return send(cut(start), linkTo(page + 1, 'http://elsewhere.example'))
    case 'body-link': {
      const next = start + size < TOTAL ? `${url.pathname}?per_page=${size}&page=${page + 1}` : null
      return send({ data: cut(start), links: { self: url.pathname, next } })
    }
    case 'body-link-elsewhere':
      return send({ items: cut(start), next_cursor: 'http://169.254.169.254/latest?page=2' })
    case 'large':
      return send({
        items: items.slice(0, 5).map((item) => ({ ...item, text: 'x'.repeat(700_000) })),
        next_cursor: String(cursor + 1),
      })
    default:
      return send({ items: 'none' })
  }
}
