import * as oauth from 'oauth4webapi'
import type { World } from '../../context.ts'
import type { AuthorizationCodeAuth, ClientCredentialsAuth, ServiceAccountAuth, TokenAuth } from '../auth-schema.ts'
import type { TokenCredential } from './credential.ts'
import { clientOf } from './oauth-client.ts'
import { tokenOptions } from './oauth-fetch.ts'
import { findServer } from './oauth-server.ts'
import { signAssertion } from './service-account.ts'
import { toTokenSet, type TokenSet } from './token-set.ts'

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/**
 * Gets a new token without anybody being there: by client credentials, by an assertion, or by the refresh token.
 * @throws OutboundError, AppError ADDRESS_REFUSED or OAUTH_FAILED, errors of oauth4webapi; `toOAuthFailure` tells what they mean.
 */
export async function obtainTokens(world: World, auth: TokenAuth, credential: TokenCredential): Promise<TokenSet> {
  if (auth.type === 'serviceAccount') return byAssertion(world, auth, credential)
  return auth.flow === 'clientCredentials'
    ? byClientCredentials(world, auth, credential)
    : byRefreshToken(world, auth, credential)
}

async function byClientCredentials(
  world: World,
  auth: ClientCredentialsAuth,
  credential: TokenCredential,
): Promise<TokenSet> {
  const { metadata } = await findServer(world, auth)
  const { client, authenticate } = clientOf(world.config, auth, credential)
  const parameters = new URLSearchParams()
  if (auth.scopes.length > 0) parameters.set('scope', auth.scopes.join(' '))
  if (auth.audience !== null) parameters.set('audience', auth.audience)
  const response = await oauth.clientCredentialsGrantRequest(
    metadata,
    client,
    authenticate,
    parameters,
    tokenOptions(world),
  )
  const answer = await oauth.processClientCredentialsResponse(metadata, client, response)
  return toTokenSet(answer, world.now(), { refreshToken: null, scopes: auth.scopes })
}

async function byAssertion(world: World, auth: ServiceAccountAuth, credential: TokenCredential): Promise<TokenSet> {
  const { metadata } = await findServer(world, auth)
  const { client, authenticate } = clientOf(world.config, auth, credential)
  const parameters = new URLSearchParams({
    assertion: await signAssertion(auth, credential.privateKey ?? '', world.now()),
  })
  if (auth.scopes.length > 0) parameters.set('scope', auth.scopes.join(' '))
  const response = await oauth.genericTokenEndpointRequest(
    metadata,
    client,
    authenticate,
    JWT_BEARER,
    parameters,
    tokenOptions(world),
  )
  const answer = await oauth.processGenericTokenEndpointResponse(metadata, client, response)
  return toTokenSet(answer, world.now(), { refreshToken: null, scopes: auth.scopes })
}

async function byRefreshToken(
  world: World,
  auth: AuthorizationCodeAuth,
  credential: TokenCredential,
): Promise<TokenSet> {
  const { metadata, preset } = await findServer(world, auth)
  const { client, authenticate } = clientOf(world.config, auth, credential)
  const before = { refreshToken: credential.tokens?.refreshToken ?? null, scopes: credential.tokens?.scopes ?? [] }
  const options = tokenOptions(world, { tokenAt: preset?.tokenAt })
  const response = await oauth.refreshTokenGrantRequest(
    metadata,
    client,
    authenticate,
    before.refreshToken ?? '',
    options,
  )
  return toTokenSet(await oauth.processRefreshTokenResponse(metadata, client, response), world.now(), before)
}
