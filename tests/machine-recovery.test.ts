import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../src/runs/machine/events.ts'
import { reduce, stepAt } from '../src/runs/machine/machine.ts'
import { type Decision, toEvent } from '../src/runs/machine/outcomes.ts'
import { countLife, earlierOf, recoveryOf, requestIn } from '../src/runs/recovery.ts'
import { stepsByPath } from '../src/steps/paths.ts'
import {
  after,
  asked,
  define,
  done,
  failed,
  get,
  NOW,
  play,
  post,
  recovered,
  started,
  succeeded,
} from './machine-script.ts'

describe('a call that was out when its object died', () => {
  const definition = define(post('a'), post('b', { atMostOnce: true }))
  const steps = stepsByPath(definition.steps)
  const nobody = () => false

  it('is made again under its own number, and as it was', () => {
    const event = recoveryOf(steps, after(started('a')), nobody, NOW)
    expect(event).toEqual({ type: 'run.recovered', at: NOW })
    const log = [started('a'), failed('a', NOW, 1), started('a', 2), recovered()]
    const state = play(definition, log)
    expect(asked(definition, state)).toEqual(['a#2'])
    expect(earlierOf(stepAt(state, 'a'), requestIn(log, 'a'))).toMatchObject({
      asItWas: true,
      request: { body: 'a#2' },
    })
    expect(earlierOf(stepAt(state, 'b'), requestIn(log, 'b'))).toBeNull()
  })

  it('is left alone where it still is out, or the run is paused', () => {
    expect(recoveryOf(steps, after(started('a')), (path) => path === 'a', NOW)).toBeNull()
    expect(recoveryOf(steps, after(started('a'), { type: 'run.paused', at: NOW }), nobody, NOW)).toBeNull()
    expect(recoveryOf(steps, after(...done('a')), nobody, NOW)).toBeNull()
  })

  it('and may be made once at most is uncertain until somebody says what it was', () => {
    const log = [...done('a'), started('b')]
    expect(recoveryOf(steps, after(...log), nobody, NOW)).toMatchObject({ uncertain: ['b'] })
    const state = play(definition, [...log, recovered('b')])
    expect(asked(definition, state, NOW + 1e12)).toEqual([])
    const decided = (verdict: Decision['verdict']) => {
      const event = toEvent('b', stepAt(state, 'b'), { verdict, by: 'Ada', comment: null }, NOW)
      return event && asked(definition, play(definition, [...log, recovered('b'), event]))
    }
    expect(decided('repeat')).toEqual(['b#1'])
    expect(decided('done')).toEqual(['succeed'])
    expect(decided('refuse')).toEqual(['fail b'])
    expect(decided('approve')).toBeNull()
  })

  it('and comes back all the same is done: its effect need not be repeated', () => {
    expect(stepAt(after(started('a'), recovered(), succeeded('a')), 'a').status).toBe('succeeded')
  })
})

describe('what comes twice, late or out of order', () => {
  /** Those of the late events that change the state after the others. */
  const changing = (events: RunEvent[], late: RunEvent[]) => {
    const state = after(...events)
    return late.filter((event) => reduce(state, event) !== state)
  }

  it('does not undo a success', () => {
    const skipped: RunEvent = { type: 'step.skipped', at: NOW, step: 'a' }
    expect(changing(done('a'), [...done('a', 'other'), failed('a'), failed('a', NOW + 1), skipped])).toEqual([])
  })

  it('does not end an attempt by the outcome of an earlier one', () => {
    const events = [started('a'), failed('a', NOW), started('a', 2)]
    expect(changing(events, [succeeded('a'), failed('a'), failed('a', NOW + 9), started('a')])).toEqual([])
  })

  it('does not give a step another outcome while it waits for its next attempt', () => {
    const events = [started('a'), failed('a', NOW + 5)]
    expect(changing(events, [failed('a', NOW + 9), failed('a'), succeeded('a'), started('a')])).toEqual([])
  })

  it('is nothing to a step that never began, or an iteration that is over', () => {
    expect(changing([], [succeeded('a')])).toEqual([])
    const loop: RunEvent[] = [
      { type: 'step.entered', at: NOW, step: 'all', items: [1, 2] },
      ...done('all[0].a'),
      { type: 'step.iterated', at: NOW, step: 'all', index: 0, output: 1 },
    ]
    const other: RunEvent = { type: 'step.iterated', at: NOW, step: 'all', index: 1, output: 1 }
    expect(changing(loop, [...done('all[0].a'), ...loop, other, started('all[2].a')])).toEqual([])
  })
})

describe('a run whose object dies again and again', () => {
  const definition = define(get('a', { retry: { maxAttempts: 10 } }), get('b', { dependsOn: ['a'] }))

  it('is counted as long as it gets nowhere, and anew once it does', () => {
    const stuck = after(started('a'))
    const first = countLife(definition, stuck, undefined, NOW)
    expect(first?.lives).toBe(1)
    expect(countLife(definition, stuck, first ?? undefined, NOW)?.lives).toBe(2)
    expect(countLife(definition, after(...done('a')), first ?? undefined, NOW)?.lives).toBe(1)
  })

  it('gets somewhere with every attempt that came to an end', () => {
    const first = countLife(definition, after(started('a'), failed('a', NOW)), undefined, NOW) ?? undefined
    expect(
      countLife(definition, after(started('a'), failed('a', NOW), started('a', 2), failed('a', NOW, 2)), first, NOW)
        ?.lives,
    ).toBe(1)
  })

  it('is not counted while it waits or is paused, even with a call that was lost', () => {
    expect(countLife(definition, after(started('a'), failed('a', NOW + 5)), undefined, NOW)).toBeNull()
    expect(countLife(definition, after(started('a'), { type: 'run.paused', at: NOW }), undefined, NOW)).toBeNull()
  })
})
