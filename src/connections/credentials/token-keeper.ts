import { systemCtx, type Ctx, type World } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { backoff } from '../../lib/backoff.ts'
import { errorFields } from '../../platform/log.ts'
import type { Sealed } from '../../platform/vault.ts'
import { openSecret, sealSecret } from '../../vault/service.ts'
import type { TokenAuth } from '../auth-schema.ts'
import { readTokens, type TokenCredential } from './credential.ts'
import { toOAuthFailure, type OAuthFailure } from './oauth-failure.ts'
import { obtainTokens } from './token-grants.ts'
import { markNeedsReconnect, readTokenRow, writeRenewal, type Renewal, type TokenRow } from './token-rows.ts'
import { fingerprint, isExpired, isFresh, type TokenSet } from './token-set.ts'

/** Asks for a usable token; `stale` is the fingerprint of one that the API has refused. */
export type TokenRequest = { workspaceId: string; connectionId: string; stale: string | null; requestId: string }

/** A token never crosses in the clear: what comes is the sealed credential that holds it. */
export type TokenAnswer =
  | { ok: true; credential: Sealed }
  | { ok: false; code: 'NEEDS_RECONNECT' | 'OAUTH_FAILED'; detail: string; retryAfterMs: number | null }

type Settled = (TokenAnswer & { ok: true; fingerprint: string }) | (TokenAnswer & { ok: false })

const PENDING = 'pending token'
const MAX_BACKOFF_MS = 300_000
// A token that was got because the one before was refused, and is refused too, is not the problem.
const FORCED_MS = 60_000
// What is wrong with the client, not with the grant.
const CLIENT_CODES = new Set(['invalid_client', 'incorrect_client_credentials', 'unauthorized_client'])

/**
 * Keeps the token of one connection: of all who ask at once, one request goes to the provider. What it gives is durable
 * in the object before anybody uses it, since a refresh token that rotates is worth nothing once used; D1, which calls
 * read the token from, follows.
 */
export class TokenKeeper {
  readonly #storage: DurableObjectStorage
  #inFlight: Promise<Settled> | undefined
  #failed: { credential: Sealed; attempts: number; until: number; detail: string } | undefined
  #forced: string | undefined

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /** The credential with a token that is good for a call, renewed if need be. */
  async give(world: World, request: TokenRequest): Promise<TokenAnswer> {
    for (;;) {
      const joined = this.#inFlight !== undefined
      this.#inFlight ??= this.#settle(world, request).finally(() => (this.#inFlight = undefined))
      const settled = await this.#inFlight
      // Who joined may have got just the token they come to complain about.
      if (joined && settled.ok && settled.fingerprint === request.stale) continue
      return settled.ok ? { ok: true, credential: settled.credential } : settled
    }
  }

  async #settle(world: World, request: TokenRequest): Promise<Settled> {
    await this.#recover(world, request.connectionId)
    const row = await readTokenRow(world, request.workspaceId, request.connectionId)
    if (!row) return failure('OAUTH_FAILED', 'The connection was deleted, or its credential replaced, meanwhile.')
    if (row.authStatus !== 'ready')
      return failure('NEEDS_RECONNECT', row.authProblem ?? 'Nobody has connected an account yet.')
    const credential = readTokens(await openSecret(world, row.workspaceId, row.id, row.credential))
    const { tokens } = credential
    const now = world.now()
    const mark = tokens && (await fingerprint(tokens))
    const refused = mark !== null && mark === request.stale
    const current: Settled | null = mark === null ? null : { ok: true, credential: row.credential, fingerprint: mark }
    if (tokens && current && !refused && isFresh(tokens, now, Math.random())) return current
    if (tokens && current && refused && this.#isBeyondHelp(row.auth, credential, tokens, now, current.fingerprint))
      return current
    const usable = tokens && !refused && !isExpired(tokens, now) ? current : null
    if (usable && cannotRenew(row.auth, credential)) return usable
    const wait = this.#failed?.credential === row.credential ? this.#failed.until - now : 0
    if (this.#failed && wait > 0) return usable ?? failure('OAUTH_FAILED', this.#failed.detail, wait)
    const ctx = systemCtx(world, row.workspaceId, row.createdBy)
    const renewed = await this.#renew(ctx, row, credential)
    if (renewed.ok && refused) this.#forced = renewed.fingerprint
    return renewed.ok || renewed.code === 'NEEDS_RECONNECT' ? renewed : (usable ?? renewed)
  }

  /** Whether another token would not help: there is no way to get one, or this one was got for that very reason. */
  #isBeyondHelp(auth: TokenAuth, credential: TokenCredential, tokens: TokenSet, now: number, mark: string): boolean {
    if (mark === this.#forced && now - tokens.obtainedAt < FORCED_MS) return true
    return cannotRenew(auth, credential) && !isExpired(tokens, now)
  }

  async #renew(ctx: Ctx, row: TokenRow, credential: TokenCredential): Promise<Settled> {
    if (cannotRenew(row.auth, credential)) {
      const detail = 'The access has expired, and the provider gave no refresh token to renew it with.'
      return this.#giveUp(ctx, row, detail)
    }
    try {
      // Before a refresh token is used up: a vault that is shut could not keep the next one.
      await sealSecret(ctx, row.workspaceId, row.id, '')
      const tokens = await obtainTokens(ctx, row.auth, credential)
      const settled = await this.#keep(ctx, row, { ...credential, tokens })
      this.#failed = undefined
      return settled
    } catch (error) {
      const failed = toOAuthFailure(error)
      if (failed === null && !(error instanceof AppError)) throw error
      const detail = failed ? `A new token could not be got: ${failed.detail}.` : (error as AppError).message
      ctx.log.warn('token not renewed', { connection: row.id, ...errorFields(error) })
      if (failed && isForGood(row.auth, failed)) return this.#giveUp(ctx, row, detail, failed.code)
      const attempts = this.#failed?.credential === row.credential ? this.#failed.attempts + 1 : 1
      const wait = backoff(attempts, Math.random(), 1000, MAX_BACKOFF_MS)
      this.#failed = { credential: row.credential, attempts, until: ctx.now() + wait, detail }
      return failure('OAUTH_FAILED', detail, wait)
    }
  }

  async #keep(ctx: Ctx, row: TokenRow, credential: TokenCredential & { tokens: TokenSet }): Promise<Settled> {
    const sealed = await sealSecret(ctx, row.workspaceId, row.id, JSON.stringify(credential))
    const { expiresAt } = credential.tokens
    const pending: Renewal = { workspaceId: row.workspaceId, base: row.credential, credential: sealed, expiresAt }
    await this.#storage.put(PENDING, pending)
    const mark = await fingerprint(credential.tokens)
    try {
      if (!(await writeRenewal(ctx, row.id, pending)))
        return failure('OAUTH_FAILED', 'The credential was replaced meanwhile; try again.', 0)
      await this.#storage.delete(PENDING)
    } catch (error) {
      // The token is safe in the object and goes to D1 with the next request.
      ctx.log.error('token not written', { connection: row.id, ...errorFields(error) })
    }
    return { ok: true, credential: sealed, fingerprint: mark }
  }

  /** Writes what a former life of the object, or a failing D1, left behind. */
  async #recover(world: World, connectionId: string): Promise<void> {
    const pending = await this.#storage.get<Renewal>(PENDING)
    if (!pending) return
    await writeRenewal(systemCtx(world, pending.workspaceId, 'system'), connectionId, pending)
    await this.#storage.delete(PENDING)
  }

  /** The grant is gone: from now on nobody asks the provider again, until somebody has connected anew. */
  async #giveUp(ctx: Ctx, row: TokenRow, problem: string, code: string | null = null): Promise<Settled> {
    const byConsent = isConsented(row.auth) && !CLIENT_CODES.has(code ?? '')
    const detail = `${problem} ${byConsent ? 'Connect the API again.' : 'Give the API a valid credential.'}`
    await markNeedsReconnect(ctx, row, detail)
    return failure('NEEDS_RECONNECT', detail)
  }
}

function failure(
  code: 'NEEDS_RECONNECT' | 'OAUTH_FAILED',
  detail: string,
  retryAfterMs: number | null = null,
): Settled {
  return { ok: false, code, detail, retryAfterMs }
}

function isConsented(auth: TokenAuth): boolean {
  return auth.type === 'oauth2' && auth.flow === 'authorizationCode'
}

/** Whether somebody must consent anew for another token. */
function cannotRenew(auth: TokenAuth, { tokens }: TokenCredential): boolean {
  return isConsented(auth) && !tokens?.refreshToken
}

/** Whether asking again is useless. What is wrong with the deployment's own client is not the connection's affair. */
function isForGood(auth: TokenAuth, { kind, code }: OAuthFailure): boolean {
  if (kind !== 'refused') return false
  const deployments = 'clientId' in auth && auth.clientId === null
  return !(deployments && CLIENT_CODES.has(code ?? ''))
}
