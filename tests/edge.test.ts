import { createExecutionContext } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { app } from '../src/app.ts'
import { inTime } from '../src/http/deadline.ts'
import { alarmOnDemand } from '../src/platform/alarm-clock.ts'
import { newTenant, send, testEnv } from './helpers.ts'

/** The app with other variables, as another deployment has them. */
function deployed(variables: Record<string, string | undefined>) {
  const env = { ...testEnv, ...variables } as unknown as Env
  return (url: string, init: RequestInit = {}) =>
    app.fetch(new Request(url, init), env, createExecutionContext() as ExecutionContext)
}

const production = {
  ENVIRONMENT: 'production',
  PUBLIC_URL: 'https://apiq.example',
  ALLOW_PRIVATE_UPSTREAMS: 'false',
  DEV_USER_EMAIL: undefined,
  DEV_USER_PASSWORD: undefined,
  DEV_API_KEY: undefined,
}

describe('in production', () => {
  const call = deployed(production)

  it('nothing is answered without TLS', async () => {
    for (const path of ['/api/health', '/openapi.json', '/hooks/x']) {
      const reply = await call(`http://apiq.example${path}`)
      expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([403, 'HTTPS_REQUIRED'])
    }
    expect((await call('https://apiq.example/api/errors')).status).toBe(200)
  })

  it('browsers are told never to come without TLS, and elsewhere not', async () => {
    const live = await call('https://apiq.example/api/errors')
    expect(live.headers.get('strict-transport-security')).toMatch(/max-age=31536000/)
    expect((await send('/api/errors')).headers.get('strict-transport-security')).toBeNull()
  })

  it('cookies are secure, and there is no list of mails', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const body = JSON.stringify({
      name: 'Ada',
      email: `${crypto.randomUUID()}@example.com`,
      password: 'correct horse battery',
    })
    const reply = await call('https://apiq.example/api/auth/register', { ...init, body })
    expect(reply.headers.getSetCookie().join()).toMatch(/^__Secure-apiq\.session_token=.*; Secure/)
    const cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect((await call('https://apiq.example/api/auth/test', { headers: { cookie } })).status).toBe(200)
    expect((await call('https://apiq.example/api/development/mails')).status).toBe(404)
  })
})

describe('every request', () => {
  it('is one line of the log where no level is set', async () => {
    const spy = vi.spyOn(console, 'info').mockImplementation(() => {})
    await deployed({ LOG_LEVEL: undefined })('https://apiq.test/api/nothing')
    const lines = spy.mock.calls.map(([line]) => JSON.parse(String(line)))
    spy.mockRestore()
    expect(lines).toMatchObject([{ message: 'request', status: 404 }])
  })

  it.each([
    ['info', ['info 404', 'error 500']],
    ['warn', ['error 500']],
    ['error', ['error 500']],
    ['silent', []],
  ])('is a line of the log from its level on: at %s', async (level, lines) => {
    const written: string[] = []
    const note = (line: string) => {
      const { level: at, message, status } = JSON.parse(line)
      if (message === 'request') written.push(`${at} ${status}`)
    }
    const spies = (['info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name).mockImplementation(note))
    await deployed({ LOG_LEVEL: level })('https://apiq.test/api/nothing')
    await deployed({ LOG_LEVEL: level, ALLOWED_ORIGINS: '*' })('https://apiq.test/api/errors')
    for (const spy of spies) spy.mockRestore()
    expect(written).toEqual(lines)
  })

  it('is one line of the log: who, what pattern, how it went, and no secret', async () => {
    const { token, ctx } = await newTenant()
    const lines: Record<string, unknown>[] = []
    const spy = vi.spyOn(console, 'info').mockImplementation((line: string) => void lines.push(JSON.parse(line)))
    const call = deployed({ LOG_LEVEL: 'info' })
    const headers = { 'x-api-key': token, 'x-request-id': 'req-in-the-log' }
    const cf = { colo: 'TXL' }
    await call(`https://apiq.test/api/apis/con_nothing?api_key=${token}`, { headers, cf })
    spy.mockRestore()
    expect(lines.filter(({ message }) => message === 'request')).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        message: 'request',
        requestId: 'req-in-the-log',
        method: 'GET',
        route: '/api/apis/:id',
        path: '/api/apis/con_nothing',
        status: 404,
        ms: expect.any(Number),
        principal: expect.stringMatching(/^key_/),
        colo: 'TXL',
      },
    ])
    expect(JSON.stringify(lines)).not.toContain(token)
    expect(ctx.actor.workspaceId).toBeTruthy()
  })

  it('has an end, and the caller is told', async () => {
    const reply = inTime(() => new Promise(() => {}), 20, alarmOnDemand())
    await expect(reply).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', status: 504 })
    expect(await inTime(() => scheduler.wait(20).then(() => 'there'), 10_000, alarmOnDemand())).toBe('there')
  })

  it.each([
    ['/api/auth/test', 30],
    ['/api/v1/auth/test', 30],
    ['/api/keys', 120],
  ])('to %s is answered within %s seconds, whatever it waits for', async (path, seconds) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    try {
      const never = () => new Promise<never>(() => {})
      const statement = { bind: () => statement, all: never, raw: never, run: never, first: never }
      const call = deployed({ DB: { prepare: () => statement } as never })
      const reply = call(`https://apiq.test${path}`, { headers: { 'x-request-id': 'req-that-hangs' } })
      let isAnswered = false
      void Promise.resolve(reply).then(() => (isAnswered = true))
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1)
      expect(isAnswered).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      const { status, headers } = await reply
      expect(status).toBe(504)
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'application/problem+json',
        'x-request-id': 'req-that-hangs',
        'x-content-type-options': 'nosniff',
      })
      expect(await (await reply).json()).toMatchObject({
        code: 'REQUEST_TIMEOUT',
        detail: `There was no answer within ${seconds} seconds.`,
      })
    } finally {
      vi.useRealTimers()
    }
  })

  it('has a body no larger than its route needs', async () => {
    const body = JSON.stringify({ email: 'a@example.com', password: 'x'.repeat(25_000) })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
    expect((await send('/api/auth/login', init)).body.code).toBe('BODY_TOO_LARGE')
    expect((await send('/api/chat', init)).status).toBe(401)
  })
})

it.each(['*', 'https://a.example/', 'a.example'])('an allowed origin is an origin, not %s', async (origin) => {
  const reply = await deployed({ ALLOWED_ORIGINS: origin })('https://apiq.test/api/errors')
  expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([500, 'MISCONFIGURED'])
})

describe('an answer that a handler made by itself', () => {
  const origin = 'https://allowed.example'
  const COMMON = {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-request-id': expect.any(String),
  }

  it('with cookies, to another origin, has them all and what every answer has', async () => {
    const email = `${crypto.randomUUID()}@example.com`
    const init = { method: 'POST', headers: { 'content-type': 'application/json', origin } }
    const body = JSON.stringify({ name: 'Ada', email, password: 'correct horse battery' })
    const { status, headers } = await send('/api/auth/register', { ...init, body })
    expect([status, headers.get('content-type')]).toEqual([201, 'application/json'])
    expect(Object.fromEntries(headers)).toMatchObject(COMMON)
    const cookie = headers.getSetCookie().map((each) => each.split(';')[0])
    expect(cookie).toContainEqual(expect.stringMatching(/^apiq\.session_token=./))
    const out = await send('/api/auth/logout', { ...init, headers: { origin, cookie: cookie.join('; ') } })
    const cleared = out.headers.getSetCookie().filter((each) => /max-age=0/i.test(each))
    expect(cleared.map((each) => each.split('=')[0])).toContain('apiq.session_token')
    expect(cleared.length).toBeGreaterThan(1)
    expect(Object.fromEntries(out.headers)).toMatchObject(COMMON)
  })

  it('with a type of its own keeps it', async () => {
    const { call } = await newTenant()
    const { headers } = await call('GET', '/api/logs/export?format=csv', undefined, { origin })
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(headers.get('content-disposition')).toBe('attachment; filename="audit-log.csv"')
    expect(Object.fromEntries(headers)).toMatchObject({ ...COMMON, ratelimit: expect.stringContaining('"default"') })
  })
})

it('says once that it varies by the origin, to whomever it answers', async () => {
  const { token } = await newTenant()
  const origin = 'https://allowed.example'
  const varies = async (path: string, init: RequestInit = {}) => (await send(path, init)).headers.get('vary')
  for (const path of ['/api/errors', '/api/auth/test', '/api/apis/con_nothing', '/api/nothing'])
    for (const headers of [{}, { origin }, { origin: 'https://evil.example' }] as Record<string, string>[])
      expect(await varies(path, { headers: { ...headers, 'x-api-key': token } })).toBe('Origin')
  const preflight = { origin, 'access-control-request-method': 'POST' }
  expect(await varies('/api/chat', { method: 'OPTIONS', headers: preflight })).toBe(
    'Origin, Access-Control-Request-Headers',
  )
})

it('lets an allowed origin send cookies and read limits, and never says "*"', async () => {
  const origin = 'https://allowed.example'
  const reply = await send('/api/errors', { headers: { origin } })
  expect(Object.fromEntries(reply.headers)).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': expect.stringMatching(/X-RateLimit-Remaining/),
  })
  const other = await send('/api/errors', { headers: { origin: 'https://evil.example' } })
  expect(other.headers.get('access-control-allow-origin')).toBeNull()
})
