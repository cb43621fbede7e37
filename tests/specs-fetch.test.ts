import { describe, expect, it } from 'vitest'
import type { Ctx } from '../src/context.ts'
import { AppError } from '../src/errors.ts'
import { fetchSpec, fetchText, type FetchOptions } from '../src/specs/fetch.ts'
import { newTenant, selfSigned, testEnv } from './helpers.ts'
import type { ScriptedAnswer } from './upstreams/scripted.ts'

const farm = `${testEnv.UPSTREAMS}/broken`
const HOUR = 3_600_000
const openapi = (title: string) => JSON.stringify({ openapi: '3.1.0', info: { title, version: '1' }, paths: {} })

/** An upstream that gives these answers one after the other. */
async function scripted(...answers: ScriptedAnswer[]) {
  const url = `${farm}/scripted/${crypto.randomUUID()}`
  const script = (next: ScriptedAnswer[]) => fetch(url, { method: 'PUT', body: JSON.stringify(next) })
  await script(answers)
  const asked = async (): Promise<Record<string, string>[]> => (await fetch(`${url}/asked`)).json()
  return { url, asked, answers: (...next: ScriptedAnswer[]) => script(next) }
}

/** A tenant's context whose clock can be put forward. */
async function newReader(): Promise<{ ctx: Ctx; forward: (hours: number) => void }> {
  let ahead = 0
  const { ctx } = await newTenant()
  return { ctx: { ...ctx, now: () => Date.now() + ahead }, forward: (hours) => (ahead += hours * HOUR) }
}

/** Fetches and keeps, as a caller does whom the document served. */
async function fetchKept(ctx: Ctx, url: string, options?: FetchOptions) {
  const spec = await fetchSpec(ctx, url, options)
  await spec.keep()
  return spec
}

async function refusal(calling: Promise<unknown>): Promise<AppError> {
  const error: unknown = await calling.then(
    () => new Error('it was taken'),
    (error: unknown) => error,
  )
  if (error instanceof AppError) return error
  throw error
}

async function auditOf(ctx: Ctx): Promise<{ resource: string; details: Record<string, unknown> }[]> {
  const { results } = await testEnv.DB.prepare(
    `select resource, details from audit_log where workspace_id = ? and action = 'spec.fetch' order by id`,
  )
    .bind(ctx.actor.workspaceId)
    .all<{ resource: string; details: string }>()
  return results.map(({ resource, details }) => ({ resource, details: JSON.parse(details) }))
}

describe('the cache', () => {
  it('serves a fresh copy without asking the host', async () => {
    const [{ ctx }, host] = await Promise.all([newReader(), scripted({ body: openapi('A') }, { status: 500 })])
    const first = await fetchKept(ctx, host.url)
    const again = await fetchSpec(ctx, host.url)
    expect([first.fromCache, again.fromCache, again.text, again.bytes]).toEqual([false, true, first.text, first.bytes])
    expect(await host.asked()).toHaveLength(1)
  })

  it('counts a URL as the same however its host is spelt, and whatever fragment it has', async () => {
    const [{ ctx }, host] = await Promise.all([newReader(), scripted({ body: openapi('A') })])
    await fetchKept(ctx, host.url)
    expect((await fetchSpec(ctx, `${host.url.replace('http://', 'HTTP://')}#/info`)).fromCache).toBe(true)
  })

  it('keeps nothing until it is told that the document is of use', async () => {
    const [{ ctx }, host] = await Promise.all([newReader(), scripted({ body: 'rubbish' }, { body: openapi('A') })])
    expect((await fetchSpec(ctx, host.url)).text).toBe('rubbish')
    expect((await fetchSpec(ctx, host.url)).text).toBe(openapi('A'))
  })

  it('is each workspace’s own', async () => {
    const [one, other] = await Promise.all([newReader(), newReader()])
    const host = await scripted({ body: openapi('of the one') }, { body: openapi('of the other') })
    await fetchKept(one.ctx, host.url)
    expect((await fetchKept(other.ctx, host.url)).text).toBe(openapi('of the other'))
    expect((await fetchSpec(one.ctx, host.url)).text).toBe(openapi('of the one'))
  })

  it('keeps a document of any encoding as it came', async () => {
    const { ctx } = await newReader()
    for (const kind of ['latin1', 'bom', 'utf-16', 'gzip']) {
      const first = await fetchKept(ctx, `${farm}/${kind}`)
      const again = await fetchSpec(ctx, `${farm}/${kind}`)
      expect([kind, again.fromCache, again.text]).toEqual([kind, true, first.text])
      expect(JSON.parse(again.text).info.title).toBe(kind === 'gzip' ? 'Small' : 'Größe')
    }
  })

  it('knows where redirects led, of a copy as well', async () => {
    const { ctx } = await newReader()
    const url = `${farm}/redirect-to?url=${encodeURIComponent(`${farm}/minimal`)}`
    const first = await fetchKept(ctx, url)
    const again = await fetchSpec(ctx, url)
    expect([first.url, again.fromCache, again.url]).toEqual([`${farm}/minimal`, true, `${farm}/minimal`])
    expect((await fetchKept(ctx, `${farm}/minimal`)).url).toBe(`${farm}/minimal`)
  })

  it('revalidates a stale copy by ETag and date, and counts it as fresh from then on', async () => {
    const [{ ctx, forward }, host] = await Promise.all([newReader(), scripted()])
    const headers = { etag: '"v1"', 'last-modified': 'Sat, 01 Aug 2026 10:00:00 GMT' }
    await host.answers({ headers, body: openapi('A') }, { status: 304 })
    await fetchKept(ctx, host.url)
    forward(25)
    expect(await fetchKept(ctx, host.url)).toMatchObject({ text: openapi('A'), fromCache: true, warning: null })
    forward(23)
    await fetchKept(ctx, host.url)
    const asked = await host.asked()
    expect(asked).toHaveLength(2)
    expect(asked[1]).toMatchObject({ 'if-none-match': '"v1"', 'if-modified-since': headers['last-modified'] })
  })

  it('takes a new document in place of a stale copy', async () => {
    const [{ ctx, forward }, host] = await Promise.all([newReader(), scripted()])
    await host.answers(
      { headers: { etag: '"v1"' }, body: openapi('A') },
      { headers: { etag: '"v2"' }, body: openapi('B') },
    )
    await fetchKept(ctx, host.url)
    forward(25)
    expect(await fetchKept(ctx, host.url)).toMatchObject({ text: openapi('B'), fromCache: false })
    expect((await fetchSpec(ctx, host.url)).text).toBe(openapi('B'))
  })

  it('asks the host in spite of a fresh copy when it is to revalidate', async () => {
    const [{ ctx }, host] = await Promise.all([newReader(), scripted()])
    await host.answers({ headers: { etag: '"v1"' }, body: openapi('A') }, { status: 304 })
    await fetchKept(ctx, host.url)
    expect(await fetchSpec(ctx, host.url, { revalidate: true })).toMatchObject({ text: openapi('A'), fromCache: true })
    expect((await host.asked())[1]).toMatchObject({ 'if-none-match': '"v1"' })
  })

  it('holds a document with a long URL and with validators that are too long to note', async () => {
    const [{ ctx, forward }, host] = await Promise.all([newReader(), scripted()])
    await host.answers({ headers: { etag: `"${'e'.repeat(900)}"` }, body: openapi('A') })
    const url = `${host.url}?q=${'ü'.repeat(300)}`
    await fetchKept(ctx, url)
    expect((await fetchSpec(ctx, url)).fromCache).toBe(true)
    forward(25)
    expect((await fetchSpec(ctx, url)).text).toBe(openapi('A'))
    expect((await host.asked())[1]?.['if-none-match']).toBeUndefined()
  })

  it('gives up a copy that was damaged, and fetches anew the next time', async () => {
    const [{ ctx }, host] = await Promise.all([newReader(), scripted({ body: openapi('A') })])
    await fetchKept(ctx, host.url)
    const { keys } = await testEnv.SPEC_CACHE.list({ prefix: `spec:${ctx.actor.workspaceId}:` })
    const [key] = keys
    await testEnv.SPEC_CACHE.put(key?.name ?? '', 'not gzip', { metadata: key?.metadata })
    expect((await refusal(fetchSpec(ctx, host.url))).code).toBe('SPEC_UNREACHABLE')
    expect(await fetchSpec(ctx, host.url)).toMatchObject({ text: openapi('A'), fromCache: false })
  })

  it('unpacks no more than a copy is known to have', async () => {
    const [{ ctx }, host] = await Promise.all([newReader(), scripted({ body: openapi('A') })])
    await fetchKept(ctx, host.url)
    const { keys } = await testEnv.SPEC_CACHE.list({ prefix: `spec:${ctx.actor.workspaceId}:` })
    const [key] = keys
    const bomb = new Response(new Blob([new Uint8Array(5_000_000)]).stream().pipeThrough(new CompressionStream('gzip')))
    await testEnv.SPEC_CACHE.put(key?.name ?? '', await bomb.arrayBuffer(), { metadata: key?.metadata })
    expect((await refusal(fetchSpec(ctx, host.url))).code).toBe('SPEC_UNREACHABLE')
  })
})

describe('a host that is down', () => {
  it.each<[string, ScriptedAnswer, string]>([
    ['breaks the connection', { reset: true }, 'SPEC_UNREACHABLE'],
    ['answers 500', { status: 500 }, 'SPEC_HOST_ERROR'],
    ['answers 429', { status: 429 }, 'SPEC_HOST_ERROR'],
    ['redirects without end', { status: 302, headers: { location: '?again' } }, 'SPEC_REDIRECT_LOOP'],
    [
      'is behind an edge that cannot resolve it',
      { status: 530, headers: { server: 'cloudflare', 'cf-ray': '8f-FRA' }, body: 'error code: 1016' },
      'SPEC_DNS_FAILED',
    ],
  ])('and %s: the stale copy is used, and the user told', async (_, failing, code) => {
    const [{ ctx, forward }, host] = await Promise.all([newReader(), scripted({ body: openapi('A') })])
    const { text } = await fetchKept(ctx, host.url)
    await host.answers(failing)
    forward(25)
    const stale = await fetchKept(ctx, host.url)
    expect(stale).toMatchObject({
      text,
      fromCache: true,
      warning: expect.stringMatching(/The copy fetched at 20.* is used/),
    })
    expect((await auditOf(ctx)).at(-1)?.details).toEqual({ outcome: 'stale', level: 'warn', code })
    await host.answers({ body: openapi('B') })
    expect((await fetchSpec(ctx, host.url)).text).toBe(openapi('B'))
  })

  it.each([
    [404, 'SPEC_NOT_FOUND'],
    [410, 'SPEC_NOT_FOUND'],
    [401, 'SPEC_UNAUTHORIZED'],
    [403, 'SPEC_UNAUTHORIZED'],
  ])('is not the same as one that answers %i: the copy is neither used nor kept', async (status, code) => {
    const [{ ctx }, host] = await Promise.all([newReader(), scripted({ body: openapi('A') })])
    await fetchKept(ctx, host.url)
    await host.answers({ status })
    expect((await refusal(fetchSpec(ctx, host.url, { revalidate: true }))).code).toBe(code)
    expect((await refusal(fetchSpec(ctx, host.url))).code).toBe(code)
  })
})

describe('a limit of size', () => {
  it.each([
    ['told by Content-Length', 'huge/2000'],
    ['found out while reading', 'endless'],
    ['found out while unpacking', 'gzip-bomb'],
  ])('%s: SPEC_TOO_LARGE with the limit, which is not a failure yet', async (_, path) => {
    const { ctx } = await newReader()
    const error = await refusal(fetchSpec(ctx, `${farm}/${path}`, { maxBytes: 1000 }))
    expect([error.code, error.extra]).toEqual(['SPEC_TOO_LARGE', { limit: 1000 }])
    expect(await auditOf(ctx)).toEqual([])
  })

  it('that no document may cross is named at once where the host tells of more, and is a failure', async () => {
    const { ctx } = await newReader()
    const error = await refusal(fetchSpec(ctx, `${farm}/huge/26000000`, { maxBytes: 1000 }))
    expect([error.code, error.extra]).toEqual(['SPEC_TOO_LARGE', { limit: 25_000_000 }])
    expect((await auditOf(ctx)).map(({ details }) => details)).toEqual([
      { outcome: 'failed', level: 'warn', code: 'SPEC_TOO_LARGE' },
    ])
  })

  it('holds for a cached copy as well', async () => {
    const { ctx } = await newReader()
    await fetchKept(ctx, `${farm}/minimal`)
    const error = await refusal(fetchSpec(ctx, `${farm}/minimal`, { maxBytes: 100 }))
    expect([error.code, error.extra]).toEqual(['SPEC_TOO_LARGE', { limit: 100 }])
  })

  it('holds for a part that is fetched as text, of which nothing is noted', async () => {
    const { ctx } = await newReader()
    expect(JSON.parse(await fetchText(ctx, `${farm}/minimal`, 5000))).toMatchObject({ openapi: '3.1.0' })
    expect((await refusal(fetchText(ctx, `${farm}/minimal`, 100))).code).toBe('SPEC_TOO_LARGE')
    expect((await refusal(fetchText(ctx, `${farm}/html`, 5000))).code).toBe('SPEC_IS_HTML')
    expect((await refusal(fetchText(ctx, `${farm}/status/404`, 5000))).code).toBe('SPEC_NOT_FOUND')
    expect(await auditOf(ctx)).toEqual([])
  })
})

describe('the audit', () => {
  it('tells of every fetch, without what the URL’s query holds', async () => {
    const [{ ctx, forward }, host] = await Promise.all([newReader(), scripted()])
    await host.answers({ headers: { etag: '"v1"' }, body: openapi('A') }, { status: 304 }, { status: 404 })
    const url = `${host.url}?token=swordfish&v=2#/paths`
    await fetchKept(ctx, url)
    await fetchKept(ctx, url)
    forward(25)
    await fetchKept(ctx, url)
    await refusal(fetchSpec(ctx, url, { revalidate: true }))
    await refusal(fetchSpec(ctx, `${farm}/reset`))
    await refusal(fetchSpec(ctx, 'ftp://me:swordfish@example.com/x'))
    const rows = await auditOf(ctx)
    expect(rows.map(({ details }) => details)).toEqual([
      { outcome: 'fetched', level: 'info' },
      { outcome: 'hit', level: 'info' },
      { outcome: 'revalidated', level: 'info' },
      { outcome: 'failed', level: 'warn', code: 'SPEC_NOT_FOUND' },
      { outcome: 'failed', level: 'error', code: 'SPEC_UNREACHABLE' },
      { outcome: 'failed', level: 'warn', code: 'ADDRESS_REFUSED' },
    ])
    expect(rows[0]?.resource).toBe(`${host.url}?token=…&v=…`)
    expect(JSON.stringify(rows)).not.toContain('swordfish')
  })

  it('has the values of the query in no message either', async () => {
    const { ctx } = await newReader()
    for (const path of ['status/404', 'status/401', 'status/500', 'html', 'reset', 'huge/26000000', 'redirect-loop'])
      expect((await refusal(fetchSpec(ctx, `${farm}/${path}?token=swordfish`))).message).not.toContain('swordfish')
  })
})

describe('a deadline', () => {
  it.each([
    ['slow-headers', 'SPEC_TIMEOUT'],
    ['slow-body', 'SPEC_BODY_TIMEOUT'],
  ])('cuts off %s', async (path, code) => {
    const { ctx } = await newReader()
    expect((await refusal(fetchSpec(ctx, `${farm}/${path}`, { timeoutMs: 150 }))).code).toBe(code)
  })
})

// Through the Worker, as a person would: each failure has its own code, and nothing is left behind.
describe('a document that cannot be fetched', () => {
  const tables = ['connections', 'spec_versions', 'endpoints']

  it.each([
    ['its host has no address', 'https://api.invalid/openapi.json', 502, 'SPEC_DNS_FAILED'],
    ['its host refuses connections', 'http://127.0.0.1:1/openapi.json', 502, 'SPEC_CONNECTION_REFUSED'],
    ['the certificate is self-signed', null, 502, 'SPEC_TLS_FAILED'],
    ['the host speaks no TLS', `${farm.replace('http:', 'https:')}/minimal`, 502, 'SPEC_TLS_FAILED'],
    ['the connection is reset', `${farm}/reset`, 502, 'SPEC_UNREACHABLE'],
    ['the connection breaks off', `${farm}/cut-body`, 502, 'SPEC_UNREACHABLE'],
    ['401', `${farm}/status/401`, 422, 'SPEC_UNAUTHORIZED'],
    ['404', `${farm}/status/404`, 422, 'SPEC_NOT_FOUND'],
    ['500', `${farm}/status/500`, 502, 'SPEC_HOST_ERROR'],
    ['a redirect loop', `${farm}/redirect-loop`, 502, 'SPEC_REDIRECT_LOOP'],
    ['a redirect to a file', `${farm}/redirect-to?url=file:///etc/passwd`, 422, 'ADDRESS_REFUSED'],
    ['a web page', `${farm}/html`, 422, 'SPEC_IS_HTML'],
    ['nothing', `${farm}/empty`, 422, 'SPEC_EMPTY'],
    ['JSON cut short', `${farm}/truncated`, 422, 'SPEC_UNPARSEABLE'],
    ['a YAML bomb', `${farm}/yaml-bomb`, 422, 'SPEC_TOO_COMPLEX'],
    ['gzip that is none', `${farm}/bad-gzip`, 422, 'SPEC_ENCODING'],
    ['bytes that are not in the charset stated', `${farm}/wrong-charset`, 422, 'SPEC_ENCODING'],
  ])('%s: a problem with a request id, and nothing stored', async (_, specUrl, status, code) => {
    const { call, ctx } = await newTenant()
    const { body, ...reply } = await call('POST', '/api/apis', { specUrl: specUrl ?? (await selfSigned()) })
    expect([reply.status, body.code]).toEqual([status, code])
    expect(body.requestId).toBe(reply.headers.get('x-request-id'))
    expect(body.detail).not.toMatch(/\bat .*\.ts|Error:|internal error|Network connection|passwd|decompress/i)
    for (const table of tables) {
      const sql = `select count(*) as n from ${table} where workspace_id = ?`
      expect(await testEnv.DB.prepare(sql).bind(ctx.actor.workspaceId).first()).toEqual({ n: 0 })
    }
    expect((await testEnv.SPEC_CACHE.list({ prefix: `spec:${ctx.actor.workspaceId}:` })).keys).toEqual([])
  })

  it('is cut off at 10 s, whether its headers or its body keep it', { timeout: 20_000 }, async () => {
    const { call } = await newTenant()
    const connect = async (path: string) => {
      const started = Date.now()
      const { status, body } = await call('POST', '/api/apis', { specUrl: `${farm}/${path}` })
      return [status, body.code, Math.round((Date.now() - started) / 1000)]
    }
    expect(await Promise.all([connect('slow-headers'), connect('slow-body')])).toEqual([
      [504, 'SPEC_TIMEOUT', 10],
      [504, 'SPEC_BODY_TIMEOUT', 10],
    ])
  })

  it.each(['bom', 'latin1', 'utf-16', 'gzip'])('is none that comes as %s', async (kind) => {
    const { call } = await newTenant()
    const reply = await call('POST', '/api/apis', { specUrl: `${farm}/${kind}` })
    expect([reply.status, reply.data?.name]).toEqual([201, kind === 'gzip' ? 'Small' : 'Größe'])
  })
})
