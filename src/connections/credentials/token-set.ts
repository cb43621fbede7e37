import type { TokenEndpointResponse } from 'oauth4webapi'
import { sha256 } from '../../lib/hash.ts'

/** What a token endpoint gave. Times are milliseconds since 1970. */
export type TokenSet = {
  accessToken: string
  refreshToken: string | null
  obtainedAt: number
  /** Null where the provider does not say: then it is used until it is refused. */
  expiresAt: number | null
  scopes: string[]
}

// A token this close to its end is renewed: the call that carries it takes time, and clocks differ.
const SKEW_MS = 60_000

/**
 * Whether a token can still be sent. It is renewed within the last minute of its life, or the last tenth of a short
 * one; `random` in [0, 1) spreads the moment over half of that, so that not everybody asks at once.
 */
export function isFresh(tokens: TokenSet, now: number, random: number): boolean {
  if (tokens.expiresAt === null) return true
  const skew = Math.min(SKEW_MS, (tokens.expiresAt - tokens.obtainedAt) / 10)
  return now < tokens.expiresAt - skew * (0.5 + random / 2)
}

/** Whether a token has reached its end. */
export function isExpired(tokens: TokenSet, now: number): boolean {
  return tokens.expiresAt !== null && now >= tokens.expiresAt
}

/** What tells one access token from another, without being one. */
export async function fingerprint(tokens: TokenSet): Promise<string> {
  return sha256(`access token: ${tokens.accessToken}`)
}

/**
 * A token answer (RFC 6749, section 5.1) as what is kept. A refresh token that the answer leaves out stays the one
 * before (section 6), and scopes it leaves out are those that were asked for.
 */
export function toTokenSet(
  answer: TokenEndpointResponse,
  now: number,
  before: { refreshToken: string | null; scopes: readonly string[] },
): TokenSet {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? before.refreshToken,
    obtainedAt: now,
    expiresAt: answer.expires_in === undefined ? null : now + answer.expires_in * 1000,
    scopes:
      answer.scope === undefined ? [...before.scopes] : answer.scope.split(/[\s,]+/).filter((part) => part !== ''),
  }
}
