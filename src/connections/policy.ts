import type { Operation } from '../specs/operation.ts'
import type { Policy } from './schema.ts'

/** What a call needs before it is made. */
export type Permission = Policy['write']

/**
 * What a policy says of an operation: reads always run. One whose method is DELETE counts as deleting whatever its effect was
 * corrected to.
 */
export function permissionFor(
  policy: Policy | null,
  { method, effect }: Pick<Operation, 'method' | 'effect'>,
): Permission {
  if (!policy) return 'run'
  if (method === 'DELETE' || effect === 'delete') return policy.delete
  if (effect === 'read') return 'run'
  return effect === 'pay' ? policy.pay : policy.write
}
