import { describe, expect, it } from 'vitest'
import { entering } from '../src/runs/enter.ts'
import type { RunEvent } from '../src/runs/machine/events.ts'
import { reduce, stepAt } from '../src/runs/machine/machine.ts'
import { isStillAsked, next } from '../src/runs/machine/next.ts'
import { type Decision, toEvent } from '../src/runs/machine/outcomes.ts'
import { after, asked, define, done, get, NOW, play, set, started, succeeded } from './machine-script.ts'

const sleeping: RunEvent = { type: 'step.sleeping', at: NOW, step: 'nap', until: NOW + 500 }
const asking: RunEvent = { type: 'step.asked', at: NOW, step: 'ask', message: 'Go on?', until: null }
const paused: RunEvent = { type: 'run.paused', at: NOW }

describe('a delay', () => {
  const definition = define(get('a'), { id: 'nap', type: 'delay', durationMs: 500 }, get('b'))

  it('waits for what is listed before it, and what is listed after waits for it', () => {
    expect(asked(definition, after())).toEqual(['a#1'])
    expect(asked(definition, play(definition, done('a')))).toEqual(['nap#1'])
    expect(asked(definition, play(definition, [...done('a'), sleeping]))).toEqual(['wait 500'])
  })

  it('is over at its time, and also long after', () => {
    for (const late of [500, 1_000_000]) {
      const state = play(definition, [...done('a'), sleeping], NOW + late)
      expect(stepAt(state, 'nap')).toMatchObject({
        status: 'succeeded',
        output: { until: new Date(NOW + 500).toISOString() },
      })
      expect(asked(definition, state, NOW + late)).toEqual(['b#1'])
    }
  })

  it.each([
    ['no time', 'soon'],
    ['more than thirty days', 31 * 86_400_000],
  ])('of %s is refused', (_, duration) => {
    const step = { id: 'nap', type: 'delay', durationMs: duration } as const
    expect(() => entering(step, 'nap', { status: 'pending' }, duration, NOW)).toThrow(/no time|30 days/)
  })
})

describe('an approval', () => {
  const definition = define({ id: 'ask', type: 'approval', message: 'Go on?' }, get('b'))
  const decide = (verdict: Decision['verdict'], state = stepAt(after(asking), 'ask')) =>
    toEvent('ask', state, { verdict, by: 'Ada', comment: 'seen' }, NOW)

  it('waits for somebody for as long as it takes', () => {
    expect(asked(definition, after(asking), NOW + 1e12)).toEqual([])
  })

  it('approved lets the run go on; refused fails it, with who and why', () => {
    const yes = decide('approve')
    const no = decide('refuse')
    if (!yes || !no) throw new Error('not decided')
    expect(asked(definition, play(definition, [asking, yes]))).toEqual(['b#1'])
    expect(next(definition, play(definition, [asking, no]), NOW)).toEqual([
      { type: 'fail', error: { step: 'ask', message: 'refused by Ada: seen' } },
    ])
  })

  it('is decided once, and not by what is meant for calls', () => {
    const yes = decide('approve')
    if (!yes) throw new Error('not decided')
    expect(decide('refuse', stepAt(after(asking, yes), 'ask'))).toBeNull()
    expect([decide('repeat'), decide('done')]).toEqual([null, null])
    const refusedToo = { ...yes, type: 'step.failed' } as RunEvent
    expect(reduce(after(asking, yes), refusedToo)).toEqual(after(asking, yes))
  })

  it('with a deadline is refused when that is past', () => {
    const until = { ...asking, until: NOW + 100 } as RunEvent
    expect(asked(definition, after(until))).toEqual(['wait 100'])
    expect(asked(definition, play(definition, [until], NOW + 100), NOW + 100)).toEqual(['fail ask'])
  })
})

describe('a paused run', () => {
  const definition = define(get('a'), get('b', { dependsOn: ['a'] }))

  it('asks for nothing, takes what comes back, and goes on when it is resumed', () => {
    const state = play(definition, [started('a'), paused, succeeded('a')])
    expect(asked(definition, state)).toEqual([])
    expect(asked(definition, reduce(state, { type: 'run.resumed', at: NOW }))).toEqual(['b#1'])
  })

  it('does not want a step any more that was being made ready when it was paused', () => {
    const before = after()
    const still = (state: typeof before) =>
      isStillAsked(definition, { before, state, now: NOW }, { step: 'a', attempt: 1 })
    expect(still(before)).toBe(true)
    expect(still(after(paused))).toBe(false)
    expect(still(after(paused, { type: 'run.resumed', at: NOW }))).toBe(true)
    expect(still(after(started('a')))).toBe(false)
    expect(still(after({ type: 'run.cancelled', at: NOW }))).toBe(false)
  })

  it('skips nothing and enters nothing', () => {
    const wide = define(set('x'), { id: 'nap', type: 'delay', durationMs: 1 }, set('y'))
    expect(asked(wide, after(...done('x'), { ...sleeping, until: NOW } as RunEvent, paused))).toEqual([])
  })
})
