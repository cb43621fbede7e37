import * as oauth from 'oauth4webapi'
import { lt } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import type { AuthorizationCodeAuth } from '../connections/auth-schema.ts'
import { readTokens } from '../connections/credentials/credential.ts'
import { clientOf } from '../connections/credentials/oauth-client.ts'
import { toOAuthFailure } from '../connections/credentials/oauth-failure.ts'
import { mayUseDeploymentClient, presets } from '../connections/credentials/oauth-presets.ts'
import { findServer, type Server } from '../connections/credentials/oauth-server.ts'
import { requireScope, type Ctx, type World } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import { checkUrl } from '../platform/outbound.ts'
import { openSecret, sealSecret } from '../vault/service.ts'
import { findConsented, findSchemes, findUsages, tokenSchemes } from './queries.ts'
import type { Consent } from './schema.ts'
import { chooseScopes } from './scopes.ts'
import { oauthFlows } from './tables.ts'

const FLOW_MS = 600_000
// What a discovered issuer is asked for, where it offers it: to be told the account, and to get a refresh token.
const USUAL_SCOPES = ['openid', 'email', 'offline_access']

/** What must be the same when the person comes back; sealed on its way. */
export type FlowSecrets = {
  verifier: string
  nonce: string | null
  scopes: string[]
  /** The settings as they were, so that a consent does not land on others. */
  auth: AuthorizationCodeAuth
}

/**
 * Begins a consent: where to send the person who has the account (RFC 6749, section 4.1, with PKCE by RFC 7636 and, for
 * OpenID Connect, a nonce). The way back works once, within ten minutes, and only for the same signed-in person.
 * @throws AppError NOT_FOUND, CONFLICT, VALIDATION_FAILED, OAUTH_FAILED
 */
export async function startConsent(ctx: Ctx, id: string, origin: string): Promise<Consent> {
  requireScope(ctx, 'write')
  const row = await findConsented(ctx, id)
  const { auth } = row
  for (const url of [row.baseUrl, ...row.origins]) requireOwnHost(auth, url)
  const server = await orOAuthFailed(ctx, 'The provider could not be asked', findServer(ctx, auth))
  const credential =
    row.credential === null ? readTokens(null) : readTokens(await openSecret(ctx, row.workspaceId, id, row.credential))
  const { client } = clientOf(ctx.config, auth, credential)
  const wanted = auth.scopes.length > 0 ? auth.scopes : await neededScopes(ctx, row)
  const scopes = [...new Set([...wanted, ...extraScopes(server)])]
  const state = oauth.generateRandomState()
  const nonce = scopes.includes('openid') ? oauth.generateRandomNonce() : null
  const secrets: FlowSecrets = { verifier: oauth.generateRandomCodeVerifier(), nonce, scopes, auth }
  const redirectUri = `${ctx.config.publicUrl ?? origin}/api/oauth/callback`
  const expiresAt = new Date(ctx.now() + FLOW_MS).toISOString()
  const authorizeUrl = await writeUrl(ctx, server, client.client_id, redirectUri, state, secrets)
  await ctx.db.batch([
    ctx.db.insert(oauthFlows).values({
      stateHash: await sha256(state),
      workspaceId: row.workspaceId,
      connectionId: id,
      userId: ctx.actor.userId,
      sessionBound: ctx.actor.kind === 'session',
      secrets: await sealSecret(ctx, row.workspaceId, id, JSON.stringify(secrets)),
      redirectUri,
      expiresAt,
    }),
    auditRow(ctx, 'connection.connect_started', id, { provider: auth.provider, scopes }),
  ])
  return { authorizeUrl, expiresAt, scopes }
}

/** Removes consents that nobody came back from, those of every workspace. */
export async function forgetOldFlows(world: World): Promise<void> {
  await world.db.delete(oauthFlows).where(lt(oauthFlows.expiresAt, new Date(world.now()).toISOString()))
}

/** The outcome of an OAuth step, its ends told in our words. @throws AppError OAUTH_FAILED */
export async function orOAuthFailed<T>(world: World, what: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const failure = toOAuthFailure(error)
    if (failure === null) throw error
    // Not the error itself: it holds what the provider sent.
    world.log.info('oauth step failed', { reason: failure.code, detail: failure.detail })
    throw new AppError('OAUTH_FAILED', `${what}: ${failure.detail}.`)
  }
}

async function writeUrl(
  ctx: Ctx,
  { metadata, preset }: Server,
  clientId: string,
  redirectUri: string,
  state: string,
  { verifier, nonce, scopes }: FlowSecrets,
): Promise<string> {
  if (metadata.authorization_endpoint === undefined)
    throw new AppError('OAUTH_FAILED', 'The provider could not be asked: it names no authorization endpoint.')
  const url = checkUrl(metadata.authorization_endpoint, ctx.config.allowPrivateUpstreams)
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(nonce === null ? {} : { nonce }),
    ...preset?.authorizationParameters,
    // OpenID Connect gives a refresh token only to somebody who is asked (Core, section 11).
    ...(scopes.includes('offline_access') ? { prompt: 'consent' } : {}),
    ...(scopes.length > 0 ? { [preset?.scopeParameter ?? 'scope']: scopes.join(preset?.scopeSeparator ?? ' ') } : {}),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

function extraScopes({ preset, metadata, issuerKnown }: Server): readonly string[] {
  if (preset) return preset.extraScopes
  return issuerKnown ? USUAL_SCOPES.filter((scope) => metadata.scopes_supported?.includes(scope)) : []
}

async function neededScopes(ctx: Ctx, row: Parameters<typeof findSchemes>[1]): Promise<string[]> {
  const [schemes, usages] = await Promise.all([findSchemes(ctx, row), findUsages(ctx, row.id)])
  return chooseScopes(usages, tokenSchemes(schemes))
}

/** @throws AppError VALIDATION_FAILED where the deployment's own client would serve a host that is not the provider's. */
function requireOwnHost(auth: AuthorizationCodeAuth, baseUrl: string): void {
  const preset = auth.clientId === null && auth.provider !== null ? presets[auth.provider] : undefined
  if (!preset || mayUseDeploymentClient(preset, auth.issuer, baseUrl)) return
  throw new AppError(
    'VALIDATION_FAILED',
    `This deployment's client for ${preset.name} serves its own API only, and ${new URL(baseUrl).host} is not; give auth.clientId and auth.clientSecret of your own.`,
  )
}
