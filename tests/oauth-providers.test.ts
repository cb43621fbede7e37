import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { presets } from '../src/connections/credentials/oauth-presets.ts'
import { finishConsent } from '../src/oauth/callback.ts'
import { startConsent } from '../src/oauth/connect.ts'
import { disconnectAccount } from '../src/oauth/service.ts'
import { checkUrl } from '../src/platform/outbound.ts'
import { newTenant } from './helpers.ts'
import { credentialOf } from './oauth-consent.ts'

const ORIGIN = 'https://apiq.test'

/** A request as it left for a provider. */
type Sent = { call: string; authorization: string | null; form: Record<string, string>; text: string }

/** The provider's end of the wire: answers each call by what `answers` says, and keeps what came. */
function wire(answers: Record<string, () => Response | Promise<Response>>) {
  const sent: Sent[] = []
  const answer: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const text = new TextDecoder().decode(await request.arrayBuffer())
    const form = Object.fromEntries(new URLSearchParams(text))
    const call = `${request.method} ${request.url}`
    sent.push({ call, authorization: request.headers.get('authorization'), form, text })
    return (await answers[call]?.()) ?? new Response('not expected', { status: 500 })
  }
  return { sent, fetch: answer }
}

/** A whole consent at a preset's provider, by a client of the caller's own, with the provider's answers as given. */
async function consentAt(
  provider: string,
  answers: (nonce: string) => Record<string, () => Response | Promise<Response>>,
) {
  const tenant = await newTenant()
  const spec = {
    openapi: '3.1.0',
    info: { title: provider, version: '1' },
    servers: [{ url: 'https://api.example.net' }],
    paths: { '/things': { get: { responses: { 200: { description: 'Things' } } } } },
  }
  const auth = {
    type: 'oauth2',
    flow: 'authorizationCode',
    provider,
    clientId: 'own-client',
    clientSecret: 'own-secret',
    scopes: ['things.read'],
  }
  const { id } = (await tenant.call('POST', '/api/apis', { spec, auth })).data
  const { authorizeUrl } = await startConsent(tenant.ctx, id, ORIGIN)
  const asked = new URL(authorizeUrl).searchParams
  const { sent, fetch } = wire(answers(asked.get('nonce') ?? ''))
  const world = { ...tenant.ctx, fetch }
  const back = new Request(`${ORIGIN}/api/oauth/callback?code=the-code&state=${asked.get('state')}`)
  const outcome = await finishConsent(world, back)
  if (!outcome.ok) throw outcome.error
  const { tokens } = (await credentialOf({ ctx: tenant.ctx, id })).credential
  return { account: outcome.connected.account, tokens, sent, disconnect: () => disconnectAccount(world, id) }
}

const json = (body: unknown) => () => Response.json(body)

async function idToken(claims: Record<string, unknown>): Promise<string> {
  const key = new TextEncoder().encode('a key of which nobody asks, thirty-two bytes')
  const jwt = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key)
  // The signature is not looked at: the token comes straight from the provider, over TLS (OpenID Connect Core, 3.1.3.7).
  const [, payload, signature] = jwt.split('.')
  return `${btoa('{"alg":"RS256"}').replace(/=+$/, '')}.${payload}.${signature}`
}

describe('the known providers', () => {
  it('are at addresses that may be called', () => {
    const urls = Object.values(presets).flatMap(({ endpoints, account, revocation }) => [
      ...Object.values(endpoints ?? {}),
      ...[account?.url, revocation?.url.replace('{client_id}', 'x')].flatMap((url) => url ?? []),
    ])
    expect(urls.length).toBeGreaterThan(15)
    for (const url of urls) expect(checkUrl(url, false).protocol).toBe('https:')
  })

  it('Google: id token, and revocation without a client', async () => {
    const { account, tokens, sent, disconnect } = await consentAt('google', (nonce) => ({
      'POST https://oauth2.googleapis.com/token': async () =>
        Response.json({
          access_token: 'a',
          refresh_token: 'r',
          expires_in: 3599,
          scope: 'things.read openid',
          token_type: 'Bearer',
          id_token: await idToken({
            iss: 'https://accounts.google.com',
            aud: 'own-client',
            sub: '1',
            nonce,
            email: 'ada@example.com',
          }),
        }),
      'POST https://oauth2.googleapis.com/revoke': json({}),
    }))
    expect(account).toMatchObject({ provider: 'google', name: 'ada@example.com', scopes: ['things.read', 'openid'] })
    expect(tokens).toMatchObject({ accessToken: 'a', refreshToken: 'r' })
    expect(sent[0]?.form).toMatchObject({ client_id: 'own-client', client_secret: 'own-secret', code: 'the-code' })
    expect(sent[0]?.form['code_verifier']).toMatch(/.{43,}/)
    expect(await disconnect()).toMatchObject({ revoked: true })
    expect(sent.at(-1)).toMatchObject({ authorization: null, form: { token: 'r' } })
  })

  it('Google: an id token for another request is refused', async () => {
    const foreign = consentAt('google', () => ({
      'POST https://oauth2.googleapis.com/token': async () =>
        Response.json({
          access_token: 'a',
          token_type: 'Bearer',
          id_token: await idToken({
            iss: 'https://accounts.google.com',
            aud: 'own-client',
            sub: '1',
            nonce: 'foreign',
          }),
        }),
    }))
    await expect(foreign).rejects.toMatchObject({ code: 'OAUTH_FAILED' })
  })

  it('Microsoft: an issuer for every tenant, so that the id token names but proves nothing', async () => {
    const { account } = await consentAt('microsoft', () => ({
      'POST https://login.microsoftonline.com/common/oauth2/v2.0/token': async () =>
        Response.json({
          access_token: 'a',
          token_type: 'Bearer',
          expires_in: 3600,
          id_token: await idToken({
            iss: 'https://login.microsoftonline.com/some-tenant/v2.0',
            preferred_username: 'ada@example.com',
          }),
        }),
    }))
    expect(account.name).toBe('ada@example.com')
  })

  it('GitHub: a form for an answer, the login from its API, revocation of the whole grant', async () => {
    const { account, tokens, sent, disconnect } = await consentAt('github', () => ({
      'POST https://github.com/login/oauth/access_token': () =>
        new Response('access_token=gho_a&scope=repo%2Cuser&token_type=bearer', {
          headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        }),
      'GET https://api.github.com/user': json({ login: 'ada' }),
      'DELETE https://api.github.com/applications/own-client/grant': () => new Response(null, { status: 204 }),
    }))
    expect(account).toMatchObject({ name: 'ada', scopes: ['repo', 'user'], expiresAt: null })
    expect(tokens).toMatchObject({ accessToken: 'gho_a', refreshToken: null })
    expect(await disconnect()).toMatchObject({ revoked: true })
    expect(sent.at(-1)).toMatchObject({
      authorization: `Basic ${btoa('own-client:own-secret')}`,
      text: '{"access_token":"gho_a"}',
    })
  })

  it('GitHub: a refusal with status 200', async () => {
    const refused = consentAt('github', () => ({
      'POST https://github.com/login/oauth/access_token': json({
        error: 'bad_verification_code',
        error_description: 'marked',
      }),
    }))
    await expect(refused).rejects.toMatchObject({
      code: 'OAUTH_FAILED',
      message: expect.stringMatching(/code is wrong or has expired \(bad_verification_code\)/),
    })
  })

  it('Slack: the person’s token within the answer, revocation by the token itself', async () => {
    const { account, tokens, sent, disconnect } = await consentAt('slack', () => ({
      'POST https://slack.com/api/oauth.v2.access': json({
        ok: true,
        team: { name: 'Analytical Engines' },
        authed_user: { id: 'U1', scope: 'chat:write,im:read', access_token: 'xoxp-a', token_type: 'user' },
      }),
      'POST https://slack.com/api/auth.revoke': json({ ok: true, revoked: true }),
    }))
    expect(account).toMatchObject({ name: 'Analytical Engines', scopes: ['chat:write', 'im:read'] })
    expect(tokens.accessToken).toBe('xoxp-a')
    expect(await disconnect()).toMatchObject({ revoked: true })
    expect(sent.at(-1)).toMatchObject({ authorization: 'Bearer xoxp-a' })
  })

  it('Notion: Basic, null for what there is not, the workspace’s name', async () => {
    const { account, tokens, sent } = await consentAt('notion', () => ({
      'POST https://api.notion.com/v1/oauth/token': json({
        access_token: 'n',
        token_type: 'bearer',
        refresh_token: null,
        workspace_name: 'Engines',
        owner: { user: { person: {} } },
      }),
    }))
    expect(sent[0]?.authorization).toBe(`Basic ${btoa('own-client:own-secret')}`)
    expect([account.name, tokens.refreshToken]).toEqual(['Engines', null])
  })

  it('HubSpot and Stripe: no revocation to speak of', async () => {
    const hubspot = await consentAt('hubspot', () => ({
      'POST https://api.hubapi.com/oauth/v1/token': json({ access_token: 'h', refresh_token: 'r', expires_in: 1800 }),
    }))
    expect(hubspot.account.name).toBeNull()
    expect(await hubspot.disconnect()).toMatchObject({ revoked: false })
    const stripe = await consentAt('stripe', () => ({
      'POST https://connect.stripe.com/oauth/token': json({
        access_token: 's',
        token_type: 'bearer',
        stripe_user_id: 'acct_1',
      }),
    }))
    expect(stripe.account.name).toBe('acct_1')
    expect(await stripe.disconnect()).toMatchObject({ revoked: false })
  })
})
