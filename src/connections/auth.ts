import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import type { SecurityScheme } from '../specs/operation.ts'
import { type Auth, type AuthSettings, isReservedHeader, placeholdersOf } from './auth-schema.ts'
import type { OpenCredential } from './credentials/credential.ts'
import { resolveAuthorizationCode, resolveClientCredentials } from './credentials/oauth-settings.ts'
import type { ResolvedAuth } from './credentials/resolved-auth.ts'
import { resolveServiceAccount } from './credentials/service-account.ts'

/**
 * Parts the secret from how it is sent, taking from the specification what the caller left open.
 * @throws AppError VALIDATION_FAILED when neither says enough, ADDRESS_REFUSED for an endpoint that is not called.
 */
export async function resolveAuth(
  config: Config,
  auth: Auth,
  schemes: readonly SecurityScheme[],
): Promise<ResolvedAuth> {
  const ready = (settings: AuthSettings, credential: OpenCredential) => ({
    settings,
    credential,
    status: 'ready' as const,
  })
  switch (auth.type) {
    case 'none':
      return ready({ type: 'none' }, { kind: 'none' })
    case 'bearer':
      return ready({ type: 'bearer' }, { kind: 'secret', secret: auth.token })
    case 'basic':
      return ready({ type: 'basic', username: auth.username }, { kind: 'secret', secret: auth.password })
    case 'apiKey':
      return ready(placeKey(auth, schemes), { kind: 'secret', secret: auth.value })
    case 'custom':
      requireSecrets(auth)
      return ready({ type: 'custom', headers: auth.headers }, { kind: 'secrets', secrets: auth.secrets })
    case 'serviceAccount':
      return ready(...(await resolveServiceAccount(config, auth, schemes)))
    case 'oauth2':
      if (auth.flow === 'clientCredentials') return ready(...resolveClientCredentials(config, auth, schemes))
      return resolveAuthorizationCode(config, auth, schemes)
    default:
      return auth satisfies never
  }
}

function placeKey(auth: Extract<Auth, { type: 'apiKey' }>, schemes: readonly SecurityScheme[]): AuthSettings {
  const declared = schemes.find((scheme) => scheme.type === 'apiKey')
  const name = auth.name ?? declared?.name
  const place = auth.in ?? (auth.name === undefined ? declared?.in : 'header')
  if (name === undefined || place === undefined)
    throw new AppError(
      'VALIDATION_FAILED',
      'The specification does not say where its API key goes; give auth.in and auth.name.',
      {
        errors: [{ path: '/auth/name', code: 'required', message: 'the specification declares no API key' }],
      },
    )
  if (place === 'header' && isReservedHeader(name))
    throw new AppError('VALIDATION_FAILED', `No API key goes into the header ${name}.`, {
      errors: [{ path: '/auth/name', code: 'invalid', message: 'belongs to the connection or the message' }],
    })
  return { type: 'apiKey', in: place, name }
}

/** @throws AppError VALIDATION_FAILED unless every placeholder has a secret, and every secret a placeholder. */
function requireSecrets({ headers, secrets }: Extract<Auth, { type: 'custom' }>): void {
  const wanted = new Set(Object.values(headers).flatMap(placeholdersOf))
  const missing = [...wanted].find((name) => !Object.hasOwn(secrets, name))
  if (missing !== undefined)
    throw new AppError('VALIDATION_FAILED', `A header names {{ ${missing} }}, and auth.secrets has no such secret.`, {
      errors: [{ path: `/auth/secrets/${missing}`, code: 'required', message: 'is named by a header' }],
    })
  const unused = Object.keys(secrets).find((name) => !wanted.has(name))
  if (wanted.size > 0 && unused === undefined) return
  throw new AppError('VALIDATION_FAILED', 'A secret belongs into auth.secrets, and a header names it as {{ name }}.', {
    errors: [{ path: '/auth/headers', code: 'required', message: `no header names ${unused ?? 'a secret'}` }],
  })
}
