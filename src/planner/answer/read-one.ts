import { findByPath } from '../../catalog/by-path.ts'
import type { Ctx } from '../../context.ts'
import type { PlannedCall } from '../plan/planned-call.ts'

/**
 * The call that reads the one thing which another call does something to, by the same ids: `GET /orders/{orderId}` for
 * `POST /orders/{orderId}/cancel`. Null where the API has none, or where the ids come one by one from a list.
 */
export async function readOne(ctx: Ctx, { endpoint, bindings, each }: PlannedCall): Promise<PlannedCall | null> {
  const end = endpoint.path.lastIndexOf('}')
  if (each || end === -1) return null
  const path = endpoint.path.slice(0, end + 1)
  const reader = await findByPath(ctx, endpoint.connectionId, 'GET', path)
  if (!reader?.response) return null
  const needed = reader.parameters.filter(({ required }) => required)
  const same = bindings.filter(({ slot }) =>
    needed.some(({ name, in: place }) => slot.name === name && slot.in === place),
  )
  const isKnown = same.length === needed.length && same.every(({ source }) => source.kind !== 'item')
  return isKnown ? { endpoint: reader, bindings: same } : null
}
