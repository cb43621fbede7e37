import * as oauth from 'oauth4webapi'
import type { Ctx, World } from '../../context.ts'
import { errorFields } from '../../platform/log.ts'
import type { Sealed } from '../../platform/vault.ts'
import { openSecret } from '../../vault/service.ts'
import type { AuthorizationCodeAuth, AuthSettings } from '../auth-schema.ts'
import { readTokens, type TokenCredential } from './credential.ts'
import { basic, clientOf } from './oauth-client.ts'
import { oauthOptions, sendOAuth } from './oauth-fetch.ts'
import type { Revocation } from './oauth-presets.ts'
import { findServer } from './oauth-server.ts'
import type { TokenSet } from './token-set.ts'

/** What an API was granted by somebody's consent, to be given back; null where there is no such grant or it does not open. */
export async function openGrant(
  ctx: Ctx,
  connectionId: string,
  { auth, credential }: { auth: AuthSettings; credential: Sealed | null },
): Promise<{ auth: AuthorizationCodeAuth; credential: TokenCredential } | null> {
  if (credential === null || auth.type !== 'oauth2' || auth.flow !== 'authorizationCode') return null
  try {
    return { auth, credential: readTokens(await openSecret(ctx, ctx.actor.workspaceId, connectionId, credential)) }
  } catch (error) {
    ctx.log.warn('grant not opened', errorFields(error))
    return null
  }
}

/**
 * Gives a grant back to its provider (RFC 7009, or in the provider's own way). Whether it took it: a provider that is
 * down, or has no such endpoint, does not keep anybody from disconnecting.
 */
export async function revokeGrant(
  world: World,
  auth: AuthorizationCodeAuth,
  credential: TokenCredential,
): Promise<boolean> {
  const { tokens } = credential
  if (tokens === null) return false
  try {
    const { metadata, preset } = await findServer(world, auth)
    if (preset?.revocation) return await revokeOwnWay(world, preset.revocation, auth, credential, tokens)
    if (metadata.revocation_endpoint === undefined) return false
    const { client, authenticate } = clientOf(world.config, auth, credential)
    const token = lasting(tokens)
    const response = await oauth.revocationRequest(metadata, client, authenticate, token, oauthOptions(world))
    await oauth.processRevocationResponse(response)
    return true
  } catch (error) {
    world.log.warn('grant not revoked', errorFields(error))
    return false
  }
}

async function revokeOwnWay(
  world: World,
  revocation: Revocation,
  auth: AuthorizationCodeAuth,
  credential: TokenCredential,
  tokens: TokenSet,
): Promise<boolean> {
  const byAccessToken = revocation.as === 'token' || revocation.field === 'access_token'
  const token = byAccessToken ? tokens.accessToken : lasting(tokens)
  const { client } = clientOf(world.config, auth, credential)
  const secret =
    auth.clientId === null ? world.config.oauthClients[auth.provider ?? '']?.clientSecret : credential.clientSecret
  const proof = { client: basic(client.client_id, secret ?? ''), token: `Bearer ${token}`, nobody: null }[revocation.as]
  const fields = { [revocation.field]: token }
  const form = revocation.body === 'form'
  const { status } = await sendOAuth(
    world,
    revocation.url.replace('{client_id}', encodeURIComponent(client.client_id)),
    {
      method: revocation.method,
      headers: {
        accept: 'application/json',
        'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
        ...(proof === null ? {} : { authorization: proof }),
      },
      body: form ? new URLSearchParams(fields) : JSON.stringify(fields),
      redirect: 'manual',
    },
  )
  return status < 300
}

/** The token with which the whole grant goes (RFC 7009, section 2.1). */
function lasting(tokens: TokenSet): string {
  return tokens.refreshToken ?? tokens.accessToken
}
