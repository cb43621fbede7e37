import { eq } from 'drizzle-orm'
import type { Ctx, Scope } from '../context.ts'
import { AppError } from '../errors.ts'
import { isWithin } from '../lib/network.ts'
import { loadTerms } from '../limits/terms.ts'
import { apiKeys } from './tables.ts'

/** What a key is to be able to do. */
export type Powers = {
  scopes: readonly Scope[]
  requestsPerMinute: number
  requestsPerDay: number | null
  allowedIps: readonly string[] | null
  expiresAt: string | null
}

/**
 * Refuses to give a key more than the workspace's tier allows, or than the actor has: a key that makes, changes, rotates or
 * renews one passes on no scope, allowance, address or time that it does not have itself.
 * @throws AppError FORBIDDEN, VALIDATION_FAILED
 */
export async function checkPowers(ctx: Ctx, powers: Powers): Promise<void> {
  const lacking = powers.scopes.filter((scope) => !ctx.actor.scopes.includes(scope))
  if (lacking.length > 0) throw tooMuch(`the scopes ${lacking.join(', ')}`)
  if (ctx.actor.kind === 'system') return
  const { keyPerMinute, tier } = await loadTerms(ctx.db, ctx.actor.workspaceId)
  if (powers.requestsPerMinute > keyPerMinute) {
    const message = `a key of the tier "${tier}" may have at most ${keyPerMinute} requests per minute`
    const errors = [{ path: '/requestsPerMinute', code: 'too_big', message }]
    throw new AppError('VALIDATION_FAILED', `/requestsPerMinute: ${message}`, { errors })
  }
  if (ctx.actor.kind === 'key') await checkAgainstOwn(ctx, powers)
}

async function checkAgainstOwn(ctx: Ctx, powers: Powers): Promise<void> {
  const [own] = await ctx.db.select().from(apiKeys).where(eq(apiKeys.id, ctx.actor.id))
  if (!own) throw tooMuch('anything any more')
  if (powers.requestsPerMinute > own.requestsPerMinute) throw tooMuch('more requests per minute')
  if ((powers.requestsPerDay ?? Infinity) > (own.requestsPerDay ?? Infinity)) throw tooMuch('more requests per day')
  const { allowedIps } = own
  if (allowedIps && !powers.allowedIps?.every((network) => isWithin(network, allowedIps)))
    throw tooMuch('other addresses')
  if (own.expiresAt && (powers.expiresAt === null || Date.parse(powers.expiresAt) > Date.parse(own.expiresAt)))
    throw tooMuch('a later end')
}

function tooMuch(what: string): AppError {
  return new AppError('FORBIDDEN', `A key cannot be given more than its maker has: the caller cannot give ${what}.`)
}
