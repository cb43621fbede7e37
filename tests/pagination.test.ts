import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../src/catalog/service.ts'
import { createWorld } from '../src/context.ts'
import { newId } from '../src/lib/ids.ts'
import { parseLinkHeader } from '../src/lib/link-header.ts'
import type { JsonSchema, Pagination, Parameter } from '../src/specs/operation.ts'
import { recognisePagination } from '../src/specs/pagination.ts'
import { checkDefinition } from '../src/steps/check.ts'
import { prepareStep } from '../src/steps/execute.ts'
import type { PagedResponse } from '../src/steps/paginate.ts'
import type { ApiCallStep } from '../src/steps/schema.ts'
import { testEnv } from './helpers.ts'

const query = (name: string, schema: JsonSchema = { type: 'integer' }, description = ''): Parameter => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
})
const text = (name: string, description = '') => query(name, { type: 'string' }, description)
const object = (properties: Record<string, JsonSchema>): JsonSchema => ({ type: 'object', properties })
const thing = object({ id: { type: 'string' }, name: { type: 'string' } })
const list: JsonSchema = { type: 'array', items: thing }
const string: JsonSchema = { type: 'string' }
const integer: JsonSchema = { type: 'integer' }
const nullable: JsonSchema = { type: ['string', 'null'] }

const recognise = (parameters: Parameter[], response: JsonSchema | null, headers: string[] = [], method = 'GET') =>
  recognisePagination({ method, parameters, response }, headers)

describe('an operation that hands out pages', () => {
  it.each([
    [
      'page and per_page',
      [query('page'), query('per_page')],
      list,
      { kind: 'page', page: 'page', size: 'per_page', first: 1, items: '' },
    ],
    [
      'pageNumber from 0',
      [query('pageNumber', { type: 'integer', default: 0 }), query('pageSize')],
      object({ content: list }),
      { kind: 'page', page: 'pageNumber', size: 'pageSize', first: 0, items: '/content' },
    ],
    [
      'page in brackets',
      [query('page[number]'), query('page[size]')],
      object({ data: list, meta: object({}) }),
      { kind: 'page', page: 'page[number]', size: 'page[size]', first: 1, items: '/data' },
    ],
    [
      'page alone, and a count of pages',
      [query('page')],
      object({ results: list, total_pages: integer }),
      { kind: 'page', page: 'page', size: null, first: 1, items: '/results' },
    ],
    [
      'page alone, said to be one',
      [query('page', integer, 'Page number, starting at 0')],
      list,
      { kind: 'page', page: 'page', size: null, first: 0, items: '' },
    ],
    [
      'offset and limit',
      [query('offset'), query('limit')],
      object({ items: list, total: integer }),
      { kind: 'offset', offset: 'offset', limit: 'limit', items: '/items' },
    ],
    [
      '$skip and $top',
      [query('$skip'), query('$top')],
      object({ value: list }),
      { kind: 'offset', offset: '$skip', limit: '$top', items: '/value' },
    ],
    [
      'a cursor',
      [text('cursor'), query('limit')],
      object({ things: list, next_cursor: nullable }),
      { kind: 'cursor', cursor: 'cursor', next: '/next_cursor', size: 'limit', items: '/things' },
    ],
    [
      'a page token',
      [text('pageToken'), query('maxResults')],
      object({ items: list, nextPageToken: string }),
      { kind: 'cursor', cursor: 'pageToken', next: '/nextPageToken', size: 'maxResults', items: '/items' },
    ],
    [
      'a cursor in what describes the page',
      [text('cursor')],
      object({ members: list, response_metadata: object({ next_cursor: string }) }),
      { kind: 'cursor', cursor: 'cursor', next: '/response_metadata/next_cursor', size: null, items: '/members' },
    ],
    [
      'after, of paging.next',
      [text('after'), query('limit')],
      object({ results: list, paging: object({ next: object({ after: string, link: string }) }) }),
      { kind: 'cursor', cursor: 'after', next: '/paging/next/after', size: 'limit', items: '/results' },
    ],
    [
      'after, of the last id',
      [text('after'), query('limit')],
      object({ data: list, last_id: string, has_more: { type: 'boolean' } }),
      { kind: 'cursor', cursor: 'after', next: '/last_id', size: 'limit', items: '/data' },
    ],
    [
      'an offset that is a cursor',
      [text('offset'), query('pageSize')],
      object({ records: list, offset: string }),
      { kind: 'cursor', cursor: 'offset', next: '/offset', size: 'pageSize', items: '/records' },
    ],
    [
      'the last item’s id',
      [text('starting_after'), text('ending_before'), query('limit')],
      object({ data: list, has_more: { type: 'boolean' } }),
      { kind: 'keyset', after: 'starting_after', key: 'id', size: 'limit', items: '/data' },
    ],
    [
      'the URL of the next page',
      [],
      object({ data: list, links: object({ self: string, next: nullable }) }),
      { kind: 'link', items: '/data' },
    ],
    ['OData’s next link', [], object({ value: list, '@odata.nextLink': string }), { kind: 'link', items: '/value' }],
    [
      'pages within an envelope',
      [query('page'), query('limit')],
      object({ status: string, data: object({ rows: list, total: integer }) }),
      { kind: 'page', page: 'page', size: 'limit', first: 1, items: '/data/rows' },
    ],
    [
      'a list beside side lists',
      [query('page'), query('limit')],
      object({ things: list, errors: list, included: list }),
      { kind: 'page', page: 'page', size: 'limit', first: 1, items: '/things' },
    ],
  ] satisfies [string, Parameter[], JsonSchema, Pagination][])(
    'is recognised by %s',
    (_, parameters, response, expected) => {
      expect(recognise(parameters, response)).toEqual(expected)
    },
  )

  it('is recognised by a documented Link header, where no parameter tells', () => {
    expect(recognise([text('after'), query('per_page')], list, ['X-Request-Id', 'Link'])).toEqual({
      kind: 'link',
      items: '',
    })
    expect(recognise([query('page'), query('per_page')], list, ['link'])).toMatchObject({ kind: 'page' })
  })

  it.each([
    ['it is no read', [query('page'), query('per_page')], list, 'POST'],
    ['its answer is not documented', [query('page'), query('per_page')], null, 'GET'],
    ['there is no list', [query('page'), query('per_page')], thing, 'GET'],
    ['there are two lists', [query('page'), query('limit')], object({ orders: list, customers: list }), 'GET'],
    ['the list belongs to one thing', [query('page'), query('limit')], object({ id: string, lines: list }), 'GET'],
    ['nothing turns the page', [query('limit')], list, 'GET'],
    ['nothing in the answer holds the cursor', [text('cursor'), query('limit')], object({ items: list }), 'GET'],
    [
      '“after” is a point in time',
      [query('after', { type: 'string', format: 'date-time' }), query('limit')],
      object({ items: list, next: string }),
      'GET',
    ],
    ['“page” is of a book', [query('page', integer, 'Of the book')], list, 'GET'],
    ['“offset” goes without a limit', [query('offset', integer, 'Offset to UTC in hours')], list, 'GET'],
    ['“token” authenticates', [text('token')], object({ items: list, next: string }), 'GET'],
    ['“start” is a date', [query('start', { type: 'string', format: 'date' }), query('limit')], list, 'GET'],
  ] satisfies [string, Parameter[], JsonSchema | null, string][])(
    'is not where %s',
    (_, parameters, response, method) => {
      expect(recognise(parameters, response, [], method)).toBeNull()
    },
  )
})

describe('a Link header', () => {
  it.each([
    ['<https://a.example/x?page=2>; rel="next"', [{ target: 'https://a.example/x?page=2', rel: ['next'] }]],
    [
      '<a>; rel=next, <b>;rel="prev last"',
      [
        { target: 'a', rel: ['next'] },
        { target: 'b', rel: ['prev', 'last'] },
      ],
    ],
    ['<a>; title="x, <b>; rel=\\"no\\""; REL=Next', [{ target: 'a', rel: ['next'] }]],
    ['<a,b;c>; rel=next; rel=other', [{ target: 'a,b;c', rel: ['next'] }]],
    ['<a>', [{ target: 'a', rel: [] }]],
    ['nonsense', []],
    ['<a>; rel=next, nonsense', [{ target: 'a', rel: ['next'] }]],
    ['', []],
  ])('is read: %s', (header, links) => {
    expect(parseLinkHeader(header)).toEqual(links)
  })
})

const numbered = [query('page'), query('per_page')]
const byCursor = [text('cursor'), query('limit')]
const cursorBody = object({ items: list, next_cursor: nullable })
const ways: Record<string, [Parameter[], JsonSchema, string[]?]> = {
  page: [numbered, list],
  'page-missing': [numbered, list],
  'page-total': [numbered, object({ results: list, page: integer, total_pages: integer })],
  'page-stuck': [numbered, list],
  offset: [[query('offset'), query('limit')], object({ data: list })],
  keyset: [[text('starting_after'), query('limit')], object({ data: list, has_more: { type: 'boolean' } })],
  link: [[query('per_page')], list, ['Link']],
  'link-elsewhere': [[query('per_page')], list, ['Link']],
  'body-link': [[], object({ data: list, links: object({ self: string, next: nullable }) })],
}

function endpointOf(kind: string, more: Partial<Endpoint> = {}): Endpoint {
  const [parameters, response, headers] = ways[kind] ?? [byCursor, cursorBody]
  const pagination = recognisePagination({ method: 'GET', parameters, response }, headers)
  const words = { operationId: null, summary: '', description: '', tags: [], deprecated: false }
  const rest = { effect: 'read' as const, security: null, server: null, requestBody: null, manual: false }
  return {
    id: 'end_1',
    connectionId: 'con_1',
    method: 'GET',
    path: '/items',
    ...words,
    ...rest,
    parameters,
    response,
    pagination,
    ...more,
  }
}

/** Executes one paginated step against an API that pages in this way. */
async function read(
  kind: string,
  maxItems: number,
  more: { parameters?: Record<string, unknown>; signal?: AbortSignal; endpoint?: Endpoint } = {},
) {
  const name = newId('con')
  const baseUrl = `${testEnv.UPSTREAMS}/paged/${name}/${kind}`
  const connection = {
    id: name,
    workspaceId: 'wsp_1',
    slug: 'paged',
    baseUrl,
    origins: [],
    auth: { type: 'none' as const },
  }
  const upstream = { ...connection, authStatus: 'ready' as const, authProblem: null, credential: null, policy: null }
  const step: ApiCallStep = {
    id: 'all',
    type: 'api_call',
    api: 'paged',
    operation: 'GET /items',
    paginate: { maxItems },
    ...(more.parameters ? { parameters: more.parameters } : {}),
  }
  const scope = { input: {}, steps: {}, run: { id: 'run_1', startedAt: '' } }
  const targets = { 'paged GET /items': { endpoint: more.endpoint ?? endpointOf(kind), hash: '', upstream } }
  const world = createWorld(testEnv, newId('req'), () => {})
  const prepared = await prepareStep(world, step, scope, targets, 'run_1:all')
  const ledger = async (): Promise<{ requests: string[]; closed: number }> =>
    (await fetch(`${testEnv.UPSTREAMS}/paged/${name}/ledger`)).json()
  const run = () => prepared.execute(more.signal ?? new AbortController().signal)
  return { run, ledger, request: prepared.request, baseUrl }
}

const at = (body: unknown, pointer: string): { n: number }[] =>
  (pointer === '' ? body : (body as Record<string, unknown>)[pointer]) as { n: number }[]
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

async function succeed(reading: Awaited<ReturnType<typeof read>>): Promise<PagedResponse> {
  const result = await reading.run()
  if (!result.ok) throw new Error(result.error.message)
  return result.output as PagedResponse
}

describe('a step that paginates', () => {
  it.each([
    ['page', '', 6],
    ['page-missing', '', 6],
    ['page-total', 'results', 5],
    ['offset', 'data', 6],
    ['cursor', 'items', 5],
    ['keyset', 'data', 5],
    ['link', '', 5],
    ['body-link', 'data', 5],
    ['cursor-gaps', 'items', 5],
  ])('puts all pages together, each item once and in order: %s', async (kind, pointer, requests) => {
    const reading = await read(kind, 1000)
    const output = await succeed(reading)
    const numbers = at(output.body, pointer).map(({ n }) => n)
    const gap = kind === 'cursor-gaps'
    expect(numbers).toEqual(gap ? upTo(45).filter((n) => n <= 10 || n > 20) : upTo(45))
    expect([output.status, output.pages, output.more]).toEqual([200, requests, false])
    expect((await reading.ledger()).requests).toHaveLength(requests)
  })

  it.each(['page', 'offset', 'cursor', 'keyset', 'link', 'body-link'])('stops when it has enough: %s', async (kind) => {
    const reading = await read(kind, 13)
    const output = await succeed(reading)
    const pointer = { page: '', link: '', cursor: 'items' }[kind] ?? 'data'
    expect(at(output.body, pointer).map(({ n }) => n)).toEqual(upTo(13))
    expect([output.pages, output.more, (await reading.ledger()).requests.length]).toEqual([2, true, 2])
  })

  it('goes on from where its parameters say', async () => {
    expect(at((await succeed(await read('page', 100, { parameters: { page: 3 } }))).body, '')[0]?.n).toBe(21)
    const output = await succeed(await read('offset', 100, { parameters: { offset: 40, limit: 2 } }))
    expect(at(output.body, 'data').map(({ n }) => n)).toEqual([41, 42, 43, 44, 45])
  })

  it('asks for as much as a page may hold, where the document says how much that is', async () => {
    const parameters = [text('cursor'), query('limit', { type: 'integer', maximum: 20 })]
    const endpoint = { ...endpointOf('cursor'), parameters }
    const reading = await read('cursor', 1000, { endpoint })
    await succeed(reading)
    expect((await reading.ledger()).requests).toEqual(['?limit=20', '?cursor=20&limit=20', '?cursor=40&limit=20'])
    expect(new URL((await read('cursor', 7, { endpoint })).request?.url ?? '').search).toBe('?limit=7')
  })

  it('leaves everything else of the answer as it is', async () => {
    expect((await succeed(await read('cursor', 1000))).body).toMatchObject({ next_cursor: null })
  })

  it.each([
    ['a cursor that comes again', 'cursor-loop', 'items', 3],
    ['a page that comes again', 'page-stuck', '', 2],
    ['pages that stay empty', 'cursor-endless', 'items', 3],
  ])('does not go round in circles: %s', async (_, kind, pointer, requests) => {
    const reading = await read(kind, 10_000)
    const output = await succeed(reading)
    expect(at(output.body, pointer).length).toBeLessThanOrEqual(40)
    expect((await reading.ledger()).requests).toHaveLength(requests)
  })

  it.each(['link-elsewhere', 'body-link-elsewhere'])(
    'does not follow a next page to another origin: %s',
    async (kind) => {
      const reading = await read(kind, 1000)
      expect(await reading.run()).toMatchObject({
        ok: false,
        error: { code: 'REQUEST', message: expect.stringContaining('only http://127.0.0.1'), retryable: false },
      })
      expect((await reading.ledger()).requests).toHaveLength(1)
    },
  )

  it('fails with the page that fails, to be tried again as a whole', async () => {
    const reading = await read('flaky', 1000)
    expect(await reading.run()).toMatchObject({
      ok: false,
      error: { code: 'UPSTREAM_STATUS', status: 503, retryable: true },
    })
    expect(at((await succeed(reading)).body, 'items')).toHaveLength(45)
  })

  it('stops in the middle when it is aborted', async () => {
    const controller = new AbortController()
    const reading = await read('hang', 1000, { signal: controller.signal })
    const running = reading.run()
    while ((await reading.ledger()).requests.length < 2);
    controller.abort()
    await expect(running).rejects.toThrow(/abort/i)
    while ((await reading.ledger()).closed < 1);
    expect((await reading.ledger()).requests).toHaveLength(2)
  })

  it('is not kept when it is too large, and then stops reading soon', async () => {
    const reading = await read('large', 10_000)
    expect(await reading.run()).toMatchObject({ ok: false, error: { code: 'RESPONSE_TOO_LARGE' } })
    expect((await reading.ledger()).requests.length).toBeLessThan(6)
  })

  it('fails where the answer has no list', async () => {
    expect(await (await read('other', 10)).run()).toMatchObject({
      ok: false,
      error: { code: 'REQUEST', retryable: false },
    })
  })
})

describe('the check of a step that paginates', () => {
  const step = (more: object = {}) => ({
    id: 'all',
    type: 'api_call' as const,
    api: 'paged',
    operation: 'GET /items',
    paginate: { maxItems: 5 },
    ...more,
  })
  const check = (endpoint: Endpoint, output?: unknown) =>
    checkDefinition({ name: 'All', steps: [step()], ...(output === undefined ? {} : { output }) }, () => endpoint).map(
      ({ code, path }) => `${code} ${path}`,
    )

  it('proves it where the operation is known to hand out pages', () => {
    expect(check(endpointOf('cursor'), '{{ [steps.all.body.items.id, steps.all.pages, steps.all.more] }}')).toEqual([])
  })

  it.each([
    ['no pages are known', { pagination: null }],
    ['the list is not known', { pagination: { kind: 'link' as const, items: null } }],
    ['it is no read', { method: 'POST' }],
  ])('says that it is wrong where %s', (_, more) => {
    expect(check(endpointOf('cursor', more))).toEqual(['no_pages /steps/0/paginate'])
  })
})
