import type { RunState } from '../../src/runs/machine/state.ts'
import type { WorkflowDefinition } from '../../src/steps/schema.ts'
import { timeless } from './expressions.ts'
import { generate } from './generate.ts'
import { randomFrom } from './random.ts'
import { CALM, carryOut, type Chances, type Outcome } from './shell.ts'
import { Violation } from './violation.ts'

/** A run to be simulated. */
export type Scenario = { seed: number; definition: WorkflowDefinition; chances: Chances }

/** A promise that a run broke. */
export type Failure = { scenario: Scenario; rule: string; message: string }

/** What many runs came to. */
export type Tally = {
  runs: number
  events: number
  crashes: number
  compared: number
  ends: Record<string, number>
  failure: Failure | null
}

/** The run that belongs to a seed: its definition, and what fate has in store for it. */
export function scenarioOf(seed: number): Scenario {
  const random = randomFrom(seed)
  const definition = generate(random)
  const sometimes = (share: number, much: number) => (random.chance(share) ? random.next() * much : 0)
  const chances: Chances = {
    crash: random.chance(0.02) ? 0.9 : sometimes(0.8, 0.2),
    flush: random.next() * 0.5,
    pause: sometimes(0.3, 0.1),
    cancel: sometimes(0.1, 0.02),
    reopen: random.chance(0.4) ? random.next() : 0,
    unwritten: 0,
  }
  return { seed, definition, chances }
}

/** Simulates one run with and without bad luck; the promise that was broken, or how it went. */
export function simulate(scenario: Scenario): { outcome: Outcome; compared: boolean } | Failure {
  const { seed, definition, chances } = scenario
  try {
    const calm = carryOut(definition, seed, CALM)
    const outcome = carryOut(definition, seed, chances)
    const comparable = calm.incomparable === null && outcome.incomparable === null
    if (comparable) compare(calm.state, outcome.state)
    return { outcome, compared: comparable }
  } catch (error) {
    if (error instanceof Violation) return { scenario, rule: error.rule, message: error.message }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { scenario, rule: 'thrown', message: text }
  }
}

/** Simulates the runs of `count` seeds, up to the first that breaks a promise. */
export function simulateMany(first: number, count: number): Tally {
  const tally: Tally = { runs: 0, events: 0, crashes: 0, compared: 0, ends: {}, failure: null }
  for (let seed = first; seed < first + count; seed++) {
    const result = simulate(scenarioOf(seed))
    tally.runs++
    if ('rule' in result) return { ...tally, failure: result }
    const { outcome, compared } = result
    tally.events += outcome.events
    tally.crashes += outcome.crashes
    tally.compared += Number(compared)
    tally.ends[outcome.state.status] = (tally.ends[outcome.state.status] ?? 0) + 1
  }
  return tally
}

function compare(calm: RunState, state: RunState): void {
  if (calm.status !== state.status)
    throw new Violation('result', `ends as ${state.status}, without crashes as ${calm.status}`)
  const wanted = 'output' in calm ? JSON.stringify(calm.output) : ''
  const given = 'output' in state ? JSON.stringify(state.output) : ''
  if (wanted !== given) throw new Violation('result', `gives ${given}, without crashes ${wanted}`)
  for (const [id, step] of Object.entries(state.steps)) {
    const other = calm.steps[id]
    if (step.status !== 'succeeded' || other?.status !== 'succeeded') continue
    const [a, b] = [JSON.stringify(timeless(step.output)), JSON.stringify(timeless(other.output))]
    if (a !== b) throw new Violation('result', `${id} gives ${a}, without crashes ${b}`)
  }
}
