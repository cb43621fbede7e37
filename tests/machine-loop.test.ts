import { describe, expect, it } from 'vitest'
import { entering } from '../src/runs/enter.ts'
import type { RunEvent } from '../src/runs/machine/events.ts'
import { stepAt } from '../src/runs/machine/machine.ts'
import { WorkflowDefinition } from '../src/steps/schema.ts'
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
  set,
  started,
  succeeded,
} from './machine-script.ts'

const loop = (more: object = {}) => ({
  id: 'all',
  type: 'loop',
  items: '{{ [1..4] }}',
  concurrency: 2,
  steps: [get('a')],
  ...more,
})
const runFailed: RunEvent = { type: 'run.failed', at: NOW, error: { step: 'all', message: 'no' } }
const items = entered('all', { items: [1, 2, 3, 4] })

describe('a loop over items', () => {
  const definition = define(loop())

  it('is asked for its items, then begins as many iterations as may go on at once', () => {
    expect(asked(definition, after())).toEqual(['all#1'])
    expect(asked(definition, play(definition, [items]))).toEqual(['all[0].a#1', 'all[1].a#1'])
    expect(asked(definition, play(definition, [items, started('all[0].a')]))).toEqual(['all[1].a#1'])
    expect(asked(definition, play(definition, [items, started('all[0].a'), started('all[1].a')]))).toEqual([])
  })

  it('begins the next when one is done', () => {
    const state = play(definition, [items, started('all[0].a'), ...done('all[1].a')])
    expect(asked(definition, state)).toEqual(['all[2].a#1'])
  })

  it('begins the first iteration even when a later one begins before it', () => {
    const state = play(definition, [items, ...done('all[1].a')])
    expect(asked(definition, state)).toEqual(['all[0].a#1', 'all[2].a#1'])
    const later = play(definition, [items, ...done('all[1].a'), started('all[2].a')])
    expect(asked(definition, later)).toEqual(['all[0].a#1'])
    const all = [3, 1, 2, 0].flatMap((index) => done(`all[${index}].a`, index))
    expect(stepAt(play(definition, [items, ...all]), 'all')).toMatchObject({
      status: 'succeeded',
      output: [0, 1, 2, 3],
    })
  })

  it('never has more iterations going on than it says, in whatever order they begin', () => {
    const state = play(definition, [items, started('all[1].a')])
    expect(asked(definition, state)).toEqual(['all[0].a#1'])
    expect(asked(definition, play(definition, [items, started('all[1].a'), started('all[0].a')]))).toEqual([])
  })

  it('keeps nothing of an iteration that is done but its result', () => {
    const state = stepAt(play(definition, [items, ...done('all[0].a', 'first')]), 'all')
    expect(state).toMatchObject({ status: 'open', collected: 1, frames: {}, results: ['first'] })
  })

  it('goes on where it was after a crash', () => {
    const state = play(definition, [items, ...done('all[0].a'), started('all[1].a'), recovered()])
    expect(asked(definition, state)).toEqual(['all[1].a#1', 'all[2].a#1'])
  })

  it('begins nothing more once an iteration has failed, also while another call of that one is out', () => {
    const two = define(loop({ steps: [post('a'), get('b')] }))
    const out = [items, started('all[0].a'), started('all[0].b'), started('all[1].b')]
    expect(asked(two, play(two, out))).toEqual(['all[1].a#1'])
    expect(asked(two, play(two, [...out, failed('all[0].a')]))).toEqual([])
    const back = [...out, failed('all[0].a'), succeeded('all[0].b'), succeeded('all[1].b')]
    expect(stepAt(play(two, back), 'all')).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('all[0].a') },
    })
  })

  it('begins nothing beside a step that is sure to fail, unless that is gone beyond or tried again', () => {
    const beside = (more: object) =>
      define({
        id: 'both',
        type: 'parallel',
        branches: [[loop({ steps: [post('a'), get('b')], concurrency: 1, ...more })], [post('c')]],
      })
    const out = [entered('both'), items, started('all[0].a'), started('all[0].b'), failed('all[0].a')]
    expect(asked(beside({}), play(beside({}), out))).toEqual([])
    for (const more of [{ onError: 'continue' }, { retry: { maxAttempts: 2 } }])
      expect(asked(beside(more), play(beside(more), out))).toEqual(['c#1'])
  })

  it('breaks when an iteration fails, once those that are out have come back', () => {
    const out = play(definition, [items, started('all[0].a'), started('all[1].a'), failed('all[1].a')])
    expect(asked(definition, out)).toEqual([])
    const state = play(definition, [
      items,
      started('all[0].a'),
      started('all[1].a'),
      failed('all[1].a'),
      succeeded('all[0].a'),
    ])
    expect(asked(definition, state)).toEqual(['fail all'])
    expect(stepAt(state, 'all')).toMatchObject({
      status: 'failed',
      error: { message: 'all[1].a: the API answered 422' },
    })
  })

  describe('of which some may fail', () => {
    const spared = define(loop({ maxFailures: 2 }))
    const fails = (index: number) => [started(`all[${index}].a`), failed(`all[${index}].a`)]
    const upTo = (...events: RunEvent[][]) => play(spared, [items, ...events.flat()])

    it('goes on to its end, and fails then, with how many did', () => {
      const open = upTo(fails(0), done('all[1].a'))
      expect(asked(spared, open)).toEqual(['all[2].a#1', 'all[3].a#1'])
      const over = upTo(fails(0), done('all[1].a'), done('all[2].a'), fails(3))
      expect(asked(spared, over)).toEqual(['fail all'])
      const message = '2 of 4 failed, the first all[0].a: the API answered 422'
      expect(stepAt(over, 'all')).toMatchObject({ status: 'failed', error: { message } })
    })

    it('begins nothing more when more failed than may', () => {
      const state = upTo(fails(0), fails(1), fails(2))
      expect(asked(spared, state)).toEqual(['fail all'])
      expect(stepAt(state, 'all')).toMatchObject({ error: { message: expect.stringMatching(/^3 of 4 failed/) } })
    })

    it('makes those anew that failed when it is taken up again, no more at once than may go on, and no other', () => {
      const one = define(loop({ maxFailures: 3, concurrency: 1 }))
      const events = [items, ...fails(0), ...done('all[1].a'), ...fails(2), ...fails(3)]
      const state = play(one, [...events, runFailed, { type: 'run.reopened', at: NOW }])
      expect(asked(one, state)).toEqual(['all[0].a#1'])
      const again = [...events, runFailed, { type: 'run.reopened' as const, at: NOW }]
      expect(asked(one, play(one, [...again, started('all[0].a')]))).toEqual([])
      const rest = [...done('all[0].a'), ...done('all[2].a'), ...done('all[3].a')]
      expect(stepAt(play(one, [...again, ...rest]), 'all')).toMatchObject({ status: 'succeeded' })
    })

    it('is over items: whether a while loop goes on may depend on what failed', () => {
      const definition = { name: 'x', steps: [loop({ items: undefined, while: true, maxFailures: 1 })] }
      expect(WorkflowDefinition.safeParse(definition).error?.issues[0]?.path).toEqual(['steps', 0, 'maxFailures'])
    })
  })

  it('over nothing is done at once', () => {
    expect(stepAt(play(definition, [entered('all', { items: [] })]), 'all')).toMatchObject({ output: [] })
  })

  it('with writes keeps their order within an iteration', () => {
    const writes = define(loop({ steps: [post('a'), post('b'), get('c')] }))
    expect(asked(writes, play(writes, [items]))).toEqual(['all[0].a#1', 'all[0].c#1', 'all[1].a#1', 'all[1].c#1'])
    expect(asked(writes, play(writes, [items, ...done('all[0].a'), started('all[0].c'), started('all[1].a')]))).toEqual(
      ['all[0].b#1', 'all[1].c#1'],
    )
  })

  it('refuses more items than it may go over, and a list too large to be kept', () => {
    const [step] = define(loop({ maxIterations: 3 })).steps
    if (step?.type !== 'loop') throw new Error('no loop')
    const pending = { status: 'pending' } as const
    expect(entering(step, 'all', pending, [1, 2, 3, 4], NOW)).toMatchObject({
      type: 'step.failed',
      error: { code: 'LOOP_LIMIT' },
    })
    expect(entering(step, 'all', pending, ['x'.repeat(11_000_000)], NOW)).toMatchObject({
      error: { code: 'LOOP_LIMIT' },
    })
    expect(entering(step, 'all', pending, 7, NOW)).toMatchObject({ items: [7] })
    expect(entering(step, 'all', pending, undefined, NOW)).toMatchObject({ items: [] })
  })
})

describe('a loop while something holds', () => {
  const definition = define(loop({ items: undefined, while: '{{ $count(steps.all) < 3 }}', maxIterations: 2 }))
  const again = entered('all', { again: true })

  it('is asked before each iteration', () => {
    expect(asked(definition, play(definition, [again]))).toEqual(['all[0].a#1'])
    expect(asked(definition, play(definition, [again, ...done('all[0].a')]))).toEqual(['all#1'])
    expect(asked(definition, play(definition, [again, ...done('all[0].a'), again]))).toEqual(['all[1].a#1'])
    const ended = play(definition, [again, ...done('all[0].a', 1), entered('all', { again: false })])
    expect(stepAt(ended, 'all')).toMatchObject({ status: 'succeeded', output: [1] })
  })

  it('takes an answer once, however often it comes', () => {
    const twice = play(definition, [again, again, ...done('all[0].a', 1), entered('all', { again: false })])
    expect(stepAt(twice, 'all')).toMatchObject({ status: 'succeeded', output: [1] })
  })

  it('fails when it would go on beyond its cap', () => {
    const [step] = definition.steps
    if (step?.type !== 'loop') throw new Error('no loop')
    const state = stepAt(play(definition, [again, ...done('all[0].a'), again, ...done('all[1].a')]), 'all')
    expect(entering(step, 'all', state, true, NOW)).toMatchObject({ error: { code: 'LOOP_LIMIT' } })
    expect(entering(step, 'all', state, false, NOW)).toMatchObject({ type: 'step.entered', again: false })
  })
})

it('loops within loops have states of their own', () => {
  const definition = define({
    ...loop({ items: [1, 2] }),
    steps: [{ ...loop({ items: [1] }), id: 'in', as: 'x', steps: [set('b')] }],
  })
  const state = play(definition, [
    entered('all', { items: [1, 2] }),
    entered('all[1].in', { items: [5] }),
    ...done('all[1].in[0].b', 'deep'),
  ])
  expect(asked(definition, state)).toEqual(['all[0].in#1'])
  expect(stepAt(state, 'all')).toMatchObject({ collected: 1, results: [undefined, ['deep']] })
})
