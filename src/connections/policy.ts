import type { Effect } from '../specs/operation.ts'
import type { Policy } from './schema.ts'

/** What a call needs before it is made. */
export type Permission = Policy['write']

/** What a policy says of an effect: reads always run. */
export function permissionFor(policy: Policy | null, effect: Effect): Permission {
  if (!policy || effect === 'read') return 'run'
  if (effect === 'delete' || effect === 'pay') return policy[effect]
  return policy.write
}
