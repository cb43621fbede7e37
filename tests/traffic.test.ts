import { evictDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { callUpstream } from '../src/connections/egress.ts'
import { readRateHeaders } from '../src/connections/traffic/rate-headers.ts'
import type { Upstream } from '../src/connections/upstream.ts'
import { createWorld } from '../src/context.ts'
import { AppError } from '../src/errors.ts'
import { newId } from '../src/lib/ids.ts'
import { newTenant, testEnv } from './helpers.ts'

type Ledger = {
  windows: { passed: number; refused: number }[]
  calls: { at: number; caller: string; status: number; inFlight: number }[]
}

/** A connection of its own to an API that counts. */
function connect(path: string) {
  const name = newId('con')
  const baseUrl = `${testEnv.UPSTREAMS}/limited/${name}/${path}`
  const upstream: Upstream = {
    id: name,
    workspaceId: newId('wsp'),
    baseUrl,
    origins: [],
    authStatus: 'ready',
    authProblem: null,
    auth: { type: 'none' },
    credential: null,
  }
  const call = (caller = 'one', signal?: AbortSignal) => {
    const world = createWorld(testEnv, caller, () => {})
    const headers = { 'x-request-id': caller }
    return callUpstream(world, upstream, { method: 'GET', url: `${baseUrl}/things`, headers, body: null }, signal)
  }
  const ledger = async (): Promise<Ledger> => (await fetch(`${testEnv.UPSTREAMS}/limited/${name}/ledger`)).json()
  const object = testEnv.API_CONNECTION.get(testEnv.API_CONNECTION.idFromName(name))
  return { call, ledger, baseUrl, object }
}

const documentOf = (baseUrl: string) => ({
  openapi: '3.1.0',
  info: { title: 'Counting', version: '1' },
  servers: [{ url: baseUrl }],
  paths: { '/things': { get: { responses: { 200: { description: 'Things' } } } } },
})

const many = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))

async function problemOf(call: Promise<unknown>): Promise<AppError> {
  const error = await call.then(
    () => null,
    (error: unknown) => error,
  )
  if (error instanceof AppError) return error
  throw new Error(`no problem, but ${String(error)}`)
}

describe('an API that says what is left', () => {
  it('gets no more in a window than it allows, however many calls come at once', async () => {
    const api = connect('counted/10/400')
    await api.call()
    const answers = await many(30, (n) => api.call(`caller${n % 3}`))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    const { windows } = await api.ledger()
    expect(windows.map(({ refused }) => refused)).toEqual(windows.map(() => 0))
    expect(windows.reduce((sum, { passed }) => sum + passed, 0)).toBe(31)
    expect(windows.length).toBeGreaterThanOrEqual(4)
  })

  it('serves a single call soon, though somebody else has many waiting', async () => {
    const api = connect('counted/5/300')
    await api.call()
    const loop = many(30, () => api.call('loop'))
    await api.call('single')
    const { calls } = await api.ledger()
    expect(calls.findIndex(({ caller }) => caller === 'single')).toBeLessThan(12)
    await loop
  })

  it('does not hear of calls that were given up while they waited', async () => {
    const api = connect('counted/1/500')
    await api.call()
    const controller = new AbortController()
    const given = api.call('gone', controller.signal)
    controller.abort()
    await expect(given).rejects.toThrow(/abort/i)
    await api.call('kept')
    const { calls } = await api.ledger()
    expect(calls.map(({ caller }) => caller)).toEqual(['one', 'kept'])
  })
})

describe('an API that refuses without a word before', () => {
  it('is left in peace until Retry-After, and then gets all that waited', async () => {
    const api = connect('silent/10/1000')
    const first = await many(12, () => api.call())
    expect(first.filter(({ status }) => status === 429)).toHaveLength(2)
    const second = await many(5, () => api.call())
    expect(second.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    const { windows } = await api.ledger()
    expect(windows).toEqual([
      { passed: 10, refused: 2 },
      { passed: 5, refused: 0 },
    ])
  })
})

describe('an API that wants silence for an hour', () => {
  it('gets it, also when the object that knows it has died meanwhile', async () => {
    const api = connect('silent/0/3600000')
    expect((await api.call()).status).toBe(429)
    expect((await problemOf(api.call())).headers['retry-after']).toBe('3600')
    await evictDurableObject(api.object)
    expect(Number((await problemOf(api.call())).headers['retry-after'])).toBeGreaterThan(3500)
    expect((await api.ledger()).calls).toHaveLength(1)
  })
})

describe('an API that is down', () => {
  it('gets a few calls, then none: callers are told when to come again', async () => {
    const api = connect('down/1000')
    const answers: number[] = []
    let problem: AppError | null = null
    while (!problem && answers.length < 20) {
      try {
        answers.push((await api.call()).status)
      } catch (error) {
        if (error instanceof AppError) problem = error
      }
    }
    expect(problem).toMatchObject({ code: 'UPSTREAM_BUSY', status: 503, headers: { 'retry-after': '1' } })
    await many(20, async (n) => expect((await problemOf(api.call(`caller${n}`))).code).toBe('UPSTREAM_BUSY'))
    expect((await api.ledger()).calls.length).toBe(answers.length)
    expect(answers.length).toBeLessThanOrEqual(6)
  })

  it('is told of by the explorer as busy, with Retry-After', async () => {
    const api = connect('down/1000')
    const tenant = await newTenant()
    const { data } = await tenant.call('POST', '/api/apis', { slug: 'counting', spec: documentOf(api.baseUrl) })
    const endpoints = await tenant.call('GET', `/api/apis/${data.id}/endpoints`)
    const attempt = () => tenant.call('POST', `/api/apis/${data.id}/endpoints/${endpoints.data[0].id}/try`, {})
    let reply = await attempt()
    for (let n = 0; n < 10 && reply.status === 200; n++) reply = await attempt()
    expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([503, 'UPSTREAM_BUSY', '1'])
  })

  it('is probed by one call of a run, and then gets the rest, so that the run succeeds', async () => {
    const api = connect('down/8')
    const tenant = await newTenant()
    const spec = documentOf(api.baseUrl)
    expect((await tenant.call('POST', '/api/apis', { name: 'Counting', slug: 'counting', spec })).status).toBe(201)
    const steps = Array.from({ length: 8 }, (_, n) => ({
      id: `s${n}`,
      type: 'api_call',
      api: 'counting',
      operation: 'GET /things',
      retry: { maxAttempts: 8 },
    }))
    const { data } = await tenant.call('POST', '/api/workflows', { definition: { name: 'Eight reads', steps } })
    const run = await tenant.call('POST', `/api/workflows/${data.id}/execute?wait=20`, {})
    expect(run.data.status).toBe('succeeded')
    const { calls } = await api.ledger()
    const [probe, next] = calls.filter(({ status }) => status === 200)
    expect([calls.length, probe?.inFlight]).toEqual([16, 1])
    // The others waited until the probe was answered.
    expect((next?.at ?? 0) - (probe?.at ?? 0)).toBeGreaterThanOrEqual(20)
  })
})

const NOW = Date.parse('2026-01-01T00:00:00Z')
const read = (headers: Record<string, string>) => readRateHeaders(new Headers(headers), NOW)
const quota = (limit: number | null, remaining: number, resetMs: number | null, windowMs: number | null = null) => ({
  name: 'default',
  limit,
  remaining,
  resetMs,
  windowMs,
})

describe('rate limit headers', () => {
  it.each([
    [
      'the current draft',
      { 'RateLimit-Policy': '"default";q=100;w=60', RateLimit: '"default";r=50;t=30' },
      quota(100, 50, 30_000, 60_000),
    ],
    ['the current draft without a policy', { RateLimit: '"default";r=50;t=30' }, quota(null, 50, 30_000)],
    [
      'the draft as a dictionary',
      { 'RateLimit-Policy': '100;w=60', RateLimit: 'limit=100, remaining=50, reset=5' },
      quota(100, 50, 5000, 60_000),
    ],
    [
      'three fields of an older draft',
      {
        'RateLimit-Limit': '100, 100;w=60;comment="sliding, mostly"',
        'RateLimit-Remaining': '50',
        'RateLimit-Reset': '50',
      },
      quota(100, 50, 50_000, 60_000),
    ],
    [
      'X- with seconds to go',
      { 'X-RateLimit-Limit': '60', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '47' },
      quota(60, 0, 47_000),
    ],
    [
      'X- with seconds since 1970',
      { 'X-RateLimit-Limit': '5000', 'X-RateLimit-Remaining': '4987', 'X-RateLimit-Reset': String(NOW / 1000 + 3600) },
      quota(5000, 4987, 3_600_000),
    ],
    [
      'X- with milliseconds since 1970',
      { 'X-RateLimit-Limit': '10', 'X-RateLimit-Remaining': '3', 'X-RateLimit-Reset': String(NOW + 250) },
      quota(10, 3, 250),
    ],
    [
      'X- with a fraction of seconds since 1970',
      { 'X-RateLimit-Remaining': '3', 'X-RateLimit-Reset': String(NOW / 1000 + 1.5) },
      quota(null, 3, 1500),
    ],
    [
      'X- with a fraction of seconds to go',
      { 'X-RateLimit-Limit': '5', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset-After': '0.25' },
      quota(5, 0, 250),
    ],
    [
      'X- with a date',
      { 'X-RateLimit-Limit': '5', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': 'Thu, 01 Jan 2026 00:01:00 GMT' },
      quota(5, 0, 60_000),
    ],
    [
      'X- with an ISO date',
      { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '2026-01-01T00:00:05Z' },
      quota(null, 0, 5000),
    ],
    [
      'X- with a hyphen more',
      { 'X-Rate-Limit-Limit': '15', 'X-Rate-Limit-Remaining': '14', 'X-Rate-Limit-Reset': '900' },
      quota(15, 14, 900_000),
    ],
    [
      'a reset that is over',
      { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': String(NOW / 1000 - 10) },
      quota(null, 0, 0),
    ],
    ['no reset', { 'X-RateLimit-Limit': '100', 'X-RateLimit-Remaining': '99' }, quota(100, 99, null)],
    [
      'less than nothing',
      { 'X-RateLimit-Limit': '100', 'X-RateLimit-Remaining': '-1', 'X-RateLimit-Reset': '1' },
      quota(100, 0, 1000),
    ],
    [
      'a reset years away',
      { 'X-RateLimit-Remaining': '5', 'X-RateLimit-Reset': '4102444800' },
      quota(null, 5, 86_400_000),
    ],
  ] as const)('are read as %s', (_, headers, expected) => {
    expect(read(headers).quotas).toEqual([expected])
  })

  it('name several quotas, of which those that do not count calls are left out', () => {
    const policy = '"burst";q=10;w=1, "daily";q=1000;w=86400, "bytes";q=65535;qu="content-bytes";w=10'
    expect(
      read({ 'RateLimit-Policy': policy, RateLimit: '"burst";r=0;t=1, "daily";r=900;t=3600, "bytes";r=9;t=1' }).quotas,
    ).toEqual([
      { name: 'burst', limit: 10, remaining: 0, resetMs: 1000, windowMs: 1000 },
      { name: 'daily', limit: 1000, remaining: 900, resetMs: 3_600_000, windowMs: 86_400_000 },
    ])
  })

  it('have the window in their name', () => {
    const { quotas } = read({
      'X-RateLimit-Limit-Minute': '20',
      'X-RateLimit-Remaining-Minute': '1',
      'X-RateLimit-Limit-Hour': '500',
      'X-RateLimit-Remaining-Hour': '480',
    })
    expect(quotas.map(({ limit, remaining, windowMs }) => [limit, remaining, windowMs])).toEqual([
      [20, 1, 60_000],
      [500, 480, 3_600_000],
    ])
  })

  it('count requests beside something else, with a span as reset', () => {
    const headers = {
      'X-RateLimit-Limit-Requests': '60',
      'X-RateLimit-Remaining-Requests': '59',
      'X-RateLimit-Reset-Requests': '6m0.5s',
    }
    expect(read(headers).quotas).toMatchObject([{ limit: 60, remaining: 59, resetMs: 360_500 }])
  })

  it('are read by the API’s own clock where that is wrong', () => {
    const wrong = NOW + 7_200_000
    const headers = {
      Date: new Date(wrong).toUTCString(),
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': String(wrong / 1000 + 30),
    }
    expect(read(headers).quotas).toMatchObject([{ resetMs: 30_000 }])
  })

  it.each([
    [{}],
    [{ RateLimit: 'a lot' }],
    [{ RateLimit: '"default";t=30' }],
    [{ 'X-RateLimit-Limit': '100' }],
    [{ 'X-RateLimit-Remaining': 'unlimited', 'X-RateLimit-Reset': 'never' }],
    [{ 'X-RateLimit-Remaining': '1e9999' }],
  ])('say nothing where there is nothing to read: %j', (headers) => {
    expect(read(headers)).toEqual({ quotas: [], retryAfterMs: null })
  })

  it.each([
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['soon', null],
  ])('Retry-After: %s', (value, ms) => {
    expect(read({ 'Retry-After': value }).retryAfterMs).toBe(ms)
  })
})
