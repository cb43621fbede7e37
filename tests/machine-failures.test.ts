import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../src/runs/machine/events.ts'
import { reduce, stepAt } from '../src/runs/machine/machine.ts'
import { isStillAsked } from '../src/runs/machine/next.ts'
import { keyOf, outcomeOf } from '../src/runs/machine/outcomes.ts'
import type { RunState } from '../src/runs/machine/state.ts'
import { earlierOf, reopeningOf, requestIn } from '../src/runs/recovery.ts'
import type { WorkflowDefinition } from '../src/steps/schema.ts'
import {
  after,
  asked,
  define,
  done,
  entered,
  failed,
  get,
  NOW,
  play,
  post,
  recovered,
  refused,
  settle,
  started,
} from './machine-script.ts'

describe('onError', () => {
  it('continue goes on without the step', () => {
    const definition = define(post('a', { onError: 'continue' }), post('b'))
    expect(asked(definition, play(definition, [started('a'), failed('a')]))).toEqual(['b#1'])
  })

  it('goto goes on at a later step and skips those between', () => {
    const definition = define(post('a', { onError: { goto: 'd' } }), get('b'), post('c'), get('d'))
    expect(asked(definition, after())).toEqual(['a#1'])
    const state = play(definition, [started('a'), failed('a')])
    expect([stepAt(state, 'b').status, stepAt(state, 'c').status]).toEqual(['skipped', 'skipped'])
    expect(asked(definition, state)).toEqual(['d#1'])
  })

  it('goto is no matter when the step succeeds', () => {
    const definition = define(post('a', { onError: { goto: 'c' } }), get('b'), get('c'))
    expect(asked(definition, play(definition, done('a')))).toEqual(['b#1', 'c#1'])
  })
})

describe('retries', () => {
  const [step] = define(post('a', { retry: { maxAttempts: 3, delayMs: 100, maxDelayMs: 150 } })).steps
  if (step?.type !== 'api_call') throw new Error('no call')
  const call = step
  const outcome = (attempt: number, more: object = {}) =>
    outcomeOf(call, { path: 'a', attempt }, { ok: false, error: { ...refused, retryable: true, ...more } }, NOW, 0.5)

  it('wait longer each time up to a cap, and end', () => {
    expect(outcome(1)).toMatchObject({ retryAt: NOW + 100 })
    expect(outcome(2)).toMatchObject({ retryAt: NOW + 150 })
    expect(outcome(3)).toMatchObject({ retryAt: null })
  })

  it('wait as long as the API asks for, unless that is too long', () => {
    expect(outcome(1, { retryAfterMs: 5000 })).toMatchObject({ retryAt: NOW + 5000 })
    expect(outcome(1, { retryAfterMs: 86_400_000 })).toMatchObject({ retryAt: null })
  })
})

describe('a run taken up again', () => {
  const fail: RunEvent = { type: 'run.failed', at: NOW, error: { step: null, message: 'no' } }
  const reopen = (definition: WorkflowDefinition, state: RunState, input?: Record<string, unknown>) => {
    const event = reopeningOf(definition, reduce(state, fail), input, NOW)
    if (!event) throw new Error('not failed')
    return reduce(reduce(state, fail), event)
  }

  it('makes the step that failed again, and nothing that is done', () => {
    const definition = define(post('a'), post('b'))
    expect(asked(definition, reopen(definition, play(definition, [...done('a'), started('b'), failed('b')])))).toEqual([
      'b#1',
    ])
  })

  it('leaves a failure that was gone beyond as it is: what came after it is done', () => {
    const definition = define(post('a', { onError: 'continue' }), post('b'), post('c'))
    const state = play(definition, [started('a'), failed('a'), ...done('b'), started('c'), failed('c')])
    expect(asked(definition, reopen(definition, state))).toEqual(['c#1'])
    expect(stepAt(reopen(definition, state), 'a').status).toBe('failed')
  })

  it('does not make a step again that a jump has left behind', () => {
    const definition = define(post('a', { onError: { goto: 'c' } }), post('b'), post('c'))
    const state = play(definition, [started('a'), failed('a'), started('c'), failed('c')])
    expect(asked(definition, reopen(definition, state))).toEqual(['c#1'])
  })

  it('goes on within a loop at the iteration that failed', () => {
    const definition = define({ id: 'all', type: 'loop', items: [1, 2], steps: [post('a'), post('b')] })
    const events = [entered('all', { items: [1, 2] }), ...done('all[0].a'), started('all[0].b'), failed('all[0].b')]
    expect(asked(definition, reopen(definition, play(definition, events)))).toEqual(['all[0].b#1'])
  })

  /** Whether a call is sent again as it was, and the key of its request if it is written anew. */
  const standing = (state: RunState, log: readonly RunEvent[], path: string) => {
    const step = stepAt(state, path)
    return [earlierOf(step, requestIn(log, path))?.asItWas, keyOf('run', path, step)]
  }

  it('sends a call whose outcome is not known as it was, whatever the input is now; one that failed may be another', () => {
    const definition = define({ id: 'both', type: 'parallel', branches: [[post('a')], [post('b')]] })
    const log = [entered('both'), started('a'), started('b'), failed('b'), recovered()]
    for (const input of [{ n: 2 }, undefined]) {
      const state = reopen(definition, play(definition, log), input)
      expect(standing(state, log, 'a')).toEqual([true, 'run:a'])
      expect(standing(state, log, 'b')).toEqual([false, 'run:b:1'])
    }
  })

  it('with other input while a call waits for its retry: it may be another once it fails for good and is taken up too', () => {
    const definition = define({ id: 'both', type: 'parallel', branches: [[post('a')], [post('b')]] })
    const log = [entered('both'), started('a'), started('b'), failed('b', NOW + 10), failed('a')]
    const waiting = reopen(definition, play(definition, log), { n: 2 })
    expect(standing(waiting, log, 'b')).toEqual([true, 'run:b'])
    const more = [...done('a'), started('b', 2), failed('b', null, 2)]
    const again = reopen(definition, settle(definition, more.reduce(reduce, waiting), NOW + 10))
    expect(standing(again, [...log, ...more], 'b')).toEqual([false, 'run:b:1'])
  })

  it('finds the last request that was sent, though one could not be written since', () => {
    const definition = define(post('a'))
    const unwritten: RunEvent = { type: 'step.started', at: NOW, step: 'a', attempt: 1, request: null }
    const log = [started('a'), failed('a'), unwritten, failed('a')]
    const state = reopen(definition, play(definition, [started('a'), failed('a')]))
    const again = reopen(definition, [unwritten, failed('a')].reduce(reduce, state))
    expect(earlierOf(stepAt(again, 'a'), requestIn(log, 'a'))).toMatchObject({ request: { body: 'a#1' } })
    expect(standing(again, log, 'a')).toEqual([false, 'run:a:2'])
  })

  it('does not want a step that was being made ready from the old input', () => {
    const definition = define(post('a'))
    const before = after()
    const state = reopen(definition, before, { n: 2 })
    expect(isStillAsked(definition, { before, state, now: NOW }, { step: 'a', attempt: 1 })).toBe(false)
    expect(isStillAsked(definition, { before: state, state, now: NOW }, { step: 'a', attempt: 1 })).toBe(true)
  })
})

it('does not want a step that was being made ready when what holds it failed', () => {
  const definition = define(
    { id: 'both', type: 'parallel', branches: [[post('a')], [get('b')]], onError: 'continue' },
    post('c'),
  )
  const before = play(definition, [entered('both')])
  const state = play(definition, [entered('both'), started('b'), failed('b')])
  expect(asked(definition, before)).toEqual(['a#1', 'b#1'])
  expect(asked(definition, state)).toEqual(['c#1'])
  expect(isStillAsked(definition, { before, state, now: NOW }, { step: 'a', attempt: 1 })).toBe(false)
})
