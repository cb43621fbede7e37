import { type Endpoint, searchEndpoints } from '../../catalog/service.ts'
import { loadInOrder } from '../../catalog/words.ts'
import type { Ctx } from '../../context.ts'
import { words } from '../../lib/words.ts'
import { slotsOf } from '../../links/slots.ts'
import { createProducers, type Producers } from '../assemble/producers.ts'
import { nowOf } from '../language/dates.ts'
import { retrieveAll } from '../retrieve/retrieve.ts'
import { connectionNames, merge } from '../retrieve/summaries.ts'
import { understand } from '../understand/understand.ts'
import type { Callable } from './functions.ts'

// How many of each clause's operations are told of at most.
const OF_CLAUSE = 24
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
  const ranked = await rankedFor(ctx, message)
  const producers = createProducers(ctx)
  const linked = await Promise.all(ranked.slice(0, LINKED).map((endpoint) => giversOf(endpoint, producers)))
  const all = ranked.flatMap((endpoint, index) => [endpoint, ...(linked[index] ?? [])])
  const unique = merge([all]).slice(0, MAX_CANDIDATES)
  const connections = await connectionNames(ctx, unique)
  return unique.flatMap((endpoint) => {
    const connection = connections.get(endpoint.connectionId)
    return connection && !without.has(endpoint.id) ? [{ endpoint, connection }] : []
  })
}

/** The operations of each clause in turn; where a message has no clause that says anything, those of its words. */
async function rankedFor(ctx: Ctx, message: string): Promise<Endpoint[]> {
  const clauses = understand(message, nowOf(ctx)).filter((clause) => clause.content.length > 0)
  if (clauses.length === 0) {
    const hits = await searchEndpoints(ctx, words(message), { limit: MAX_CANDIDATES })
    return hits.map((hit) => hit.endpoint)
  }
  const { candidates } = await retrieveAll(ctx, message, clauses)
  const found = merge(candidates.map((list) => list.slice(0, OF_CLAUSE).map((candidate) => candidate.found)))
  return loadInOrder(
    ctx,
    found.slice(0, MAX_CANDIDATES).map(({ id }) => id),
  )
}

async function giversOf(endpoint: Endpoint, producers: Producers): Promise<Endpoint[]> {
  const needed = slotsOf(endpoint).filter((slot) => slot.required && slot.noun !== null)
  const found = await Promise.all(needed.map((slot) => producers.within(endpoint.connectionId, slot)))
  return found.flatMap((givers) => givers.slice(0, GIVERS).map((giver) => giver.endpoint))
}
