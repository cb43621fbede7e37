import * as oauth from 'oauth4webapi'
import { and, eq, ne } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { authenticateSession } from '../auth/session.ts'
import { readTokens } from '../connections/credentials/credential.ts'
import { clientOf, type OAuthClient } from '../connections/credentials/oauth-client.ts'
import { tokenOptions } from '../connections/credentials/oauth-fetch.ts'
import { findServer, type Server } from '../connections/credentials/oauth-server.ts'
import { mine } from '../connections/queries.ts'
import type { Account } from '../connections/schema.ts'
import { connections } from '../connections/tables.ts'
import { toTokenSet } from '../connections/credentials/token-set.ts'
import { systemCtx, type Ctx, type World } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import { openSecret, sealSecret } from '../vault/service.ts'
import { readAccountName } from './account-name.ts'
import { orOAuthFailed, type FlowSecrets } from './connect.ts'
import { findConsented } from './queries.ts'
import type { Connected } from './schema.ts'
import { oauthFlows } from './tables.ts'

type Flow = typeof oauthFlows.$inferSelect

/** How a consent ended. `connectionId` is null where the way back belongs to none that is known. */
export type Outcome = { ok: true; connected: Connected } | { ok: false; connectionId: string | null; error: AppError }

/**
 * Ends a consent: the person is back from the provider with a code, or with its refusal. The state is used up whatever
 * comes of it.
 */
export async function finishConsent(world: World, request: Request): Promise<Outcome> {
  const parameters = new URL(request.url).searchParams
  const state = parameters.get('state') ?? ''
  const [flow] = await world.db
    .delete(oauthFlows)
    .where(eq(oauthFlows.stateHash, await sha256(state)))
    .returning()
  if (!flow)
    return { ok: false, connectionId: null, error: failed('This way back was used already, or never given out.') }
  const ctx = systemCtx(world, flow.workspaceId, flow.userId)
  try {
    await requireSamePerson(world, flow, request.headers)
    if (flow.expiresAt <= new Date(world.now()).toISOString())
      throw failed('It took longer than ten minutes; begin again.')
    return { ok: true, connected: await exchange(ctx, flow, state, parameters) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    await noteFailure(ctx, flow.connectionId, error)
    return { ok: false, connectionId: flow.connectionId, error }
  }
}

/** A consent that a signed-in person began is theirs to end; one begun by an API key is for whoever the key's owner sent. */
async function requireSamePerson(world: World, flow: Flow, headers: Headers): Promise<void> {
  if (!flow.sessionBound) return
  const person = await authenticateSession(world, headers)
  if (person?.userId !== flow.userId)
    throw failed('It was begun by somebody else than is signed in here now; sign in and begin again.')
}

async function exchange(ctx: Ctx, flow: Flow, state: string, parameters: URLSearchParams): Promise<Connected> {
  const id = flow.connectionId
  const secrets = JSON.parse(await openSecret(ctx, flow.workspaceId, id, flow.secrets)) as FlowSecrets
  const row = await findConsented(ctx, id)
  const { auth } = row
  if (row.credential === null || JSON.stringify(auth) !== JSON.stringify(secrets.auth))
    throw failed('How the API authenticates was changed meanwhile; begin again.')
  const credential = readTokens(await openSecret(ctx, flow.workspaceId, id, row.credential))
  const server = await orOAuthFailed(ctx, 'The provider could not be asked', findServer(ctx, auth))
  const us = clientOf(ctx.config, auth, credential)
  const metadata = withIssuer(server, parameters.get('iss'))
  const returned = { parameters, state, redirectUri: flow.redirectUri, secrets }
  const answer = await orOAuthFailed(
    ctx,
    'The provider did not connect the account',
    redeemCode(ctx, { ...server, metadata }, us, returned),
  )
  const now = ctx.now()
  const tokens = toTokenSet(answer, now, { refreshToken: null, scopes: secrets.scopes })
  const account: Account = {
    provider: auth.provider ?? new URL(metadata.token_endpoint ?? auth.tokenUrl ?? '').host,
    name: await readAccountName(ctx, server, us.client, answer),
    scopes: tokens.scopes,
    expiresAt: tokens.expiresAt === null ? null : new Date(tokens.expiresAt).toISOString(),
    connectedAt: new Date(now).toISOString(),
  }
  const sealed = await sealSecret(ctx, flow.workspaceId, id, JSON.stringify({ ...credential, tokens }))
  const [written] = await ctx.db.batch([
    ctx.db
      .update(connections)
      .set({ credential: sealed, authStatus: 'ready', authProblem: null, account })
      .where(and(mine(ctx, id), eq(connections.credential, row.credential)))
      .returning({ id: connections.id }),
    auditRow(ctx, 'connection.connected', id, {
      provider: account.provider,
      account: account.name,
      scopes: account.scopes,
    }),
  ])
  if (written.length === 0) throw failed('The credential was changed meanwhile; begin again.')
  return { id, account }
}

/** What the person came back with, and what it must match. */
type Returned = { parameters: URLSearchParams; state: string; redirectUri: string; secrets: FlowSecrets }

/** Checks the way back and exchanges its code (RFC 6749, section 4.1.3). @throws errors of oauth4webapi, OutboundError */
async function redeemCode(
  world: World,
  { metadata, issuerKnown, preset }: Server,
  { client, authenticate }: OAuthClient,
  { parameters, state, redirectUri, secrets: { nonce, verifier } }: Returned,
): Promise<oauth.TokenEndpointResponse> {
  const checked = oauth.validateAuthResponse(metadata, client, parameters, state)
  const withIdToken = issuerKnown && nonce !== null
  const response = await oauth.authorizationCodeGrantRequest(
    metadata,
    client,
    authenticate,
    checked,
    redirectUri,
    verifier,
    tokenOptions(world, { tokenAt: preset?.tokenAt, keepIdToken: withIdToken }),
  )
  const expected = withIdToken ? { expectedNonce: nonce } : {}
  return oauth.processAuthorizationCodeResponse(metadata, client, response, expected)
}

/**
 * The server to hold `iss` against (RFC 9207). Where only endpoints are known, the issuer must at least be at one of
 * their origins; another one is left to fail the comparison.
 */
function withIssuer({ metadata, issuerKnown }: Server, iss: string | null): oauth.AuthorizationServer {
  if (issuerKnown || iss === null) return metadata
  const origin = URL.parse(iss)?.origin
  const own = [metadata.authorization_endpoint, metadata.token_endpoint].some(
    (endpoint) => endpoint !== undefined && new URL(endpoint).origin === origin,
  )
  return own ? { ...metadata, issuer: iss } : metadata
}

/** What went wrong, for the page that the person lands on: its address carries the code only. */
async function noteFailure(ctx: Ctx, id: string, error: AppError): Promise<void> {
  await ctx.db.batch([
    ctx.db
      .update(connections)
      .set({ authProblem: error.message })
      .where(and(mine(ctx, id), ne(connections.authStatus, 'ready'))),
    auditRow(ctx, 'connection.connect_failed', id, { reason: error.message }, 'failure'),
  ])
}

function failed(detail: string): AppError {
  return new AppError('OAUTH_FAILED', detail)
}
