import * as oauth from 'oauth4webapi'
import type { World } from '../../context.ts'
import { checkUrl } from '../../platform/outbound.ts'
import type { TokenAuth } from '../auth-schema.ts'
import { oauthOptions } from './oauth-fetch.ts'
import { presets, type Preset } from './oauth-presets.ts'

/** An authorization server and how to speak to it. */
export type Server = {
  metadata: oauth.AuthorizationServer
  /** Whether its issuer is known, so that `iss` and id tokens can be held against it. */
  issuerKnown: boolean
  preset: Preset | null
}

const ENDPOINTS = [
  'authorization_endpoint',
  'token_endpoint',
  'revocation_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
] as const

/**
 * The authorization server of a connection: from its preset, discovered from its issuer (OpenID Connect Discovery, or
 * RFC 8414 where that is not there), or just the endpoints of its settings.
 * @throws AppError ADDRESS_REFUSED, OutboundError, errors of oauth4webapi
 */
export async function findServer(world: World, auth: TokenAuth): Promise<Server> {
  if (auth.type === 'serviceAccount') return bare(auth.tokenUrl)
  const preset = 'provider' in auth && auth.provider !== null ? (presets[auth.provider] ?? null) : null
  if (preset?.endpoints) return ofPreset(preset, preset.endpoints)
  if (auth.issuer !== null) return { metadata: await discover(world, auth.issuer), issuerKnown: true, preset }
  return bare(auth.tokenUrl ?? '', 'authorizationUrl' in auth ? auth.authorizationUrl : null)
}

function ofPreset(preset: Preset, endpoints: NonNullable<Preset['endpoints']>): Server {
  const metadata = {
    issuer: endpoints.issuer ?? new URL(endpoints.token).origin,
    authorization_endpoint: endpoints.authorize,
    token_endpoint: endpoints.token,
    ...(endpoints.userinfo === undefined ? {} : { userinfo_endpoint: endpoints.userinfo }),
  }
  return { metadata, issuerKnown: endpoints.issuer !== undefined, preset }
}

function bare(tokenUrl: string, authorizationUrl: string | null = null): Server {
  const metadata = {
    issuer: new URL(tokenUrl).origin,
    token_endpoint: tokenUrl,
    ...(authorizationUrl === null ? {} : { authorization_endpoint: authorizationUrl }),
  }
  return { metadata, issuerKnown: false, preset: null }
}

/** What a provider says of itself at its issuer. @throws AppError ADDRESS_REFUSED, OutboundError, errors of oauth4webapi */
export async function discover(world: World, issuer: string): Promise<oauth.AuthorizationServer> {
  // A base URL gets a slash from the parser; an issuer is compared character by character.
  const identifier = new URL(issuer)
  const ask = (algorithm: 'oidc' | 'oauth2') =>
    oauth.discoveryRequest(identifier, { algorithm, ...oauthOptions(world) })
  let response = await ask('oidc')
  if (response.status === 404) response = await ask('oauth2')
  const metadata = await oauth.processDiscoveryResponse(identifier, response)
  for (const endpoint of ENDPOINTS) {
    const url = metadata[endpoint]
    if (url !== undefined) checkUrl(url, world.config.allowPrivateUpstreams)
  }
  return metadata
}
