import { runInDurableObject } from 'cloudflare:test'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { connections } from '../src/connections/tables.ts'
import { newTenant, testEnv } from './helpers.ts'
import {
  auditOf,
  consent,
  CLIENT_SECRET,
  credentialOf,
  endToken,
  newProvider,
  tenantAt,
  type AtProvider,
  type TestProvider,
} from './oauth-consent.ts'

async function connected(): Promise<{ provider: TestProvider; tenant: AtProvider }> {
  const provider = await newProvider()
  const tenant = await tenantAt(provider)
  const { status } = await consent(tenant)
  if (status !== 200) throw new Error('not connected')
  return { provider, tenant }
}

const refreshes = async (provider: TestProvider) =>
  (await provider.tokens()).filter(({ grant }) => grant === 'refresh_token')

const statusOf = async (tenant: AtProvider) => {
  const { body, data } = await tenant.attempt()
  return data?.response.status ?? body.code
}

/** Does something while the connection's row cannot be written. */
async function whileD1IsDown<T>(tenant: AtProvider, act: () => Promise<T>): Promise<T> {
  await testEnv.DB.exec(
    `create trigger down before update on connections when old.id = '${tenant.id}' begin select raise(abort, 'down'); end`,
  )
  try {
    return await act()
  } finally {
    await testEnv.DB.exec('drop trigger down')
  }
}

describe('renewing a token', () => {
  it('asks the provider once, however many calls wait for it', async () => {
    const { provider, tenant } = await connected()
    await endToken(tenant)
    const calls = await Promise.all(Array.from({ length: 50 }, () => statusOf(tenant)))
    expect(new Set(calls)).toEqual(new Set([200]))
    expect(await refreshes(provider)).toEqual([{ grant: 'refresh_token', error: null, verifier: false }])
    expect((await auditOf(tenant)).filter((action) => action === 'connection.token_refreshed')).toHaveLength(1)
  }, 30_000)

  it('keeps the refresh token that comes with each renewal', async () => {
    const { provider, tenant } = await connected()
    const seen = new Set<string>()
    for (let hour = 0; hour < 3; hour++) {
      seen.add((await credentialOf(tenant)).credential.tokens.refreshToken)
      await endToken(tenant)
      expect(await statusOf(tenant)).toBe(200)
    }
    expect(seen.size).toBe(3)
    expect(await refreshes(provider)).toHaveLength(3)
    const { expiresAt } = (await tenant.api()).account
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now())
  })

  it('asks nobody while the token is fresh', async () => {
    const { provider, tenant } = await connected()
    for (let n = 0; n < 3; n++) expect(await statusOf(tenant)).toBe(200)
    expect(await refreshes(provider)).toEqual([])
  })

  it('happens when the API refuses the token, and the call is made again', async () => {
    const { provider, tenant } = await connected()
    await provider.tell('expire')
    const calls = await Promise.all(Array.from({ length: 10 }, () => statusOf(tenant)))
    expect(new Set(calls)).toEqual(new Set([200]))
    expect(await refreshes(provider)).toHaveLength(1)
  })

  it('survives that D1 cannot be written: the object keeps the new refresh token', async () => {
    const { provider, tenant } = await connected()
    await endToken(tenant)
    expect(await whileD1IsDown(tenant, () => statusOf(tenant))).toBe(200)
    const object = testEnv.API_CONNECTION.get(testEnv.API_CONNECTION.idFromName(tenant.id))
    const kept = await runInDurableObject(object, async (_, state) => JSON.stringify([...(await state.storage.list())]))
    expect(kept).toMatch(/pending token/)
    expect(kept).not.toContain(CLIENT_SECRET)
    expect(await statusOf(tenant)).toBe(200)
    await endToken(tenant)
    expect(await statusOf(tenant)).toBe(200)
    expect((await refreshes(provider)).map(({ error }) => error)).toEqual([null, null])
  })

  it('does not lose the new refresh token to a credential that was sealed anew meanwhile', async () => {
    const { provider, tenant } = await connected()
    await endToken(tenant)
    await whileD1IsDown(tenant, () => statusOf(tenant))
    const { credential, replace } = await credentialOf(tenant)
    await replace(credential)
    expect(await statusOf(tenant)).toBe(200)
    await endToken(tenant)
    expect(await statusOf(tenant)).toBe(200)
    expect((await refreshes(provider)).map(({ error }) => error)).toEqual([null, null])
  })

  it('does not put tokens over a credential that was replaced meanwhile', async () => {
    const { tenant } = await connected()
    await endToken(tenant)
    await whileD1IsDown(tenant, () => statusOf(tenant))
    const { credential, replace } = await credentialOf(tenant)
    await replace({ ...credential, clientSecret: 'another secret' })
    await statusOf(tenant)
    expect((await credentialOf(tenant)).credential).toMatchObject({
      clientSecret: 'another secret',
      tokens: { accessToken: credential.tokens.accessToken },
    })
  })
})

describe('a grant that is gone', () => {
  it('is noticed, told to the owner, and stops runs without asking the provider again', async () => {
    const { provider, tenant } = await connected()
    await provider.tell('revoke')
    const first = await tenant.attempt()
    expect(first.body).toMatchObject({
      code: 'NEEDS_RECONNECT',
      detail: expect.stringMatching(/revoked.*\(invalid_grant\).*Connect the API again/),
    })
    expect(await refreshes(provider)).toHaveLength(1)

    const calls = await Promise.all(Array.from({ length: 5 }, () => statusOf(tenant)))
    expect(new Set(calls)).toEqual(new Set(['NEEDS_RECONNECT']))
    const definition = {
      name: 'List orders',
      steps: [{ id: 'orders', type: 'api_call', api: tenant.slug, operation: 'GET /orders' }],
    }
    const workflow = (await tenant.call('POST', '/api/workflows', { definition })).data
    const run = (await tenant.call('POST', `/api/workflows/${workflow.id}/execute?wait=10`, {})).data
    expect([run.status, run.steps[0].attempt, run.steps[0].error]).toMatchObject([
      'failed',
      1,
      { code: 'NEEDS_RECONNECT', message: expect.stringMatching(/Connect the API again/) },
    ])
    expect(await refreshes(provider)).toHaveLength(1)

    expect(await tenant.api()).toMatchObject({
      authStatus: 'needs_reconnect',
      authProblem: expect.stringMatching(/revoked/),
    })
    const notices = (await tenant.call('GET', '/api/notices')).data
    expect(notices).toMatchObject([{ kind: 'needs_reconnect', resource: tenant.id, readAt: null }])
    expect(notices[0].message).toMatch(/^Orders needs you\. /)
    expect(await auditOf(tenant)).toContain('connection.needs_reconnect')
  })

  it('is mended by a new consent', async () => {
    const { provider, tenant } = await connected()
    await provider.tell('revoke')
    expect(await statusOf(tenant)).toBe('NEEDS_RECONNECT')
    expect((await consent(tenant)).status).toBe(200)
    expect(await tenant.api()).toMatchObject({ authStatus: 'ready', authProblem: null })
    expect(await statusOf(tenant)).toBe(200)
  })

  it('is one that ended without a refresh token', async () => {
    const { provider, tenant } = await connected()
    const { credential, replace } = await credentialOf(tenant)
    const tokens = { ...credential.tokens, refreshToken: null }
    await replace({ ...credential, tokens: { ...tokens, obtainedAt: 0, expiresAt: Date.now() + 20_000 } })
    expect(await statusOf(tenant)).toBe(200)
    await replace({ ...credential, tokens })
    await provider.tell('expire')
    // Refused, but not known to have ended: the API may mean something else.
    expect(await statusOf(tenant)).toBe(401)
    await endToken(tenant)
    const { body } = await tenant.attempt()
    expect(body).toMatchObject({ code: 'NEEDS_RECONNECT', detail: expect.stringMatching(/no refresh token/) })
    expect(await refreshes(provider)).toEqual([])
  })
})

describe('the deployment’s own client', () => {
  const server = `${testEnv.UPSTREAMS}/token-servers/okta`
  const behave = async (behaviour: string) => {
    await fetch(server, { method: 'PUT', body: JSON.stringify({ behaviour, requests: [] }) })
  }
  const asked = async () => ((await (await fetch(server)).json()) as { requests: Record<string, string>[] }).requests

  it('renews what it was granted, and marks nothing when it is itself refused', async () => {
    const spec = {
      openapi: '3.1.0',
      info: { title: 'Things', version: '1' },
      servers: [{ url: `${server}/api` }],
      paths: { '/things': { get: { responses: { 200: { description: 'Things' } } } } },
    }
    const tenant = await newTenant()
    const auth = { type: 'oauth2', flow: 'authorizationCode', provider: 'okta' }
    const { id } = (await tenant.call('POST', '/api/apis', { spec, auth })).data
    const begun = (await tenant.call('POST', `/api/apis/${id}/connect`)).data
    expect(begun.authorizeUrl).toMatch(`${server}/authorize?client_id=tests-okta&`)
    const { credential, replace } = await credentialOf({ ...tenant, id })
    expect(credential).toEqual({ clientSecret: null, privateKey: null, tokens: null })
    const tokens = { accessToken: 'old', refreshToken: 'kept', obtainedAt: 0, expiresAt: 1, scopes: [] }
    await replace({ ...credential, tokens })
    await tenant.ctx.db.update(connections).set({ authStatus: 'ready' }).where(eq(connections.id, id))
    const [endpoint] = (await tenant.call('GET', `/api/apis/${id}/endpoints`)).data
    const attempt = () => tenant.call('POST', `/api/apis/${id}/endpoints/${endpoint.id}/try`, {})

    await behave('bearer')
    expect((await attempt()).data.response.status).toBe(200)
    expect(await asked()).toEqual([
      {
        grant_type: 'refresh_token',
        refresh_token: 'kept',
        authorization: `Basic ${btoa('tests-okta:tests-okta-secret')}`,
      },
    ])
    expect((await credentialOf({ ...tenant, id })).credential.tokens.refreshToken).toBe('kept')
    await endToken({ ...tenant, id })
    await behave('error:invalid_client')
    expect((await attempt()).body).toMatchObject({
      code: 'OAUTH_FAILED',
      detail: expect.stringMatching(/invalid_client/),
    })
    expect((await tenant.call('GET', `/api/apis/${id}`)).data.authStatus).toBe('ready')
  })
})
