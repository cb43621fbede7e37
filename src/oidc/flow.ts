import * as oauth from 'oauth4webapi'
import { and, eq } from 'drizzle-orm'
import { verifications } from '../auth/tables.ts'
import { tokenOptions, oauthOptions } from '../connections/credentials/oauth-fetch.ts'
import { toOAuthFailure } from '../connections/credentials/oauth-failure.ts'
import type { World } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import { newId } from '../lib/ids.ts'
import { checkUrl } from '../platform/outbound.ts'
import { verifyIdToken } from './id-token.ts'
import { findProvider, type Provider } from './providers.ts'

const FLOW_MS = 600_000
const PREFIX = 'sign-in:'
const SCOPES = ['openid', 'email', 'profile']

/** What must be the same when the person comes back. `browser` is the hash of what their cookie holds. */
type Flow = { provider: string; verifier: string; nonce: string; redirectUri: string; next: string; browser: string }

/** Who the provider says they are. */
export type Identity = {
  provider: string
  issuer: string
  subject: string
  email: string | null
  emailVerified: boolean
  name: string | null
}

/**
 * Begins a sign-in at a provider: where to send the browser (OpenID Connect Core, 3.1.2.1, with PKCE by RFC 7636), and
 * what its cookie shall hold, so that nobody can be sent back into an account of somebody else's.
 * @throws AppError NOT_FOUND, SIGN_IN_FAILED
 */
export async function startSignIn(world: World, id: string, next: string): Promise<{ url: string; browser: string }> {
  const provider = await orFailed(world, findProvider(world, id))
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
  const [verifier, browser] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()]
  const redirectUri = `${world.config.publicUrl ?? world.caller.origin ?? ''}/api/auth/${id}/callback`
  const flow: Flow = { provider: id, verifier, nonce, redirectUri, next, browser: await sha256(browser) }
  const now = new Date(world.now())
  await world.db.insert(verifications).values({
    id: newId('ver', world.now()),
    identifier: PREFIX + (await sha256(state)),
    value: JSON.stringify(flow),
    expiresAt: new Date(world.now() + FLOW_MS),
    createdAt: now,
    updatedAt: now,
  })
  const url = checkUrl(provider.metadata.authorization_endpoint ?? '', world.config.allowPrivateUpstreams)
  const parameters = {
    client_id: provider.client.client_id,
    response_type: 'code',
    scope: SCOPES.join(' '),
    redirect_uri: redirectUri,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { url: url.href, browser }
}

/**
 * Ends a sign-in: the browser is back with a code, or with a refusal. The state works once, for the browser that began.
 * @throws AppError SIGN_IN_FAILED
 */
export async function finishAtProvider(
  world: World,
  id: string,
  parameters: URLSearchParams,
  browser: string | null,
): Promise<{ identity: Identity; next: string }> {
  const state = parameters.get('state') ?? ''
  const [stored] = await world.db
    .delete(verifications)
    .where(and(eq(verifications.identifier, PREFIX + (await sha256(state)))))
    .returning()
  if (!stored) throw failed('This way back was used already, or never given out')
  const flow = JSON.parse(stored.value) as Flow
  if (stored.expiresAt.getTime() <= world.now()) throw failed('It took longer than ten minutes')
  if (flow.provider !== id || flow.browser !== (await sha256(browser ?? '')))
    throw failed('It was begun in another browser')
  const provider = await orFailed(world, findProvider(world, id))
  return { identity: await orFailed(world, identify(world, provider, flow, state, parameters)), next: flow.next }
}

async function identify(
  world: World,
  provider: Provider,
  { verifier, nonce, redirectUri }: Flow,
  state: string,
  parameters: URLSearchParams,
): Promise<Identity> {
  const { metadata, client, authenticate, id, trustEmail } = provider
  const checked = oauth.validateAuthResponse(metadata, client, parameters, state)
  const options = tokenOptions(world, { keepIdToken: true })
  const response = await oauth.authorizationCodeGrantRequest(
    metadata,
    client,
    authenticate,
    checked,
    redirectUri,
    verifier,
    options,
  )
  const expected = { expectedNonce: nonce, requireIdToken: true }
  const answer = await oauth.processAuthorizationCodeResponse(metadata, client, response, expected)
  const claims = await verifyIdToken(world, provider, answer.id_token ?? '')
  const subject = String(claims.sub)
  const about = { ...claims, ...(claims['email'] ? {} : await readUserInfo(world, provider, answer, subject)) }
  const email = typeof about['email'] === 'string' ? about['email'].toLowerCase() : null
  const verified = about['email_verified'] === true || about['email_verified'] === 'true'
  return {
    provider: id,
    issuer: metadata.issuer,
    subject,
    email,
    emailVerified: email !== null && (verified || trustEmail),
    name: typeof about['name'] === 'string' ? about['name'].slice(0, 100) : null,
  }
}

/** Providers may tell the address only here (OpenID Connect Core, 5.3). */
async function readUserInfo(
  world: World,
  { metadata, client }: Provider,
  { access_token: token }: oauth.TokenEndpointResponse,
  subject: string,
): Promise<Record<string, unknown>> {
  if (!metadata.userinfo_endpoint) return {}
  const response = await oauth.userInfoRequest(metadata, client, token, oauthOptions(world))
  return oauth.processUserInfoResponse(metadata, client, subject, response)
}

async function orFailed<T>(world: World, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const failure = toOAuthFailure(error)
    if (failure === null) throw error
    // Not the error itself: it holds what the provider sent.
    world.log.info('sign-in step failed', { reason: failure.code, detail: failure.detail })
    throw failed(`The provider did not sign you in: ${failure.detail}`)
  }
}

function failed(detail: string): AppError {
  return new AppError('SIGN_IN_FAILED', `${detail}; begin again.`)
}
