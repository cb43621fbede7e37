import { searchEndpoints, type Endpoint } from '../catalog/service.ts'
import type { Ctx } from '../context.ts'
import { words } from '../lib/words.ts'
import { operationName } from '../specs/operation.ts'
import { connectionNames } from './embedded.ts'
import type { Callable } from './model-functions.ts'
import { createProducers } from './producers.ts'
import { retrieve } from './retrieve.ts'
import type { OperationSummary } from './schema.ts'
import { slotsOf } from './slots.ts'
import { understand } from './understand.ts'

// How many of the best a missing id is looked up for, and how many operations that give it are added each.
const LINKED = 8
const GIVERS = 2
const MAX_CANDIDATES = 60

/**
 * The operations that a request may need, the likeliest first: those each clause is about in turn, each followed by those
 * whose answers hold an id that it needs, so that a step that is merely needed is there beside the one that is named.
 * Operations whose ids are in `without` are left out.
 */
export async function gatherCallables(ctx: Ctx, message: string, without: ReadonlySet<string>): Promise<Callable[]> {
  const clauses = understand(message).filter((clause) => clause.content.length > 0)
  const found = await Promise.all(
    clauses.length > 0
      ? clauses.map((clause) => retrieve(ctx, clause))
      : [
          searchEndpoints(ctx, words(message), { limit: MAX_CANDIDATES }).then((hits) =>
            hits.map((hit) => hit.endpoint),
          ),
        ],
  )
  const ranked = inTurn(found)
  const linked = await Promise.all(ranked.slice(0, LINKED).map((endpoint) => giversOf(ctx, endpoint)))
  const all = ranked.flatMap((endpoint, index) => [endpoint, ...(linked[index] ?? [])])
  const unique = [...new Map(all.map((endpoint) => [endpoint.id, endpoint])).values()].slice(0, MAX_CANDIDATES)
  const connections = await connectionNames(ctx, unique)
  return unique.flatMap((endpoint) => {
    const connection = connections.get(endpoint.connectionId)
    return connection && !without.has(endpoint.id) ? [{ endpoint, connection }] : []
  })
}

/** Operations in short, as plans list them. */
export function summarize(callables: readonly Callable[]): OperationSummary[] {
  return callables.map(({ endpoint, connection }) => {
    const { summary, effect } = endpoint
    return { api: connection.slug, operation: operationName(endpoint), summary, effect }
  })
}

async function giversOf(ctx: Ctx, endpoint: Endpoint): Promise<Endpoint[]> {
  const producers = createProducers(ctx)
  const needed = slotsOf(endpoint).filter((slot) => slot.required && slot.noun !== null)
  const found = await Promise.all(needed.map((slot) => producers(endpoint.connectionId, slot)))
  return found.flatMap((givers) => givers.slice(0, GIVERS).map((giver) => giver.endpoint))
}

/** Lists as one: the first of each, then the second of each, and so on. */
function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_, rank) => lists.flatMap((list) => list.slice(rank, rank + 1))).flat()
}
