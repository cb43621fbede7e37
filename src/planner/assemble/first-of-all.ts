import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { isPaged } from '../../links/lists.ts'
import { turnable } from '../../steps/paginate.ts'
import type { Clause } from '../understand/clause.ts'
import { readPick } from './pick.ts'

/**
 * "Cancel the latest order": whether one of all is told by where it comes, and the list tells by what. Where more is said of
 * it, as whose it is, it is not the latest of all.
 */
export function isFirstOfAll(endpoint: Endpoint, noun: string, clause: Clause): boolean {
  const isHead = clause.head === stem(noun.split(' ').at(-1) ?? '')
  if (!isHead || clause.order === null || clause.limit !== 1 || (isPaged(endpoint) && !turnable(endpoint))) return false
  const { pick, covered } = readPick(endpoint, clause, [], [], new Set())
  const seen = new Set([clause.head, clause.verb, clause.action, ...[...covered, ...clause.order.by].map(stem)])
  return pick?.order != null && clause.terms.every((term) => seen.has(term))
}
