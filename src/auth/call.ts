import { APIError } from 'better-auth/api'
import type { World } from '../context.ts'
import { AppError, type ProblemCode } from '../errors.ts'
import { withAuth } from './better-auth.ts'

type Translation = readonly [code: ProblemCode, detail: string, field?: string]

const WRONG_PASSWORD: Translation = ['VALIDATION_FAILED', 'The password is wrong.', '/password']
const BAD_LINK: Translation = ['LINK_INVALID', 'The link has expired, was used already, or is not complete.']
const BAD_CODE: Translation = ['CODE_INVALID', 'The code is wrong or too old.']
const NO_SECOND_FACTOR: Translation = ['CONFLICT', 'Two-factor authentication is not set up.']
const LOCKED: Translation = ['TOO_MANY_ATTEMPTS', 'Too many wrong codes; sign in again later.']

/** What better-auth raises, by its code, in our words: its own may change with any release. */
const TRANSLATIONS: Record<string, Translation> = {
  USER_ALREADY_EXISTS: ['EMAIL_TAKEN', 'An account with this e-mail address exists.'],
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: ['EMAIL_TAKEN', 'An account with this e-mail address exists.'],
  ACCOUNT_DISABLED: ['ACCOUNT_DISABLED', 'The account is disabled.'],
  INVALID_TOKEN: BAD_LINK,
  TOKEN_EXPIRED: BAD_LINK,
  USER_NOT_FOUND: BAD_LINK,
  INVALID_PASSWORD: WRONG_PASSWORD,
  CREDENTIAL_ACCOUNT_NOT_FOUND: ['CONFLICT', 'The account has no password; set one by "forgot password".'],
  PASSWORD_TOO_SHORT: ['VALIDATION_FAILED', 'The password is too short.', '/password'],
  PASSWORD_TOO_LONG: ['VALIDATION_FAILED', 'The password is too long.', '/password'],
  INVALID_CODE: BAD_CODE,
  INVALID_BACKUP_CODE: BAD_CODE,
  INVALID_TWO_FACTOR_COOKIE: ['CODE_INVALID', 'The sign-in took too long; begin again.'],
  TOTP_NOT_ENABLED: NO_SECOND_FACTOR,
  TWO_FACTOR_NOT_ENABLED: NO_SECOND_FACTOR,
  BACKUP_CODES_NOT_ENABLED: NO_SECOND_FACTOR,
  TOTP_ALREADY_ENABLED: ['CONFLICT', 'Two-factor authentication is set up already.'],
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: LOCKED,
  ACCOUNT_TEMPORARILY_LOCKED: LOCKED,
}

/** Calls better-auth. @throws AppError in place of what it raises, which is only kept as the cause. */
export async function callAuth<T>(world: World, call: Parameters<typeof withAuth<T>>[1]): Promise<T> {
  try {
    return await withAuth(world, call)
  } catch (error) {
    if (!(error instanceof APIError) || error.statusCode >= 500) throw error
    throw translated(error)
  }
}

function translated(error: APIError): AppError {
  const [code, detail, field] = TRANSLATIONS[error.body?.code ?? ''] ?? byStatus(error.statusCode)
  const errors = field ? [{ path: field, code: 'refused', message: detail }] : undefined
  return new AppError(code, detail, { cause: error, ...(errors ? { errors } : {}) })
}

function byStatus(status: number): Translation {
  if (status === 401) return ['UNAUTHENTICATED', 'Sign in first.']
  if (status === 403) return ['FORBIDDEN', 'This is not allowed.']
  return ['VALIDATION_FAILED', 'The input does not fit.']
}
