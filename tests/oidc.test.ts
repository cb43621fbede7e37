import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { SignInProvider } from '../src/config.ts'
import { createWorld, type World } from '../src/context.ts'
import { finishAtProvider, startSignIn } from '../src/oidc/flow.ts'
import { listSignInOptions } from '../src/oidc/providers.ts'
import { signInAs } from '../src/oidc/sign-in.ts'
import { newId } from '../src/lib/ids.ts'
import { send, testEnv } from './helpers.ts'
import { browse, CLIENT_SECRET, newProvider } from './oauth-consent.ts'
import { actionsOf, json, mailTo, newPerson } from './people.ts'
import { totp } from './totp.ts'

const REDIRECT = 'https://apiq.test/api/auth/company/callback'

const fresh = () => `${crypto.randomUUID()}@example.com`

/** A provider of the test's own that vouches for somebody, and a deployment that is registered there. */
async function setUp(claims: Record<string, unknown> = {}, settings: Partial<SignInProvider> = {}) {
  const provider = await newProvider(REDIRECT)
  const email = fresh()
  const tellClaims = (more: object) =>
    fetch(`${provider.url}/__claims`, { method: 'POST', body: JSON.stringify({ email, name: 'Ada', ...more }) })
  await (await tellClaims({ email_verified: true, ...claims })).text()
  const caller = { ip: null, userAgent: null, origin: 'https://apiq.test' }
  const plain = createWorld(testEnv, newId('req'), () => {}, caller)
  const company = {
    clientId: 'web-client',
    clientSecret: CLIENT_SECRET,
    issuer: provider.url,
    trustEmail: false,
    ...settings,
  }
  const world: World = { ...plain, config: { ...plain.config, signInProviders: { company } } }
  return { provider, email: String(claims['email'] ?? email), world }
}

/** The browser's way to the provider and back. */
async function wayBack(world: World) {
  const { url, browser } = await startSignIn(world, 'company', '/runs')
  const parameters = new URL(await browse(url, REDIRECT)).searchParams
  return { parameters, browser, asked: new URL(url).searchParams }
}

async function answerAt(world: World) {
  const { parameters, browser } = await wayBack(world)
  const { identity } = await finishAtProvider(world, 'company', parameters, browser)
  return signInAs(world, identity, new Headers())
}

/** As `answerAt`, for who is signed in by it. */
async function signInAt(world: World) {
  const { data, cookies } = await answerAt(world)
  if (!('userId' in data)) throw new Error('a second factor is asked for')
  return { data, cookies }
}

const me = async (cookies: string[]) =>
  (await send('/api/auth/profile', { headers: { cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') } }))
    .data

/** The world with the provider's id token replaced by one with other claims, signed by the provider itself. */
function withClaims(world: World, url: string, change: object): World {
  const tampered: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (!String(input instanceof Request ? input.url : input).endsWith('/token')) return response
    const answer: { id_token: string } = await response.json()
    const claims = { ...decodeJwt(answer.id_token), ...change }
    const signed = await fetch(`${url}/__sign`, { method: 'POST', body: JSON.stringify(claims) })
    return Response.json({ ...answer, id_token: await signed.json() })
  }
  return { ...world, fetch: tampered }
}

describe('signing in by a provider', () => {
  it('makes an account the first time and finds it the next, with PKCE, state and nonce', async () => {
    const { world, email, provider } = await setUp()
    const { asked } = await wayBack(world)
    expect(asked.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toMatch(/^.{43}$/)
    const first = await signInAt(world)
    expect(await me(first.cookies)).toMatchObject({
      email,
      name: 'Ada',
      emailVerified: true,
      hasPassword: false,
      signInWith: ['company'],
    })
    expect((await signInAt(world)).data).toEqual(first.data)
    expect((await provider.tokens()).every(({ verifier }) => verifier)).toBe(true)
    expect(await actionsOf(first.data.userId)).toEqual(['account.register', 'session.create', 'session.create'])
  })

  it('goes through the routes, lands on the page asked for, and is bound to the browser', async () => {
    expect((await send('/api/auth/okta/start', { headers: { accept: 'application/json' } })).status).toBe(404)
    const html = await send('/api/auth/okta/start', { redirect: 'manual' })
    expect([html.status, html.headers.get('location')]).toEqual([303, '/login?sign_in_error=NOT_FOUND'])
    const { world } = await setUp()
    const { parameters } = await wayBack(world)
    await expect(finishAtProvider(world, 'company', parameters, 'another browser')).rejects.toMatchObject({
      code: 'SIGN_IN_FAILED',
      message: expect.stringMatching(/another browser/),
    })
  })

  it('lists what is configured and what is not', async () => {
    const { data } = await send('/api/auth/providers')
    expect(data).toEqual([
      { id: 'google', name: 'Google', configured: false },
      { id: 'microsoft', name: 'Microsoft Entra', configured: false },
      { id: 'okta', name: 'Okta', configured: false },
    ])
    const { world } = await setUp({}, { name: 'The company' })
    expect(listSignInOptions(world).at(-1)).toEqual({ id: 'company', name: 'The company', configured: true })
  })
})

describe('an account with the same address', () => {
  it('is linked where both sides have verified it', async () => {
    const ada = await newPerson()
    await send('/api/auth/email/verify', json({ proof: (await mailTo(ada.email, /Confirm/)).proof }))
    const { world } = await setUp({ email: ada.email })
    expect((await signInAt(world)).data.userId).toBe(ada.userId)
    expect(await actionsOf(ada.userId)).toContain('account.link')
  })

  it.each([
    ['the provider has not', false, true],
    ['its owner has not', true, false],
  ])('is left alone where %s verified it', async (_, byProvider, byOwner) => {
    const ada = await newPerson()
    if (byOwner) await send('/api/auth/email/verify', json({ proof: (await mailTo(ada.email, /Confirm/)).proof }))
    const { world } = await setUp({ email: ada.email, email_verified: byProvider })
    await expect(signInAt(world)).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' })
    expect((await ada.call('GET', '/api/auth/profile')).data.signInWith).toEqual([])
  })

  it('is linked by a provider whose addresses this deployment trusts', async () => {
    const ada = await newPerson()
    await send('/api/auth/email/verify', json({ proof: (await mailTo(ada.email, /Confirm/)).proof }))
    const { world } = await setUp({ email: ada.email, email_verified: undefined }, { trustEmail: true })
    expect((await signInAt(world)).data.userId).toBe(ada.userId)
  })

  it('is asked for the second factor that it has, and opens nothing before it', async () => {
    const ada = await newPerson()
    await send('/api/auth/email/verify', json({ proof: (await mailTo(ada.email, /Confirm/)).proof }))
    const { data } = await ada.call('POST', '/api/auth/two-factor/set-up', { currentPassword: ada.password })
    await ada.call('POST', '/api/auth/two-factor/confirm', { code: totp(data.secret) })
    const { world } = await setUp({ email: ada.email })
    const half = await answerAt(world)
    expect(half.data).toEqual({ twoFactorRequired: true })
    const cookie = half.cookies.map((each) => each.split(';')[0]).join('; ')
    expect((await send('/api/auth/test', { headers: { cookie } })).status).toBe(401)
    const wrong = await send('/api/auth/two-factor/verify', json({ code: '000000' }, { cookie }))
    expect(wrong.body.code).toBe('CODE_INVALID')
    const whole = await send('/api/auth/two-factor/verify', json({ code: totp(data.secret) }, { cookie }))
    expect([whole.status, whole.data.userId]).toEqual([200, ada.userId])
    expect((await actionsOf(ada.userId)).slice(-2)).toEqual(['session.create failure', 'session.create'])
  })

  it('opens nothing once it is disabled', async () => {
    const { world } = await setUp()
    const { data } = await signInAt(world)
    await testEnv.DB.prepare('update users set disabled_at = 1 where id = ?').bind(data.userId).run()
    await expect(signInAt(world)).rejects.toMatchObject({ code: 'ACCOUNT_DISABLED' })
  })
})

describe('a sign-in that is not as it should be', () => {
  it('ends where consent is denied', async () => {
    const { world, provider } = await setUp()
    await provider.tell('deny')
    await expect(signInAt(world)).rejects.toMatchObject({ message: expect.stringMatching(/access was denied/) })
  })

  it('ends with a state that was never given out', async () => {
    const { world } = await setUp()
    const { parameters, browser } = await wayBack(world)
    parameters.set('state', 'x'.repeat(43))
    await expect(finishAtProvider(world, 'company', parameters, browser)).rejects.toMatchObject({
      code: 'SIGN_IN_FAILED',
    })
  })

  it('ends when it is replayed: the state, and the code in another sign-in', async () => {
    const { world } = await setUp()
    const used = await wayBack(world)
    await finishAtProvider(world, 'company', used.parameters, used.browser)
    await expect(finishAtProvider(world, 'company', used.parameters, used.browser)).rejects.toMatchObject({
      message: expect.stringMatching(/used already/),
    })
    const next = await wayBack(world)
    next.parameters.set('code', used.parameters.get('code') ?? '')
    await expect(finishAtProvider(world, 'company', next.parameters, next.browser)).rejects.toMatchObject({
      message: expect.stringMatching(/used before/),
    })
  })

  it('ends after ten minutes', async () => {
    const { world } = await setUp()
    const { parameters, browser } = await wayBack(world)
    const later = { ...world, now: () => Date.now() + 11 * 60_000 }
    await expect(finishAtProvider(later, 'company', parameters, browser)).rejects.toMatchObject({
      message: expect.stringMatching(/ten minutes/),
    })
  })

  it.each([
    ['has expired', { exp: 1_700_000_000, iat: 1_699_999_000 }],
    ['is for somebody else', { aud: 'another-client' }],
    ['is by another issuer', { iss: 'https://issuer.example' }],
    ['answers another request', { nonce: 'another' }],
  ])('ends with an id token that %s, though the provider signed it', async (_, change) => {
    const { world, provider } = await setUp()
    await expect(signInAt(withClaims(world, provider.url, change))).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' })
  })

  it('ends with an id token that somebody else signed', async () => {
    const [{ world }, other] = await Promise.all([setUp(), setUp()])
    await expect(signInAt(withClaims(world, other.provider.url, {}))).rejects.toMatchObject({
      message: expect.stringMatching(/not signed by it/),
    })
  })

  it('does not end because the provider has changed its keys', async () => {
    const { world, provider } = await setUp()
    const before = await signInAt(world)
    await (await fetch(`${provider.url}/__rotate`, { method: 'POST' })).text()
    expect((await signInAt(world)).data).toEqual(before.data)
  })
})
