import { AppError } from '../errors.ts'
import type { SecurityScheme } from '../specs/operation.ts'
import type { Auth, AuthSettings } from './schema.ts'

/**
 * Parts the secret from how it is sent, taking from the specification what the caller left open.
 * @throws AppError VALIDATION_FAILED when neither says where an API key goes.
 */
export function resolveAuth(
  auth: Auth,
  schemes: readonly SecurityScheme[],
): { settings: AuthSettings; secret: string | null } {
  if (auth.type === 'none') return { settings: { type: 'none' }, secret: null }
  if (auth.type === 'bearer') return { settings: { type: 'bearer' }, secret: auth.token }
  if (auth.type === 'basic') return { settings: { type: 'basic', username: auth.username }, secret: auth.password }
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
  return { settings: { type: 'apiKey', in: place, name }, secret: auth.value }
}
