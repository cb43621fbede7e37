import { describe, expect, it } from 'vitest'
import { keyFor, newTenant, send, testEnv } from './helpers.ts'
import { cookieOf, json, person } from './people.ts'

describe('people', () => {
  it('registers, is signed in by the cookie, signs out, and signs in again', async () => {
    const ada = person()
    const registered = await send('/api/auth/register', json(ada))
    expect(registered.status).toBe(201)
    expect(registered.headers.getSetCookie().join()).toMatch(/HttpOnly.*SameSite=Lax/i)
    const cookie = cookieOf(registered)
    const me = await send('/api/auth/test', { headers: { cookie } })
    expect(me.data).toMatchObject({
      kind: 'session',
      userId: registered.data.userId,
      workspaceId: registered.data.workspaceId,
    })

    const out = await send('/api/auth/logout', { method: 'POST', headers: { cookie } })
    expect(out.status).toBe(200)
    const session = cookie.split('; ').find((part) => part.includes('session_token')) ?? ''
    expect((await send('/api/auth/test', { headers: { cookie: session } })).status).toBe(401)

    const back = await send('/api/auth/login', json({ email: ada.email, password: ada.password }))
    expect(back.data).toEqual(registered.data)
  })

  it('tells a wrong password and an unknown address apart by nothing', async () => {
    const ada = person()
    await send('/api/auth/register', json(ada))
    const wrong = await send('/api/auth/login', json({ email: ada.email, password: 'not the password' }))
    const unknown = await send('/api/auth/login', json({ email: person().email, password: 'not the password' }))
    expect([wrong.status, wrong.body.code, wrong.body.detail]).toEqual([
      unknown.status,
      unknown.body.code,
      unknown.body.detail,
    ])
    expect(wrong.status).toBe(401)
  })

  it('refuses a second account with the same address, whatever its letter case', async () => {
    const ada = person()
    await send('/api/auth/register', json(ada))
    const again = await send('/api/auth/register', json({ ...ada, email: ada.email.toUpperCase() }))
    expect([again.status, again.body.code]).toEqual([409, 'EMAIL_TAKEN'])
  })

  it('names the field of a registration that does not fit', async () => {
    const reply = await send('/api/auth/register', json({ ...person(), password: 'short' }))
    expect([reply.status, reply.body.code]).toEqual([422, 'VALIDATION_FAILED'])
    expect(reply.body.errors).toMatchObject([{ path: '/password' }])
  })

  it('refuses a change by cookie from another site, and takes it from its own', async () => {
    const cookie = cookieOf(await send('/api/auth/register', json(person())))
    const change = (origin: string) => send('/api/chat', json({ message: 'hello' }, { cookie, origin }))
    expect((await change('https://evil.example')).body.code).toBe('CROSS_SITE_REQUEST')
    expect((await change('https://apiq.test')).status).toBe(201)
    expect((await change('https://allowed.example')).status).toBe(201)
  })

  it('is not fooled by a cookie of its own making', async () => {
    const cookie = '__Secure-apiq.session_token=abc.def; apiq.session_token=abc.def'
    expect((await send('/api/auth/test', { headers: { cookie } })).status).toBe(401)
  })
})

describe('API keys', () => {
  it.each([
    ['X-API-Key', (key: string) => ({ 'x-api-key': key })],
    ['X-API-Key with spaces around', (key: string) => ({ 'x-api-key': `  ${key} ` })],
    ['Authorization: Bearer', (key: string) => ({ authorization: `Bearer ${key}` })],
    ['Authorization: bearer in lower case', (key: string) => ({ authorization: `bearer  ${key}` })],
    ['the same key in both', (key: string) => ({ 'x-api-key': key, authorization: `BEARER ${key}` })],
  ])('takes a key in %s', async (_, headers) => {
    const { token } = await newTenant()
    const reply = await send('/api/auth/test', { headers: headers(token) })
    expect([reply.status, reply.data.kind]).toEqual([200, 'key'])
  })

  it('answers 401 without a key, and with one that is mistyped or unknown', async () => {
    const { token } = await newTenant()
    const details = await Promise.all(
      [{}, { 'x-api-key': 'nonsense' }, { 'x-api-key': `${token.slice(0, -1)}~` }].map(async (headers) => {
        const reply = await send('/api/auth/test', { headers })
        return `${reply.status} ${reply.body.detail}`
      }),
    )
    expect(details).toEqual(['401 API key required', '401 API key invalid', '401 API key invalid'])
  })

  it('refuses two different keys at once', async () => {
    const tenant = await newTenant()
    const other = await keyFor(tenant, ['read'])
    const headers = { 'x-api-key': tenant.token, authorization: `Bearer ${other}` }
    expect((await send('/api/auth/test', { headers })).body.code).toBe('AMBIGUOUS_CREDENTIALS')
  })

  it('lets a read key read and nothing else', async () => {
    const tenant = await newTenant()
    const headers = { 'x-api-key': await keyFor(tenant, ['read']) }
    expect((await send('/api/apis', { headers })).status).toBe(200)
    const write = await send('/api/apis', json({ spec: '{}' }, headers))
    expect([write.status, write.body.code]).toEqual([403, 'FORBIDDEN'])
  })

  it('admits exactly the limit when many come at once, and says when to come back', async () => {
    const tenant = await newTenant()
    const headers = { 'x-api-key': await keyFor(tenant, ['read'], 20) }
    const replies = await Promise.all(Array.from({ length: 50 }, () => send('/api/auth/test', { headers })))
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(20)
    const refused = replies.find((reply) => reply.status === 429)
    expect(refused?.body.detail).toBe('Rate limit exceeded: 20 requests per minute')
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused?.headers.get('ratelimit')).toContain('r=0')
  })
})

it('seeds the development user and key where .dev.vars names them', async () => {
  const vars = testEnv as unknown as Record<string, string>
  const byKey = await send('/api/auth/test', { headers: { 'x-api-key': vars['DEV_API_KEY'] ?? '' } })
  const login = { email: vars['DEV_USER_EMAIL'], password: vars['DEV_USER_PASSWORD'] }
  const byPassword = await send('/api/auth/login', json(login))
  expect(byKey.data.workspaceId).toBe(byPassword.data.workspaceId)
})
