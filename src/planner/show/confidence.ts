import type { Answered } from '../answer/answer-clauses.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import { logistic } from '../rank/judge.ts'
import type { Entity } from '../understand/entity.ts'
import { CONFIDENCE } from './confidence-weights.ts'

/** The names of what `signsOf` gives, in its order. */
export const SIGNS = ['lead', 'sureness', 'values', 'words a call', 'reads', 'asides', 'left over', 'always'] as const

// By how much more than this the best answer to a clause leads does not matter; so for the counts.
const MOST = { lead: 5, values: 8, asides: 3, leftOver: 3 }

/** What a plan has to do with: the message, what answers its clauses, and the calls that come of it. */
export type Weighed = { message: string; answers: readonly Answered[]; calls: readonly PlannedCall[] }

/**
 * What tells how likely a plan is right: by how much the best answer to each clause leads the next, how sure its operation
 * is, how many values the message gives, how many words stand for each call, whether nothing is changed, how many of the
 * clauses only follow on from others, and how many values found no place.
 */
export function signsOf({ message, answers, calls }: Weighed): number[] {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  const words = message.split(/\s+/).filter((word) => word !== '').length
  return [
    mean(answers.map(({ margin }) => Math.min(MOST.lead, margin))),
    mean(answers.map(({ sure }) => sure)),
    Math.min(
      MOST.values,
      answers.reduce((sum, { clause }) => sum + clause.entities.length, 0),
    ),
    Math.log(Math.max(1, words) / Math.max(1, calls.length)),
    calls.every(({ endpoint }) => endpoint.effect === 'read') ? 1 : 0,
    Math.min(MOST.asides, answers.filter(({ clause }) => clause.aside).length),
    Math.min(MOST.leftOver, answers.flatMap(leftOver).length),
    1,
  ]
}

function leftOver({ clause, attempt }: Answered): readonly Entity[] {
  return clause.entities.filter((entity) => !attempt.used.has(entity))
}

/** How sure a plan is, from 0 to 1: of plans with such signs, the share that is right. */
export function confidenceOf(signs: readonly number[], weights: readonly number[] = CONFIDENCE): number {
  return logistic(signs, weights)
}

/** How sure the operations of a plan are together, from 0 to 1; each part of the message that is left out halves it. */
export function surenessOfAll(answers: readonly Answered[], left: number): number {
  return answers.reduce((product, { sure }) => product * sure, 1) * 0.5 ** left
}
