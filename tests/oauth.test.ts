import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { TokenAuth } from '../src/connections/auth-schema.ts'
import { resolveAuth } from '../src/connections/auth.ts'
import { findServer } from '../src/connections/credentials/oauth-server.ts'
import { forgetOldFlows } from '../src/oauth/connect.ts'
import { oauthFlows } from '../src/oauth/tables.ts'
import { newTenant, type Reply, send } from './helpers.ts'
import {
  auditOf,
  browse,
  CLIENT_SECRET,
  comeBack,
  consent,
  credentialOf,
  goThrough,
  newProvider,
  REDIRECT,
  tenantAt,
  webClient,
} from './oauth-consent.ts'
import { FORBIDDEN_URLS } from './ssrf-table.ts'

describe('connecting an account', () => {
  it('goes from the click to a call with the account’s token', async () => {
    const provider = await newProvider()
    const tenant = await tenantAt(provider)
    expect(await tenant.api()).toMatchObject({ authStatus: 'not_connected', account: null })
    expect((await tenant.attempt()).body).toMatchObject({ code: 'NEEDS_RECONNECT', status: 409 })

    const begun = await tenant.call('POST', `/api/apis/${tenant.id}/connect`)
    expect(begun.data.scopes).toEqual(['orders:read', 'orders:write', 'openid', 'email', 'offline_access'])
    expect(Object.fromEntries(new URL(begun.data.authorizeUrl).searchParams)).toMatchObject({
      client_id: 'web-client',
      redirect_uri: REDIRECT,
      response_type: 'code',
      code_challenge_method: 'S256',
      nonce: expect.any(String),
      state: expect.stringMatching(/.{40,}/),
    })
    const back = await comeBack(await browse(begun.data.authorizeUrl))
    const account = { name: 'ada@example.com', scopes: expect.arrayContaining(['orders:read', 'orders:write']) }
    expect(back.data).toMatchObject({ id: tenant.id, account })
    expect(back.headers.get('cache-control')).toBe('no-store')

    expect((await tenant.attempt()).data.response).toMatchObject({
      status: 200,
      body: { client: 'web-client', youSent: 'Bearer •••' },
    })
    expect(await tenant.api()).toMatchObject({ authStatus: 'ready', account })
    expect((await tenant.call('GET', '/api/accounts')).data).toMatchObject([
      { name: 'ada@example.com', status: 'ready', connection: { id: tenant.id }, expiresAt: expect.any(String) },
    ])
    expect((await provider.tokens())[0]).toEqual({ grant: 'authorization_code', error: null, verifier: true })
    expect(await auditOf(tenant)).toEqual(
      expect.arrayContaining(['connection.connect_started', 'connection.connected']),
    )
  })

  it('works with the endpoints that the specification names, no issuer known', async () => {
    const tenant = await tenantAt(await newProvider(), webClient())
    expect((await tenant.api()).auth).toMatchObject({
      issuer: null,
      authorizationUrl: expect.stringMatching(/\/auth$/),
    })
    expect((await consent(tenant)).status).toBe(200)
    expect((await tenant.attempt()).data.response.status).toBe(200)
  })

  it('sends a browser back to the API’s page, with nothing of the provider’s in its address', async () => {
    const tenant = await tenantAt(await newProvider())
    const url = await goThrough(tenant)
    const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
    const back = await comeBack(url, browser)
    expect([back.status, back.headers.get('location')]).toEqual([303, `/apis/${tenant.id}?connected=1`])
    const again = await comeBack(url, browser)
    expect([again.status, again.headers.get('location')]).toEqual([303, '/apis?connect_error=OAUTH_FAILED'])
  })

  it('asks for the scopes that are given instead of those that the operations need', async () => {
    const provider = await newProvider()
    const tenant = await tenantAt(provider, webClient({ issuer: provider.url, scopes: ['orders:read'] }))
    await consent(tenant)
    const overview = (await tenant.call('GET', `/api/apis/${tenant.id}/auth`)).data
    expect(overview.scopes).toEqual([
      { scope: 'orders:read', description: 'Read orders', operations: 1, granted: true },
      { scope: 'orders:write', description: 'Change orders', operations: 1, granted: false },
    ])
    expect(overview.operations).toEqual({ total: 2, covered: 1 })
    expect(overview.offered.filter((offer: { scheme: unknown }) => offer.scheme)).toMatchObject([
      { scheme: 'person', prefilled: { flow: 'authorizationCode', tokenUrl: `${provider.url}/token` } },
      { scheme: 'machine', prefilled: { flow: 'clientCredentials' }, asks: ['clientId', 'clientSecret'] },
      { scheme: 'oidc', prefilled: { issuer: provider.url } },
    ])
  })

  it('forgets the account, and the provider takes the grant back', async () => {
    const provider = await newProvider()
    const tenant = await tenantAt(provider)
    await consent(tenant)
    const { accessToken } = (await credentialOf(tenant)).credential.tokens
    const orders = () => fetch(`${provider.url}/api/orders`, { headers: { authorization: `Bearer ${accessToken}` } })
    expect((await orders()).status).toBe(200)
    expect((await tenant.call('POST', `/api/apis/${tenant.id}/disconnect`)).data).toEqual({
      id: tenant.id,
      revoked: true,
    })
    expect((await orders()).status).toBe(401)
    expect(await tenant.api()).toMatchObject({ authStatus: 'not_connected', account: null })
    expect((await credentialOf(tenant)).credential).toMatchObject({ tokens: null, clientSecret: CLIENT_SECRET })
    expect((await tenant.attempt()).body.code).toBe('NEEDS_RECONNECT')
    expect((await tenant.call('GET', '/api/accounts')).data).toEqual([])
    expect((await consent(tenant)).status).toBe(200)
  })

  it('is not for an API that needs nobody’s consent', async () => {
    const provider = await newProvider()
    const tenant = await tenantAt(provider, { type: 'bearer', token: 'a-token' })
    expect((await tenant.call('POST', `/api/apis/${tenant.id}/connect`)).body.code).toBe('CONFLICT')
    expect((await tenant.call('POST', `/api/apis/${tenant.id}/disconnect`)).body.code).toBe('CONFLICT')
  })

  it('is not for another workspace, nor for a key that may only read', async () => {
    const tenant = await tenantAt(await newProvider())
    const stranger = await newTenant()
    expect((await stranger.call('POST', `/api/apis/${tenant.id}/connect`)).status).toBe(404)
    expect((await stranger.call('GET', `/api/apis/${tenant.id}/auth`)).status).toBe(404)
  })
})

/** Refused, and the connection as unconnected as before. */
async function expectRefused(reply: Reply, tenant: Awaited<ReturnType<typeof tenantAt>>, detail: RegExp) {
  expect([reply.status, reply.body.code]).toEqual([422, 'OAUTH_FAILED'])
  expect(reply.body.detail).toMatch(detail)
  expect(await tenant.api()).toMatchObject({ authStatus: 'not_connected', account: null })
}

describe('the way back', () => {
  it('is refused with a state that was never given out, or was used', async () => {
    const tenant = await tenantAt(await newProvider())
    const url = new URL(await goThrough(tenant))
    const forged = new URL(url)
    forged.searchParams.set('state', 'x'.repeat(43))
    await expectRefused(await comeBack(forged.href), tenant, /never given out/)
    forged.searchParams.delete('state')
    await expectRefused(await comeBack(forged.href), tenant, /never given out/)
    const twice = await Promise.all([comeBack(url.href), comeBack(url.href)])
    expect(twice.map(({ status }) => status).toSorted()).toEqual([200, 422])
    expect((await comeBack(url.href)).status).toBe(422)
  })

  it('is closed after ten minutes', async () => {
    const tenant = await tenantAt(await newProvider())
    const url = await goThrough(tenant)
    await tenant.ctx.db
      .update(oauthFlows)
      .set({ expiresAt: new Date(Date.now() - 1).toISOString() })
      .where(eq(oauthFlows.connectionId, tenant.id))
    await expectRefused(await comeBack(url), tenant, /ten minutes/)
    await goThrough(tenant)
    await forgetOldFlows({ ...tenant.ctx, now: () => Date.now() + 601_000 })
    expect(await tenant.ctx.db.select().from(oauthFlows).where(eq(oauthFlows.connectionId, tenant.id))).toEqual([])
  })

  it('is refused when another issuer answers (RFC 9207), or none although one must', async () => {
    const tenant = await tenantAt(await newProvider())
    const other = new URL(await goThrough(tenant))
    expect(other.searchParams.get('iss')).not.toBeNull()
    other.searchParams.set('iss', 'https://attacker.example.com')
    await expectRefused(await comeBack(other.href), tenant, /does not match/)
    const none = new URL(await goThrough(tenant))
    none.searchParams.delete('iss')
    await expectRefused(await comeBack(none.href), tenant, /does not match|lacks/)
  })

  it('is refused when another issuer answers where only endpoints are known', async () => {
    const tenant = await tenantAt(await newProvider(), webClient())
    const url = new URL(await goThrough(tenant))
    expect(url.searchParams.get('iss')).not.toBeNull()
    url.searchParams.set('iss', 'https://attacker.example.com')
    await expectRefused(await comeBack(url.href), tenant, /does not match/)
  })

  it('says that access was denied', async () => {
    const provider = await newProvider()
    const tenant = await tenantAt(provider)
    await provider.tell('deny')
    await expectRefused(await comeBack(await goThrough(tenant)), tenant, /access was denied \(access_denied\)/)
    expect((await tenant.api()).authProblem).toMatch(/access was denied/)
    expect(await auditOf(tenant)).toContain('connection.connect_failed')
  })

  it('does not repeat what stands in an error that is none of the standard’s', async () => {
    const tenant = await tenantAt(await newProvider())
    const url = new URL(await goThrough(tenant))
    url.searchParams.delete('code')
    url.searchParams.set('error', 'marked<script>')
    const reply = await comeBack(url.href)
    await expectRefused(reply, tenant, /error code of its own/)
    expect(JSON.stringify([reply.body, await tenant.api()])).not.toContain('marked<script>')
  })

  it('needs the verifier that was sent as a challenge, and the nonce in the id token', async () => {
    const provider = await newProvider()
    const tenant = await tenantAt(provider)
    const begin = async (parameter: string, value: string) => {
      const url = new URL((await tenant.call('POST', `/api/apis/${tenant.id}/connect`)).data.authorizeUrl)
      url.searchParams.set(parameter, value)
      return browse(url.href)
    }
    const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    await expectRefused(await comeBack(await begin('code_challenge', challenge)), tenant, /invalid_grant/)
    await expectRefused(await comeBack(await begin('nonce', 'of another request')), tenant, /not for this request/)
    // Whoever catches a code cannot redeem it: the verifier never left us.
    const code = new URL(await goThrough(tenant)).searchParams.get('code') ?? ''
    const stolen = await fetch(`${provider.url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`web-client:${CLIENT_SECRET}`)}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT }),
    })
    expect([stolen.status, await stolen.json()]).toMatchObject([400, { error: 'invalid_grant' }])
  })

  it('does not land on settings that were changed meanwhile', async () => {
    const provider = await newProvider()
    const tenant = await tenantAt(provider)
    const url = await goThrough(tenant)
    const auth = webClient({ issuer: provider.url, scopes: ['orders:read'] })
    expect((await tenant.call('PATCH', `/api/apis/${tenant.id}`, { auth })).status).toBe(200)
    await expectRefused(await comeBack(url), tenant, /changed meanwhile/)
  })

  it('is for the signed-in person who began, and for nobody else', async () => {
    const provider = await newProvider()
    const [ada, eve] = [await signUp(), await signUp()]
    const as = (cookie: string) => ({ cookie, 'content-type': 'application/json', origin: 'https://apiq.test' })
    const created = await send('/api/apis', {
      method: 'POST',
      headers: as(ada),
      body: JSON.stringify({ specUrl: `${provider.url}/openapi.json`, auth: webClient({ issuer: provider.url }) }),
    })
    const begin = () => send(`/api/apis/${created.data.id}/connect`, { method: 'POST', headers: as(ada) })
    const go = async () => browse((await begin()).data.authorizeUrl)
    for (const headers of [{ cookie: eve }, {}]) {
      const refused = await comeBack(await go(), headers as Record<string, string>)
      expect([refused.status, refused.body.detail]).toEqual([422, expect.stringMatching(/somebody else/)])
    }
    expect((await comeBack(await go(), { cookie: ada })).status).toBe(200)
  })
})

async function signUp(): Promise<string> {
  const reply = await send('/api/auth/register', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'Ada',
      email: `${crypto.randomUUID()}@example.com`,
      password: 'correct horse battery',
    }),
  })
  return reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

describe('providers', () => {
  it('are offered with whether this deployment has a client there', async () => {
    const { data } = await (await newTenant()).call('GET', '/api/oauth/providers')
    const ids = data.map(({ id }: { id: string }) => id)
    expect(ids).toEqual(['google', 'microsoft', 'okta', 'github', 'slack', 'hubspot', 'notion', 'stripe'])
    expect(data).toContainEqual({ id: 'google', name: 'Google', configured: true })
    expect(data).toContainEqual({ id: 'okta', name: 'Okta', configured: true })
    expect(data).toContainEqual({ id: 'slack', name: 'Slack', configured: false })
  })

  const spec = (url: string) => ({
    openapi: '3.1.0',
    info: { title: 'Calendar', version: '1' },
    servers: [{ url }],
    paths: { '/events': { get: { responses: { 200: { description: 'Events' } } } } },
  })
  const google = { type: 'oauth2', flow: 'authorizationCode', provider: 'google', scopes: ['calendar.readonly'] }

  it('are asked with what each of them wants, under the deployment’s own client', async () => {
    const tenant = await newTenant()
    const { data } = await tenant.call('POST', '/api/apis', {
      spec: spec('https://www.googleapis.com/calendar'),
      auth: google,
    })
    expect(data).toMatchObject({ authStatus: 'not_connected', auth: { provider: 'google', clientId: null } })
    const begun = await tenant.call('POST', `/api/apis/${data.id}/connect`)
    const url = new URL(begun.data.authorizeUrl)
    expect(url.origin + url.pathname).toBe('https://accounts.google.com/o/oauth2/v2/auth')
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: 'tests-google',
      scope: 'calendar.readonly openid email',
      access_type: 'offline',
      prompt: 'consent',
      code_challenge_method: 'S256',
    })
  })

  it('part scopes in their own way', async () => {
    const tenant = await newTenant()
    const auth = {
      ...google,
      provider: 'slack',
      clientId: 'own',
      clientSecret: 'own-secret',
      scopes: ['chat:write', 'im:read'],
    }
    const { data } = await tenant.call('POST', '/api/apis', { spec: spec('https://slack.com/api'), auth })
    const url = new URL((await tenant.call('POST', `/api/apis/${data.id}/connect`)).data.authorizeUrl)
    expect([url.searchParams.get('user_scope'), url.searchParams.get('scope')]).toEqual(['chat:write,im:read', null])
  })

  it('do not lend the deployment’s client to other hosts, other endpoints, or to who has none', async () => {
    const tenant = await newTenant()
    const { data } = await tenant.call('POST', '/api/apis', { spec: spec('https://api.other.com'), auth: google })
    const refused = await tenant.call('POST', `/api/apis/${data.id}/connect`)
    expect(refused.body).toMatchObject({
      code: 'VALIDATION_FAILED',
      detail: expect.stringMatching(/api\.other\.com is not/),
    })
    const elsewhere = { ...google, tokenUrl: 'https://attacker.example.com/token' }
    for (const auth of [
      elsewhere,
      { ...google, provider: 'slack' },
      { ...google, provider: 'nobody' },
      webClient({ clientId: undefined }),
    ])
      expect((await tenant.call('POST', '/api/apis', { spec: spec('https://www.googleapis.com'), auth })).status).toBe(
        422,
      )
  })
})

describe('forbidden addresses', () => {
  const auth = { type: 'oauth2' as const, flow: 'clientCredentials' as const, clientId: 'a', clientSecret: 'b' }
  const strict = async () => {
    const { ctx } = await newTenant()
    return { ...ctx, config: { ...ctx.config, allowPrivateUpstreams: false } }
  }
  const problem = (work: Promise<unknown>) =>
    work.then(
      () => 'taken',
      (error: { code?: string }) => error.code,
    )

  it.each(['tokenUrl', 'issuer'])('are refused as %s', async (place) => {
    const { config } = await strict()
    for (const url of FORBIDDEN_URLS)
      expect([url, await problem(resolveAuth(config, { ...auth, [place]: url }, []))]).toEqual([url, 'ADDRESS_REFUSED'])
    const allowed = { ...auth, [place]: 'https://auth.example.net/token' }
    expect(await problem(resolveAuth(config, allowed, []))).toBe('taken')
  })

  it('are refused where a discovery document names them', async () => {
    const issuer = 'https://issuer.example.net'
    const world = await strict()
    const settings: TokenAuth = {
      ...auth,
      issuer,
      tokenUrl: null,
      scopes: [],
      audience: null,
      clientAuthentication: 'client_secret_basic',
    }
    const discover = (token_endpoint: string) =>
      problem(findServer({ ...world, fetch: async () => Response.json({ issuer, token_endpoint }) }, settings))
    for (const url of FORBIDDEN_URLS) expect([url, await discover(url)]).toEqual([url, 'ADDRESS_REFUSED'])
    expect(await discover(`${issuer}/token`)).toBe('taken')
  })
})
