import { runInDurableObject } from 'cloudflare:test'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { send, newTenant, testEnv, type Reply, type Tenant } from './helpers.ts'
import { comeBack, REDIRECT } from './oauth-consent.ts'
import { kinds, marks, newEcho, newMark, type Kind } from './secrets-kinds.ts'
import { findMarks, searchStores, type Mark, type Sighting } from './secrets-search.ts'

const lines: string[] = []
const heard: { place: string; text: string }[] = []

beforeAll(() => {
  // Everything is logged, by everybody who reads these settings.
  Object.assign(testEnv, { LOG_LEVEL: 'debug' })
  Object.assign(loadConfig(testEnv), { logLevel: 'debug' })
  for (const at of ['debug', 'info', 'log', 'warn', 'error'] as const)
    vi.spyOn(console, at).mockImplementation((...said: unknown[]) => void lines.push(said.map(String).join(' ')))
})

/** A tenant all of whose answers are kept, headers and events included. */
async function newWatched(): Promise<Tenant> {
  const tenant = await newTenant()
  const call: Tenant['call'] = async (method, path, body, headers) => {
    const reply = await tenant.call(method, path, body, headers)
    heard.push({ place: `${method} ${path}: ${reply.status}`, text: textOf(reply) })
    return reply
  }
  return { ...tenant, call }
}

function textOf({ headers, body }: Reply): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  // JSON writes some characters otherwise; both forms are looked at.
  return `${[...headers].join('\n')}\n${text}\n${JSON.stringify(valuesOf(body))}\n${valuesOf(body).join('\n')}`
}

function valuesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Object.entries(value).flatMap(([name, inner]) => [name, ...valuesOf(inner)])
}

async function consent(tenant: Tenant, id: string): Promise<void> {
  const begun = await tenant.call('POST', `/api/apis/${id}/connect`)
  expect([begun.status, begun.body.detail]).toEqual([200, undefined])
  const state = new URL(begun.data.authorizeUrl).searchParams.get('state') ?? ''
  const back = await comeBack(`${REDIRECT}?code=${encodeURIComponent(newMark('code'))}&state=${state}`)
  heard.push({ place: 'callback', text: textOf(back) })
  expect(back.status).toBeLessThan(400)
}

/** Uses everything that there is with one kind of credential. */
async function useEverything(kind: Kind): Promise<void> {
  const echo = await newEcho(kind.tokens, kind.refreshToken)
  const tenant = await newWatched()
  marks.push({ name: 'key of the workspace', value: tenant.token.slice(-32) })
  const { call } = tenant
  const auth = await kind.auth(echo.tokenUrl)
  const connected = await call('POST', '/api/apis', { specUrl: echo.specUrl, name: 'Echo', auth })
  expect([connected.status, connected.body.detail]).toEqual([201, undefined])
  const { id, slug } = connected.data
  if (kind.name === 'authorization code') await consent(tenant, id)
  await call('POST', '/api/apis', { specUrl: echo.specUrl, slug, auth })
  await call('POST', '/api/apis', { specUrl: `${testEnv.UPSTREAMS}/broken/status/500`, auth })
  await call('POST', '/api/apis', { specUrl: echo.specUrl, auth: { ...auth, type: 'unknown' } })
  await call('POST', '/api/apis', {
    specUrl: echo.specUrl,
    auth: { ...auth, in: 'nowhere', tokenUrl: 'none', headers: 1 },
  })
  const endpoints = (await call('GET', `/api/apis/${id}/endpoints?limit=100`)).data as {
    id: string
    operationId: string
    method: string
    path: string
  }[]
  for (const path of ['', '/auth', '/versions', '/ingestion', '/endpoints?query=mirror'])
    await call('GET', `/api/apis/${id}${path}`)
  await call('POST', `/api/apis/${id}/test`)
  for (const endpoint of endpoints)
    await call('POST', `/api/apis/${id}/endpoints/${endpoint.id}/try`, { parameters: { note: 'a note' } })
  await call('PATCH', `/api/apis/${id}/endpoints/${endpoints[0]?.id}`, { effect: 'update' })
  await call('POST', `/api/apis/${id}/refresh`, {})
  const step = (path: string) => ({
    id: path,
    type: 'api_call',
    api: slug,
    operation: `POST /${path}`,
    parameters: { note: 'a note' },
  })
  for (const path of ['mirror', 'refuse', 'unauthorized', 'away']) {
    const steps = [step(path), { id: 'all', type: 'transform', value: `{{ steps.${path} }}` }]
    const workflow = await call('POST', '/api/workflows', { definition: { name: path, steps } })
    expect([workflow.status, workflow.body.detail]).toEqual([201, undefined])
    const run = await call('POST', `/api/workflows/${workflow.data.id}/execute?wait=10`, {})
    await call('GET', `/api/executions/${run.data.id}`)
    await call('GET', `/api/executions/${run.data.id}/events`)
    await call('GET', `/api/workflows/${workflow.data.id}`)
  }
  const plan = await call('POST', '/api/chat', { message: 'mirror everything' })
  await call('GET', `/api/chat/${plan.data?.id}`)
  const ran = await call('POST', '/api/chat/execute?wait=10', { planId: plan.data?.id, inputs: {} })
  if (ran.data?.id) await call('GET', `/api/executions/${ran.data.id}/events`)
  const again = await kind.auth(echo.tokenUrl)
  await call('PATCH', `/api/apis/${id}`, { auth: again, name: 'Echo again' })
  await call('PATCH', `/api/apis/${id}`, { baseUrl: 'http://localhost:1' })
  if (kind.name === 'authorization code') await consent(tenant, id)
  await call('POST', `/api/apis/${id}/endpoints/${endpoints[0]?.id}/try`, {})
  for (const path of [
    '/api/apis',
    '/api/workflows',
    '/api/executions',
    '/api/notices',
    '/api/accounts',
    '/api/admin/spec-cache',
    '/api/auth/test',
    '/api/health',
    '/api/catalog/search?q=mirror',
  ])
    await call('GET', path)
  expectArrived(await echo.seen())
}

/** That a credential was really sent, and only to its own host, or nothing that is not found would mean anything. */
function expectArrived(seen: readonly string[]): void {
  const calls = seen.filter((line) => !line.startsWith('token '))
  const sentTo = (host: string) =>
    calls
      .filter((line) => line.startsWith(host))
      .map((line) => findMarks(marks, valuesOf(JSON.parse(line.slice(line.indexOf('{')))).join('\n'), host).length > 0)
  // A test of the connection asks without a credential, too.
  expect(sentTo('127.0.0.1').filter(Boolean).length).toBeGreaterThan(10)
  expect(sentTo('localhost').filter(Boolean)).toEqual([])
}

/** Where any mark was found, in what was answered, logged and kept. */
async function sightings(): Promise<Sighting[]> {
  return [
    ...heard.flatMap(({ place, text }) => findMarks(marks, text, place)),
    ...findMarks(marks, lines.join('\n'), 'log'),
    ...(await searchStores(marks)),
  ]
}

describe('marked secrets', () => {
  it.each(kinds)(
    '$name: sealed, and in the clear nowhere',
    async (kind) => {
      await useEverything(kind)
      expect(lines.length).toBeGreaterThan(10)
      expect(await sightings()).toEqual([])
    },
    60_000,
  )

  it('given with a large document: sealed while it is read, whether it can be used or not', async () => {
    const echo = await newEcho()
    const tenant = await newWatched()
    const document = (await (await fetch(echo.specUrl)).json()) as object
    const usable = JSON.stringify({ ...document, 'x-padding': 'x'.repeat(1_200_000) })
    for (const spec of [usable, usable.replace('"paths"', '"x-paths"'), usable.slice(0, -10)]) {
      const auth = { type: 'bearer', token: newMark('bearer of a large document') }
      const { status, data } = await tenant.call('POST', '/api/apis', { spec, auth })
      expect(status).toBe(202)
      expect(await sightings()).toEqual([])
      await tenant.call('GET', `/api/apis/${data.id}/ingestion/events`)
      await tenant.call('GET', `/api/apis/${data.id}`)
      const form = new FormData()
      form.append('spec', new File([spec], 'large.json'))
      form.append('auth', JSON.stringify(auth))
      const uploaded = await send('/api/apis/upload', {
        method: 'POST',
        body: form,
        headers: { 'x-api-key': tenant.token },
      })
      heard.push({ place: 'upload', text: textOf(uploaded) })
      await tenant.call('GET', `/api/apis/${uploaded.data.id}/ingestion/events`)
    }
    expect(await sightings()).toEqual([])
  }, 60_000)

  it('leave nothing behind when the API is disconnected', async () => {
    const echo = await newEcho()
    const tenant = await newWatched()
    const auth = { type: 'bearer', token: newMark('bearer of a gone API') }
    const { data } = await tenant.call('POST', '/api/apis', { specUrl: echo.specUrl, auth })
    expect((await tenant.call('DELETE', `/api/apis/${data.id}`)).status).toBe(200)
    const { results } = await testEnv.DB.prepare('select id from connections where id = ?').bind(data.id).all()
    expect(results).toEqual([])
    expect(await sightings()).toEqual([])
  })
})

describe('the search itself', () => {
  const planted: Mark = { name: 'planted', value: 'Planted0123456789+/=&%"\\~Planted0123456789' }
  const { value } = planted
  const base64 = btoa(value)

  it.each([
    ['plain', `a ${value} b`],
    ['JSON', JSON.stringify({ a: { b: `x${value}` } })],
    ['percent', `?key=${encodeURIComponent(value)}`],
    ['form', new URLSearchParams({ key: value }).toString()],
    ['Base64', `Basic ${base64}`],
    ['Base64 behind one byte', btoa(`u${value}`)],
    ['Base64 behind two bytes', btoa(`u:${value}, and more`)],
    ['Base64 for URLs', btoa(`user:${value}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')],
    ['reversed', [...value].toReversed().join('')],
    ['cut off', `${value.slice(0, 12)}…`],
    ['hexadecimal', [...value].map((char) => char.charCodeAt(0).toString(16)).join('')],
  ])('finds a mark that is %s', (_, text) => {
    expect(findMarks([planted], text, 'here')).not.toEqual([])
  })

  it('finds it in every kind of store', async () => {
    const gzip = new Response(new Blob([value]).stream().pipeThrough(new CompressionStream('gzip')))
    await testEnv.DB.prepare('create table planted (blob, text)').run()
    await testEnv.DB.prepare('insert into planted values (?, ?)').bind(new TextEncoder().encode(value), null).run()
    await testEnv.SPEC_CACHE.put('planted', await gzip.arrayBuffer())
    await testEnv.API_KEYS.put('planted', 'x', { metadata: { value } })
    for (const name of ['RATE_LIMITER', 'WORKFLOW_RUN', 'RUN_HOST', 'RUN_REGISTER', 'API_CONNECTION'] as const) {
      const object = testEnv[name].get(testEnv[name].newUniqueId() as never) as DurableObjectStub
      await runInDurableObject(object, async (_, { storage }) => {
        await storage.put('planted', new Map([['in', { a: [value] }]]))
        storage.sql.exec('create table planted (text)')
        storage.sql.exec('insert into planted values (?)', value)
      })
    }
    const places = new Set((await searchStores([planted])).map(({ place }) => place))
    expect([...places].toSorted()).toEqual([
      'API_CONNECTION key planted',
      'API_CONNECTION table planted',
      'API_KEYS planted',
      'D1 planted',
      'RATE_LIMITER key planted',
      'RATE_LIMITER table planted',
      'RUN_HOST key planted',
      'RUN_HOST table planted',
      'RUN_REGISTER key planted',
      'RUN_REGISTER table planted',
      'SPEC_CACHE planted, unpacked',
      'WORKFLOW_RUN key planted',
      'WORKFLOW_RUN table planted',
    ])
  })

  it('reads what the Worker keeps, and hears what it logs', async () => {
    const tenant = await newWatched()
    const seen: Mark = { name: 'no secret', value: 'A-name-that-is-nowhere-else-0123' }
    const echo = await newEcho()
    const { data } = await tenant.call('POST', '/api/apis', { specUrl: echo.specUrl, name: seen.value })
    expect(findMarks([seen], heard.at(-1)?.text ?? '', 'answer')).not.toEqual([])
    expect((await searchStores([seen])).map(({ place }) => place)).toContain('D1 connections')
    expect(lines.some((line) => line.includes('/api/apis'))).toBe(true)
    const object = testEnv.API_CONNECTION.getByName(data.id)
    const levelOf = (one: unknown) => loadConfig((one as { env: Env }).env).logLevel
    expect(await runInDurableObject(object, levelOf)).toBe('debug')
  })
})
