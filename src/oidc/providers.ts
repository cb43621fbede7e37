import * as oauth from 'oauth4webapi'
import type { SignInProvider } from '../config.ts'
import { asClient, type OAuthClient } from '../connections/credentials/oauth-client.ts'
import { discover } from '../connections/credentials/oauth-server.ts'
import type { World } from '../context.ts'
import { notFound } from '../errors.ts'
import type { SignInOption } from './schema.ts'

/** What is offered everywhere; without an issuer every customer has one of their own, to be configured. */
const KNOWN: Record<string, { name: string; issuer: string | null }> = {
  google: { name: 'Google', issuer: 'https://accounts.google.com' },
  microsoft: { name: 'Microsoft Entra', issuer: null },
  okta: { name: 'Okta', issuer: null },
}

const METADATA_MS = 10 * 60_000

/** A provider that is ready to be asked. */
export type Provider = {
  id: string
  name: string
  metadata: oauth.AuthorizationServer
  trustEmail: boolean
} & OAuthClient

/** What people can sign in with, and what they could if it were configured. */
export function listSignInOptions({ config }: World): SignInOption[] {
  const ids = [...new Set([...Object.keys(KNOWN), ...Object.keys(config.signInProviders)])]
  return ids.map((id) => {
    const settings = config.signInProviders[id]
    return { id, name: nameOf(id, settings), configured: settings !== undefined && issuerOf(id, settings) !== null }
  })
}

const discovered = new Map<string, { metadata: oauth.AuthorizationServer; until: number }>()

/** A provider with what it says of itself. @throws AppError NOT_FOUND; errors of discovery */
export async function findProvider(world: World, id: string): Promise<Provider> {
  const settings = world.config.signInProviders[id]
  const issuer = settings ? issuerOf(id, settings) : null
  if (!settings || issuer === null) throw notFound('sign-in provider', id)
  const metadata = await metadataOf(world, issuer)
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  const method = methods.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post'
  const { client, authenticate } = asClient(settings.clientId, settings.clientSecret ?? null, method)
  // The clock is the world's, here as everywhere.
  const skew = Math.round((world.now() - Date.now()) / 1000)
  return {
    id,
    name: nameOf(id, settings),
    metadata,
    trustEmail: settings.trustEmail,
    client: { ...client, [oauth.clockSkew]: skew, [oauth.clockTolerance]: 30 },
    authenticate,
  }
}

async function metadataOf(world: World, issuer: string): Promise<oauth.AuthorizationServer> {
  const known = discovered.get(issuer)
  if (known && known.until > world.now()) return known.metadata
  const metadata = await discover(world, issuer)
  discovered.set(issuer, { metadata, until: world.now() + METADATA_MS })
  return metadata
}

function nameOf(id: string, settings: SignInProvider | undefined): string {
  return settings?.name ?? KNOWN[id]?.name ?? id
}

function issuerOf(id: string, settings: SignInProvider): string | null {
  return settings.issuer ?? KNOWN[id]?.issuer ?? null
}
