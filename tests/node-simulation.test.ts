import { describe, expect, it } from 'vitest'
import { shrink, tell } from './simulation/shrink.ts'
import { scenarioOf, simulate, simulateMany, type Failure } from './simulation/simulate.ts'

const RUNS = 10_000

/** The first of the scenarios whose run breaks a promise. */
function firstFailure(scenarios: ReturnType<typeof scenarioOf>[]): Failure {
  for (const scenario of scenarios) {
    const result = simulate(scenario)
    if ('rule' in result) return result
  }
  throw new Error('every promise was kept')
}

describe('the engine under simulated crashes, faults and people', () => {
  it(`keeps every promise in ${RUNS} random runs`, () => {
    const started = performance.now()
    const tally = simulateMany(1, RUNS)
    const seconds = (performance.now() - started) / 1000
    console.log(`${Math.round(tally.runs / seconds)} runs/s, ${tally.events} events, ${tally.crashes} deaths`)
    expect(tally.failure && tell(shrink(tally.failure))).toBeNull()
    expect(tally.runs).toBe(RUNS)
    // Otherwise the promises were kept because nothing happened.
    expect(tally.crashes).toBeGreaterThan(RUNS)
    expect(tally.compared).toBeGreaterThan(RUNS / 2)
    expect(Object.keys(tally.ends).toSorted()).toEqual(['cancelled', 'failed', 'succeeded'])
  })

  it('does the same for the same seed', () => {
    expect(simulate(scenarioOf(77))).toEqual(simulate(scenarioOf(77)))
    expect(scenarioOf(77)).not.toEqual(scenarioOf(78))
  })

  it.each([
    [15740, 'fails for good after the run was given other input while it waited for its retry'],
    [107083, 'reads what its loop gave so far, and fails while that goes on'],
  ])('keeps the promises of seed %i: a call that %s', (seed) => {
    expect(simulate(scenarioOf(seed))).not.toHaveProperty('rule')
  })

  it('would notice an effect that leaves before the log is written, and tells it in one step', () => {
    const reckless = Array.from({ length: 500 }, (_, seed) => {
      const scenario = scenarioOf(seed)
      return { ...scenario, chances: { ...scenario.chances, crash: 0.2, unwritten: 1 } }
    })
    const failure = shrink(firstFailure(reckless))
    expect(failure.rule).toBe('repeated')
    expect(failure.scenario.definition.steps).toHaveLength(1)
    const script = tell(failure)
    expect(script).toContain('✗ dies')
    expect(script.match(/→ \w+ leaves/g)).toHaveLength(2)
  })
})
