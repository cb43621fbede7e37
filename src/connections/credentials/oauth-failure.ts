import * as oauth from 'oauth4webapi'
import { OutboundError } from '../../platform/outbound.ts'

/**
 * Why an OAuth step came to nothing, in our words: what a provider writes never gets out. `refused` is for good;
 * `failed` may pass.
 */
export type OAuthFailure = { kind: 'refused' | 'failed'; code: string | null; detail: string }

// What the standards say an error code means (RFC 6749, sections 4.1.2.1 and 5.2; OpenID Connect Core, section 3.1.2.6).
const MEANING: Record<string, string> = {
  invalid_grant: 'the grant was revoked, has expired, or was used before',
  invalid_client: 'it does not accept the client id and secret',
  incorrect_client_credentials: 'it does not accept the client id and secret',
  unauthorized_client: 'the client may not use this grant',
  unsupported_grant_type: 'it does not offer this grant',
  unsupported_response_type: 'it does not offer this response type',
  invalid_scope: 'a scope is unknown or not allowed',
  invalid_request: 'it finds something missing or wrong in the request',
  invalid_target: 'it does not know the audience',
  access_denied: 'access was denied',
  consent_required: 'somebody must consent',
  login_required: 'somebody must sign in',
  interaction_required: 'somebody must sign in or consent',
  bad_verification_code: 'the code is wrong or has expired',
  bad_refresh_token: 'the refresh token is wrong or has expired',
  invalid_code: 'the code is wrong or has expired',
  invalid_refresh_token: 'the refresh token is wrong or has expired',
  token_revoked: 'the grant was revoked',
  token_expired: 'the grant has expired',
  account_inactive: 'the account is no longer active',
}
const PASSING: Record<string, string> = {
  temporarily_unavailable: 'it is overloaded for the moment',
  server_error: 'it has an error of its own',
  internal_error: 'it has an error of its own',
  slow_down: 'it was asked too often',
  ratelimited: 'it was asked too often',
  rate_limited: 'it was asked too often',
}

/** An error code of a provider in words. A code that is not known is not repeated: it could be anything. */
export function explainCode(code: string): OAuthFailure {
  const known = code.toLowerCase()
  const passing = PASSING[known]
  if (passing !== undefined) return { kind: 'failed', code: known, detail: `${passing} (${known})` }
  const meaning = MEANING[known]
  return meaning === undefined
    ? { kind: 'refused', code: null, detail: 'it refused, with an error code of its own' }
    : { kind: 'refused', code: known, detail: `${meaning} (${known})` }
}

const PROCESSING: Record<string, string> = {
  [oauth.RESPONSE_IS_NOT_JSON]: 'it answered with something that is not JSON',
  [oauth.PARSE_ERROR]: 'it answered with something that is not JSON',
  [oauth.INVALID_RESPONSE]: 'its answer lacks what it must hold, or holds something that does not match',
  [oauth.JWT_TIMESTAMP_CHECK]: 'its id token has expired or is not valid yet',
  [oauth.JWT_CLAIM_COMPARISON]: 'its id token is not for this request',
  [oauth.JSON_ATTRIBUTE_COMPARISON]: 'its discovery document is of another issuer',
  [oauth.MISSING_SERVER_METADATA]: 'its discovery document lacks an endpoint that is needed',
  [oauth.INVALID_SERVER_METADATA]: 'its discovery document names an endpoint that is no URL',
}

/** What an error of an OAuth step comes to; null for one that is none of its ends. */
export function toOAuthFailure(error: unknown): OAuthFailure | null {
  if (error instanceof oauth.ResponseBodyError) return explainCode(error.error)
  if (error instanceof oauth.AuthorizationResponseError) return explainCode(error.error)
  if (error instanceof OutboundError) return { kind: 'failed', code: null, detail: explainOutbound(error) }
  if (error instanceof oauth.OperationProcessingError) {
    if (error.code === oauth.RESPONSE_IS_NOT_CONFORM)
      return { kind: 'failed', code: null, detail: explainStatus(error.cause) }
    return {
      kind: 'failed',
      code: null,
      detail: PROCESSING[error.code ?? ''] ?? 'its answer does not follow the protocol',
    }
  }
  if (error instanceof oauth.UnsupportedOperationError)
    return { kind: 'failed', code: null, detail: 'it gave a token of a kind that cannot be used' }
  return null
}

function explainStatus(response: unknown): string {
  return response instanceof Response ? `it answered ${response.status}` : 'its answer does not follow the protocol'
}

function explainOutbound(error: OutboundError): string {
  if (error.reason === 'timeout') return 'it did not answer in time'
  if (error.reason === 'too_large') return 'its answer is too large'
  if (error.reason === 'redirects') return 'it answered with a redirect, which is not followed'
  return 'it could not be reached'
}
