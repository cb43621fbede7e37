import type { Candidate } from './retrieve.ts'
import type { Clause } from './understand.ts'

// How sure a message has to be, half by its surest clause and half by all of them together; then how sure a clause of it:
// one that asks, one that may only comment, and one that may only comment and would change something.
const SURE_OF_MESSAGE = 0.35
const SURE_OF_CLAUSE = 0.06
const SURE_OF_ASIDE = 0.2
const SURE_OF_CHANGE = 0.5
// Where two operations are about as likely, that one of them is meant is likelier than that either is.
const LIKELIEST = 2

/**
 * Which clauses are planned. Whether the connected APIs are meant at all is judged by the message as a whole: where they
 * are, a clause that asks is likelier to ask for something they do. Of each clause its candidates, best first.
 */
export function acceptClauses(clauses: readonly Clause[], candidates: readonly (readonly Candidate[])[]): boolean[] {
  const likely = clauses.map(({ terms }, index) => (terms.length === 0 ? [] : (candidates[index] ?? [])))
  const asked = likely.filter((_, index) => !clauses[index]?.aside).map(someIsMeant)
  const mean = asked.reduce((sum, sure) => sum + sure, 0) / Math.max(1, asked.length)
  if ((Math.max(0, ...asked) + mean) / 2 < SURE_OF_MESSAGE) return clauses.map(() => false)
  return likely.map((ofClause, index) => {
    const [best] = ofClause.toSorted((a, b) => b.sure - a.sure)
    if (!best) return false
    const changes = best.found.effect !== 'read'
    return best.sure >= (!clauses[index]?.aside ? SURE_OF_CLAUSE : changes ? SURE_OF_CHANGE : SURE_OF_ASIDE)
  })
}

/** How sure it is that a clause asks for one of its first candidates. */
function someIsMeant(candidates: readonly Candidate[]): number {
  return 1 - candidates.slice(0, LIKELIEST).reduce((none, { sure }) => none * (1 - sure), 1)
}
