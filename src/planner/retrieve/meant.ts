import { logistic } from '../rank/judge.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { MEANT } from './meant-weights.ts'
import type { Candidate } from './retrieve.ts'

// Where two operations are about as likely, that one of them is meant is likelier than that either is.
const LIKELIEST = 2
// By how many operations there are, more than these are not told apart: so many are always read.
const MANY = 300

/** What is looked at to tell whether the connected APIs are meant, in the order of `signsOfMeant`. */
export const MEANT_SIGNS = [
  'surest clause',
  'mean',
  'least sure',
  'words known',
  'many operations',
  'constant',
] as const

/**
 * How sure it is that the connected APIs are meant at all, from 0 to 1: by the message as a whole, as learned from messages
 * about them and from messages about others. Of each clause its candidates, best first.
 */
export function surenessOfMessage(
  clauses: readonly Clause[],
  candidates: readonly (readonly Candidate[])[],
  field: Field,
): number {
  const signs = signsOfMeant(clauses, candidates, field)
  return signs === null ? 0 : logistic(signs, MEANT)
}

/** What tells whether the connected APIs are meant, as numbers from 0 to 1; null where nothing is asked for. */
export function signsOfMeant(
  clauses: readonly Clause[],
  candidates: readonly (readonly Candidate[])[],
  { profiles }: Field,
): number[] | null {
  const sure = clauses.flatMap(({ aside, terms }, index) =>
    aside ? [] : [terms.length === 0 ? 0 : someIsMeant(candidates[index] ?? [])],
  )
  if (sure.length === 0) return null
  const terms = clauses.flatMap((clause) => (clause.aside ? [] : clause.terms))
  const isKnown = (term: string) =>
    profiles.some(({ called, takes, mentions }) => called.has(term) || takes.has(term) || mentions.has(term))
  return [
    Math.max(...sure),
    sure.reduce((sum, each) => sum + each, 0) / sure.length,
    Math.min(...sure),
    terms.filter(isKnown).length / Math.max(1, terms.length),
    // Among many operations something is alike by chance.
    Math.min(1, Math.log(1 + profiles.length) / Math.log(1 + MANY)),
    1,
  ]
}

/** How sure it is that a clause asks for one of its first candidates. */
function someIsMeant(candidates: readonly Candidate[]): number {
  return 1 - candidates.slice(0, LIKELIEST).reduce((none, { sure }) => none * (1 - sure), 1)
}
