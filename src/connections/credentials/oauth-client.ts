import * as oauth from 'oauth4webapi'
import type { Config } from '../../config.ts'
import { AppError } from '../../errors.ts'
import type { TokenAuth } from '../auth-schema.ts'
import type { TokenCredential } from './credential.ts'

/** Who we are at an authorization server, and how we prove it. */
export type OAuthClient = { client: oauth.Client; authenticate: oauth.ClientAuth }

/**
 * The client of a connection: its own, or the deployment's for the provider.
 * @throws AppError OAUTH_FAILED when the deployment no longer has one.
 */
export function clientOf(config: Config, auth: TokenAuth, credential: TokenCredential): OAuthClient {
  if (auth.type === 'serviceAccount') return { client: { client_id: auth.issuer }, authenticate: () => {} }
  if (auth.clientId !== null) return asClient(auth.clientId, credential.clientSecret, auth.clientAuthentication)
  const provider = 'provider' in auth ? auth.provider : null
  const own = provider === null ? undefined : config.oauthClients[provider]
  if (!own) throw new AppError('OAUTH_FAILED', `This deployment no longer has an OAuth client for ${provider}.`)
  return asClient(own.clientId, own.clientSecret ?? null, auth.clientAuthentication)
}

/** A client by its id and secret; none for a public one. */
export function asClient(
  clientId: string,
  secret: string | null,
  method: 'client_secret_basic' | 'client_secret_post',
): OAuthClient {
  const client = { client_id: clientId }
  if (secret === null) return { client, authenticate: oauth.None() }
  if (method === 'client_secret_post') return { client, authenticate: oauth.ClientSecretPost(secret) }
  return {
    client,
    authenticate: (_server, _client, _body, headers) => headers.set('authorization', basic(clientId, secret)),
  }
}

/**
 * RFC 6749, section 2.3.1, with the form encoding of the URL standard: it leaves hyphens, dots and underscores as they
 * are, which servers that forget to decode understand too.
 */
export function basic(clientId: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return `Basic ${btoa(`${encode(clientId)}:${encode(secret)}`)}`
}
