import { describe, expect, it } from 'vitest'
import { newStore, newTenant, tenantWithStore, testEnv } from './helpers.ts'

const minimal = {
  openapi: '3.1.0',
  info: { title: 'Small', version: '1' },
  servers: [{ url: 'https://api.example.com/v1' }],
  paths: { '/things': { get: { operationId: 'listThings', responses: { 200: { description: 'Things' } } } } },
}

async function rowCount(table: string, workspaceId: string): Promise<number> {
  const row = await testEnv.DB.prepare(`select count(*) as n from ${table} where workspace_id = ?`)
    .bind(workspaceId)
    .first<{ n: number }>()
  return row?.n ?? -1
}

describe('connecting', () => {
  it('connects by URL, taking name, server and where the key goes from the document', async () => {
    const [{ call }, store] = await Promise.all([newTenant(), newStore()])
    const specUrl = `${store.url}/openapi.json`
    const { status, data } = await call('POST', '/api/apis', { specUrl, auth: { type: 'apiKey', value: store.apiKey } })
    expect(status).toBe(201)
    expect(data).toMatchObject({
      name: 'Sample Store',
      slug: 'sample-store',
      baseUrl: store.url,
      status: 'ACTIVE',
      specUrl,
    })
    expect(data.auth).toEqual({ type: 'apiKey', in: 'header', name: 'X-Store-Key' })
    expect((await call('GET', `/api/apis/${data.id}`)).data).toEqual(data)
  })

  it.each([
    ['an object', minimal],
    ['JSON in a string', JSON.stringify(minimal)],
    [
      'YAML in a string',
      'openapi: 3.0.3\ninfo: {title: Small, version: "1"}\nservers: [{url: https://api.example.com/v1}]\npaths:\n  /things:\n    get: {responses: {200: {description: ok}}}\n',
    ],
  ])('connects a pasted document: %s', async (_, spec) => {
    const { call } = await newTenant()
    const { status, data } = await call('POST', '/api/apis', { spec })
    expect([status, data.endpointCount, data.baseUrl]).toEqual([201, 1, 'https://api.example.com/v1'])
  })

  it('connects a Swagger 2.0 document, plans and runs with it', async () => {
    const { call } = await newTenant()
    const spec = {
      swagger: '2.0',
      info: { title: 'Old', version: '1' },
      host: new URL(testEnv.UPSTREAMS).host,
      schemes: ['http'],
      basePath: '/broken',
      securityDefinitions: { key: { type: 'apiKey', in: 'header', name: 'X-Old-Key' } },
      paths: {
        '/echo': {
          get: { operationId: 'echoHeaders', summary: 'Echo the headers', responses: { 200: { description: 'ok' } } },
        },
      },
    }
    const connected = await call('POST', '/api/apis', { spec, auth: { type: 'apiKey', value: 'old-secret' } })
    expect(connected.data).toMatchObject({
      baseUrl: `${testEnv.UPSTREAMS}/broken`,
      endpointCount: 1,
      auth: { name: 'X-Old-Key' },
    })
    const plan = await call('POST', '/api/chat', { message: 'Echo the headers' })
    const run = await call('POST', '/api/chat/execute?wait=10', { planId: plan.data.id })
    expect(run.data.output).toMatchObject({ 'x-old-key': '•••' })
  })

  it('gives every connection of a name its own slug, and refuses a slug that is taken', async () => {
    const { call } = await newTenant()
    const slugs = []
    for (let i = 0; i < 3; i++) slugs.push((await call('POST', '/api/apis', { spec: minimal })).data.slug)
    expect(slugs).toEqual(['small', 'small-2', 'small-3'])
    const taken = await call('POST', '/api/apis', { spec: minimal, slug: 'small' })
    expect([taken.status, taken.body.errors[0].path]).toEqual([409, '/slug'])
  })

  it('gives a slug once when several connect at the same moment, and tells the others so', async () => {
    const { call } = await newTenant()
    const replies = await Promise.all(
      [1, 2, 3, 4].map(() => call('POST', '/api/apis', { spec: minimal, slug: 'same' })),
    )
    const statuses = replies.map((reply) => reply.status).toSorted()
    expect(statuses).toEqual([201, 409, 409, 409])
  })

  it('searches operations by words, camelCase and plural no hindrance', async () => {
    const { call, apiId } = await tenantWithStore()
    const search = async (query: string) =>
      (await call('GET', `/api/apis/${apiId}/endpoints?query=${encodeURIComponent(query)}`)).data.map(
        (found: { operationId: string }) => found.operationId,
      )
    expect((await search('refund')).slice(0, 3).toSorted()).toEqual(['getRefund', 'listRefunds', 'refundOrder'])
    expect((await search('customer orders')).slice(0, 3)).toContain('listCustomerOrders')
    expect(await search('"; drop table endpoints; --')).toEqual([])
    expect(await search('zebra')).toEqual([])
  })

  it('pages through all operations once', async () => {
    const { call, apiId } = await tenantWithStore()
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await call('GET', `/api/apis/${apiId}/endpoints?limit=7${cursor}`)
      seen.push(...body.data.map((endpoint: { id: string }) => endpoint.id))
      cursor = body.meta.hasMore ? `&cursor=${body.meta.nextCursor}` : ''
    } while (cursor)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength((await call('GET', `/api/apis/${apiId}`)).data.endpointCount)
  })

  it('disconnects without leaving anything, the search index included', async () => {
    const { call, ctx, apiId } = await tenantWithStore()
    expect((await call('DELETE', `/api/apis/${apiId}`)).data).toEqual({ id: apiId, deleted: true })
    for (const table of ['connections', 'spec_versions', 'endpoints'])
      expect(await rowCount(table, ctx.actor.workspaceId)).toBe(0)
    const indexed = await testEnv.DB.prepare('select count(*) as n from endpoints_fts where endpoints_fts match ?')
      .bind(ctx.actor.workspaceId.replace('_', ''))
      .first<{ n: number }>()
    expect(indexed?.n).toBe(0)
    expect((await call('GET', `/api/apis/${apiId}`)).status).toBe(404)
  })

  it('asks the host once while the cached document is fresh', async () => {
    const { call } = await newTenant()
    const specUrl = `${testEnv.UPSTREAMS}/broken/once-${crypto.randomUUID()}`
    expect((await call('POST', '/api/apis', { specUrl })).status).toBe(201)
    expect((await call('POST', '/api/apis', { specUrl })).status).toBe(201)
  })
})

describe('what cannot be connected', () => {
  it.each([
    ['a web page', '/broken/html', 422, 'SPEC_IS_HTML'],
    ['a web page that claims to be JSON', '/broken/html-as-json', 422, 'SPEC_IS_HTML'],
    ['nothing', '/broken/empty', 422, 'SPEC_EMPTY'],
    ['JSON cut short', '/broken/truncated', 422, 'SPEC_UNPARSEABLE'],
    ['YAML that is none', '/broken/bad-yaml', 422, 'SPEC_UNPARSEABLE'],
    ['JSON that is no OpenAPI document', '/broken/not-openapi', 422, 'SPEC_INVALID'],
    ['404', '/broken/status/404', 422, 'SPEC_NOT_FOUND'],
    ['401', '/broken/status/401', 422, 'SPEC_UNAUTHORIZED'],
    ['500', '/broken/status/500', 502, 'SPEC_HOST_ERROR'],
    ['a redirect loop', '/broken/redirect-loop', 502, 'SPEC_REDIRECT_LOOP'],
    ['a connection reset', '/broken/reset', 502, 'SPEC_UNREACHABLE'],
    ['a redirect to a file', '/broken/redirect-to?url=file:///etc/passwd', 422, 'ADDRESS_REFUSED'],
    ['more than SPEC_MAX_BYTES', '/broken/huge/26000000', 422, 'SPEC_TOO_LARGE'],
  ])('%s: a problem with its own code, and nothing stored', async (_, path, status, code) => {
    const { call, ctx } = await newTenant()
    const reply = await call('POST', '/api/apis', { specUrl: testEnv.UPSTREAMS + path })
    expect([reply.status, reply.body.code]).toEqual([status, code])
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    expect(reply.body.detail).not.toMatch(/\bat .*\.ts|Error:/)
    expect(await rowCount('connections', ctx.actor.workspaceId)).toBe(0)
  })

  it('a host that nobody listens at: unreachable, in our words', async () => {
    const { call } = await newTenant()
    const reply = await call('POST', '/api/apis', { specUrl: 'http://127.0.0.1:1/openapi.json' })
    expect([reply.status, reply.body.code]).toEqual([502, 'SPEC_CONNECTION_REFUSED'])
  })

  it.each([
    ['an empty body', '', 400],
    ['a body that is no JSON', '{"specUrl":', 400],
    ['an empty object', '{}', 422],
    ['both a URL and a document', JSON.stringify({ specUrl: 'https://x.example/a.json', spec: minimal }), 422],
    ['a URL that is none', JSON.stringify({ specUrl: 'not a url' }), 422],
    ['3 MB of garbage', 'x'.repeat(3_000_000), 413],
    [
      'an API key with a line break',
      JSON.stringify({ spec: minimal, auth: { type: 'bearer', token: 'a\r\nX-Evil: 1' } }),
      422,
    ],
  ])('%s: refused by what it is', async (_, body, status) => {
    const { call } = await newTenant()
    const reply = await call('POST', '/api/apis', body)
    expect(reply.status).toBe(status)
    expect(reply.body).toMatchObject({ success: false, status, requestId: reply.headers.get('x-request-id') })
  })

  it('a body of another type: 415', async () => {
    const { call } = await newTenant()
    expect((await call('POST', '/api/apis', 'openapi: 3.1.0', { 'content-type': 'text/yaml' })).status).toBe(415)
  })

  it('sends an API key in the cookie that the document names', async () => {
    const { call } = await newTenant()
    const components = { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'sid' } } }
    const { data } = await call('POST', '/api/apis', {
      spec: { ...minimal, components },
      auth: { type: 'apiKey', value: 'abc' },
    })
    expect(data.auth).toEqual({ type: 'apiKey', in: 'cookie', name: 'sid' })
  })

  it('an API key without a place, when the document names none', async () => {
    const { call } = await newTenant()
    const reply = await call('POST', '/api/apis', { spec: minimal, auth: { type: 'apiKey', value: 'abc' } })
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, '/auth/name'])
  })

  it('a document that was mended is connected at once: the bad one is not kept', async () => {
    const { call } = await newTenant()
    const specUrl = `${testEnv.UPSTREAMS}/broken/heals-${crypto.randomUUID()}`
    expect((await call('POST', '/api/apis', { specUrl })).body.code).toBe('SPEC_IS_HTML')
    expect((await call('POST', '/api/apis', { specUrl })).status).toBe(201)
  })
})

describe('the credential', () => {
  it('reaches the API and nothing else', async () => {
    const { call, ctx, store, apiId } = await tenantWithStore()
    const plan = await call('POST', '/api/chat', { message: 'List customers' })
    const run = await call('POST', '/api/chat/execute?wait=10', { planId: plan.data.id })
    expect(run.data.status).toBe('succeeded')
    const shown = [plan, run, await call('GET', `/api/apis/${apiId}`), await call('GET', '/api/apis')]
    const stored = await Promise.all(
      ['connections', 'plans', 'runs', 'audit_log'].map((table) => testEnv.DB.prepare(`select * from ${table}`).all()),
    )
    const events = await call('GET', `/api/executions/${run.data.id}/events`)
    expect(JSON.stringify([shown.map((reply) => reply.body), stored, events.body])).not.toContain(store.apiKey)
    const row = await testEnv.DB.prepare('select credential from connections where workspace_id = ?')
      .bind(ctx.actor.workspaceId)
      .first<{ credential: string }>()
    expect(row?.credential).toMatch(/^v2\.dek_/)
  })

  it.each([
    ['a bearer token', { type: 'bearer', token: 'SECRET' }, { authorization: 'Bearer •••' }],
    [
      'a user name and password',
      { type: 'basic', username: 'ada', password: 'SECRET' },
      { authorization: 'Basic •••' },
    ],
    ['an API key in a header', { type: 'apiKey', in: 'header', name: 'X-Key', value: 'SECRET' }, { 'x-key': '•••' }],
    [
      'an API key in a cookie',
      { type: 'apiKey', in: 'cookie', name: 'session', value: 'SECRET' },
      { cookie: 'session=•••' },
    ],
    [
      'an API key in the query',
      { type: 'apiKey', in: 'query', name: 'key', value: 'SECRET' },
      { ':path': '/broken/echo?key=•••', ':quoted': '%2Fbroken%2Fecho%3Fkey%3D•••' },
    ],
  ])('sent as %s is struck out of an answer that echoes it', async (_, auth, shown) => {
    const { call } = await newTenant()
    const secret = `s3cret:&"\\ü-${crypto.randomUUID()}`
    const ascii = secret.replace('ü', 'u')
    const filled = Object.fromEntries(
      Object.entries(auth).map(([key, value]) => [
        key,
        value === 'SECRET' ? (auth.type === 'basic' ? secret : ascii) : value,
      ]),
    )
    const paths = {
      '/broken/echo': { get: { operationId: 'echoHeaders', summary: 'Echo the headers', responses: {} } },
    }
    const spec = {
      openapi: '3.1.0',
      info: { title: 'Echo', version: '1' },
      servers: [{ url: testEnv.UPSTREAMS }],
      paths,
    }
    const connected = await call('POST', '/api/apis', { spec, auth: filled })
    expect(JSON.stringify(connected.body)).not.toContain('s3cret')
    const plan = await call('POST', '/api/chat', { message: 'Echo the headers' })
    const run = await call('POST', '/api/chat/execute?wait=10', { planId: plan.data.id })
    expect(run.data.output).toMatchObject(shown)
    expect(JSON.stringify(run.body)).not.toContain('s3cret')
  })
})
