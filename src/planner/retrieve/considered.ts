import type { Endpoint } from '../../catalog/service.ts'
import type { Ctx } from '../../context.ts'
import type { Field } from '../rank/rank.ts'
import type { OperationSummary } from '../schema.ts'
import type { Candidate } from './retrieve.ts'
import { connectionNames, CONSIDERED, type Listed, summarize } from './summaries.ts'

/** What a plan uses, and behind it what else was looked at: lists of what it takes the ids of, and the likeliest first. */
export async function considered(
  ctx: Ctx,
  used: readonly Endpoint[],
  retrieved: readonly (readonly Candidate[])[],
  field: Field | null = null,
): Promise<OperationSummary[]> {
  const all: Listed[] = [...used, ...(field ? listsFor(used, field) : []), ...likeliest(retrieved)]
  const unique = [...new Map(all.map((each) => [each.id, each])).values()].slice(0, CONSIDERED)
  return summarize(unique, await connectionNames(ctx, unique))
}

/** The operations that list what others take by an id in their path: `GET /orders` of `/orders/{id}/cancel`. */
function listsFor(used: readonly Endpoint[], { profiles }: Field): Listed[] {
  const paths = new Set(
    used.flatMap(({ connectionId, path }) =>
      [...path.matchAll(/\/\{[^}]*\}/g)].map(({ index }) => `${connectionId} ${path.slice(0, index)}`),
    ),
  )
  return profiles.flatMap(({ found }) =>
    found.method === 'GET' && paths.has(`${found.connectionId} ${found.path}`) ? [found] : [],
  )
}

/** The operations of all clauses, the likeliest first to be what one of the clauses asks for. */
function likeliest(retrieved: readonly (readonly Candidate[])[]): Listed[] {
  const chances = new Map<string, { found: Listed; unasked: number }>()
  for (const { found, sure } of retrieved.flat())
    chances.set(found.id, { found, unasked: (chances.get(found.id)?.unasked ?? 1) * (1 - sure) })
  return [...chances.values()].toSorted((a, b) => a.unasked - b.unasked).map(({ found }) => found)
}
