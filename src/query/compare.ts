import type { Planned } from '../planner/schema.ts'
import { gravity } from '../planner/show/show.ts'

/** A plan that takes part in a comparison, and whose it is. */
export type Contender = { name: string; planned: Planned }

type Measure = { value: (contender: Contender, all: readonly Contender[]) => number; words: string }

// In this order: a later one is asked where those before are even. More is better.
const MEASURES: readonly Measure[] = [
  { value: ({ planned }) => (planned.definition ? 1 : 0), words: 'it is the only kind that can run' },
  { value: (one, all) => votesFor(one, all), words: 'more planners came to these calls' },
  { value: ({ planned }) => -planned.findings.length, words: 'the specifications prove more of it' },
  { value: ({ planned }) => -planned.missing.length, words: 'it needs fewer values that were not said' },
  { value: ({ planned }) => -gravity(planned.effects), words: 'it changes less' },
  { value: ({ planned }) => planned.confidence, words: 'its planner is surer of it' },
]

/**
 * The best of several plans of one request, and why in words. Of plans that the check lets through those win that more
 * planners agree on, then what is better proved, then what asks and changes less; the first where all is even.
 */
export function choosePlan(contenders: readonly [Contender, ...Contender[]]): { winner: Contender; why: string } {
  let left: readonly Contender[] = contenders
  for (const { value, words } of MEASURES) {
    const values = left.map((one) => value(one, contenders))
    const best = Math.max(...values)
    const kept = left.filter((_, index) => values[index] === best)
    if (kept.length === 1 && left.length > 1) {
      const [winner = contenders[0]] = kept
      return { winner, why: `The plan of ${winner.name} was taken: ${words}.` }
    }
    left = kept
  }
  const [winner = contenders[0]] = left
  const others = contenders.length > 1 ? 'all plans come to the same' : 'there was no other'
  return { winner, why: `The plan of ${winner.name} was taken: ${others}.` }
}

function votesFor(one: Contender, all: readonly Contender[]): number {
  return all.filter(({ planned }) => callsOf(planned).join() === callsOf(one.planned).join()).length
}

/** The calls of a plan in their order. */
export function callsOf({ steps }: Pick<Planned, 'steps'>): string[] {
  return steps.flatMap(({ api, operation }) => (operation === null ? [] : [`${api} ${operation}`]))
}
