import type { Endpoint } from '../../catalog/service.ts'
import { type ConnectionName, nameConnections } from '../../connections/targets.ts'
import type { Ctx } from '../../context.ts'
import { operationName } from '../../specs/operation.ts'
import type { OperationSummary } from '../schema.ts'

/** How many operations a plan says were considered. */
export const CONSIDERED = 20

/** As much of an operation as a summary tells. */
export type Listed = Pick<Endpoint, 'id' | 'connectionId' | 'method' | 'path' | 'summary' | 'effect'>

/** Operations in short, as plans list them; those whose connection is gone are left out. */
export function summarize(
  endpoints: readonly Listed[],
  connections: ReadonlyMap<string, ConnectionName>,
): OperationSummary[] {
  return endpoints.flatMap((endpoint): OperationSummary[] => {
    const api = connections.get(endpoint.connectionId)?.slug
    const { summary, effect } = endpoint
    return api === undefined ? [] : [{ api, operation: operationName(endpoint), summary, effect }]
  })
}

/** The connections of endpoints, by id. */
export async function connectionNames(
  ctx: Ctx,
  endpoints: readonly { connectionId: string }[],
): Promise<Map<string, ConnectionName>> {
  const ids = [...new Set(endpoints.map((endpoint) => endpoint.connectionId))]
  return new Map((await nameConnections(ctx, ids)).map((connection) => [connection.id, connection]))
}

/** Lists of operations as one: the best of each, then the second of each, and so on; each operation once. */
export function merge<One extends { id: string }>(lists: readonly (readonly One[])[]): One[] {
  const unique = new Map<string, One>()
  const longest = Math.max(0, ...lists.map((list) => list.length))
  for (let rank = 0; rank < longest; rank++)
    for (const list of lists) {
      const endpoint = list[rank]
      if (endpoint && !unique.has(endpoint.id)) unique.set(endpoint.id, endpoint)
    }
  return [...unique.values()]
}
