import { type Alike, NEAREST } from '../../embeddings/alike.ts'
import type { Clause } from '../understand/clause.ts'

/** How near operations are in meaning to a clause, by their ids: 1 for the nearest, 0 for those that are not among the near. */
export type Standings = ReadonlyMap<string, number>

/** What a standing counts beside the learned weights, which stay as they are; docs/evaluation.md tells how it was learned. */
export const MEANING = 1.5

/**
 * Where operations stand by meaning for each clause, told by the order alone: what a cosine means differs from model to
 * model. A clause that was made of another's parts has no text of its own that was looked for, and takes the other's.
 */
export function standingsOf(
  clauses: readonly Clause[],
  texts: readonly string[],
  alike: readonly Alike[],
): Standings[] {
  const standings = new Map(texts.map((text, index) => [text, toStandings(alike[index] ?? new Map<string, number>())]))
  const none: Standings = new Map()
  return clauses.map(({ text, among }) => standings.get(text) ?? standings.get(among ?? '') ?? none)
}

function toStandings(alike: Alike): Standings {
  const order = [...alike].toSorted(([one, near], [other, alsoNear]) => alsoNear - near || (one < other ? -1 : 1))
  return new Map(order.map(([id], rank) => [id, Math.max(0, 1 - Math.log(1 + rank) / Math.log(1 + NEAREST))]))
}
