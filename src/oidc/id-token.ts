import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose'
import { sendOAuth } from '../connections/credentials/oauth-fetch.ts'
import type { World } from '../context.ts'
import { AppError } from '../errors.ts'
import type { Provider } from './providers.ts'

const KEYS_MS = 10 * 60_000
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

const known = new Map<string, { keys: JSONWebKeySet; until: number }>()

/**
 * The claims of an id token whose signature is the provider's, for us, and good now (OpenID Connect Core, 3.1.3.7). A key
 * that is not known yet is asked for once: providers change keys at any time.
 * @throws AppError SIGN_IN_FAILED
 */
export async function verifyIdToken(world: World, provider: Provider, idToken: string): Promise<JWTPayload> {
  try {
    return await verifyWith(world, provider, idToken, await keysOf(world, provider, false))
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw refused(error)
  }
  try {
    return await verifyWith(world, provider, idToken, await keysOf(world, provider, true))
  } catch (error) {
    throw refused(error)
  }
}

async function verifyWith(world: World, provider: Provider, idToken: string, keys: JSONWebKeySet): Promise<JWTPayload> {
  const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
    issuer: provider.metadata.issuer,
    audience: provider.client.client_id,
    algorithms: ALGORITHMS,
    currentDate: new Date(world.now()),
    clockTolerance: 30,
    requiredClaims: ['sub', 'exp', 'iat'],
  })
  return payload
}

async function keysOf(world: World, { metadata, name }: Provider, anew: boolean): Promise<JSONWebKeySet> {
  const url = metadata.jwks_uri
  if (!url) throw new AppError('SIGN_IN_FAILED', `${name} does not say where its keys are.`)
  const found = known.get(url)
  if (!anew && found && found.until > world.now()) return found.keys
  const answer = await sendOAuth(world, url, {
    method: 'GET',
    headers: { accept: 'application/json' },
    body: undefined,
    redirect: 'manual',
  })
  const keys = JSON.parse(new TextDecoder().decode(answer.body)) as JSONWebKeySet
  known.set(url, { keys, until: world.now() + KEYS_MS })
  return keys
}

function refused(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return failed('its id token has expired', error)
  if (error instanceof errors.JWTClaimValidationFailed) return failed('its id token is not for this deployment', error)
  if (error instanceof errors.JOSEError || error instanceof SyntaxError)
    return failed('its id token is not signed by it', error)
  return error
}

function failed(what: string, cause: unknown): AppError {
  return new AppError('SIGN_IN_FAILED', `The provider’s answer was refused: ${what}.`, { cause })
}
