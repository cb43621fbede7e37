import type { World } from '../context.ts'
import { AppError } from '../errors.ts'
import { countOne } from '../limits/admit.ts'

/** How many keys that are none, or no longer, one address may try in a minute. */
const FAILURES_PER_MINUTE = 300
const MAX_BLOCKED = 1000

const blocked = new Map<string, number>()

/** @throws AppError RATE_LIMITED while the address has failed too often, as far as this isolate knows. */
export function refuseBlocked(world: World): void {
  const address = world.caller.ip
  const until = address === null ? undefined : blocked.get(address)
  if (until !== undefined && until > world.now()) throw tooManyFailures(Math.ceil((until - world.now()) / 1000))
}

/** The problem for a key that is not let in; with it the failure is counted, where the address is known. */
export async function failedAttempt(world: World, detail: string): Promise<AppError> {
  const address = world.caller.ip
  if (address !== null) {
    const { admitted, resetSeconds } = await countOne(world.env, `ip:${address}`, FAILURES_PER_MINUTE)
    if (!admitted) {
      blocked.set(address, world.now() + resetSeconds * 1000)
      if (blocked.size > MAX_BLOCKED) blocked.delete(blocked.keys().next().value ?? '')
      return tooManyFailures(resetSeconds)
    }
  }
  return new AppError('UNAUTHENTICATED', detail)
}

function tooManyFailures(seconds: number): AppError {
  return new AppError('RATE_LIMITED', `Rate limit exceeded: ${FAILURES_PER_MINUTE} failed attempts per minute`, {
    headers: { 'Retry-After': String(seconds) },
  })
}
