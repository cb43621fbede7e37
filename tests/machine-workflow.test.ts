import { describe, expect, it } from 'vitest'
import { entering } from '../src/runs/enter.ts'
import { reduce, stepAt, stepsOf } from '../src/runs/machine/machine.ts'
import type { RunState } from '../src/runs/machine/state.ts'
import { recoveryOf, reopeningOf } from '../src/runs/recovery.ts'
import { scopeOf } from '../src/runs/scope.ts'
import { showSteps } from '../src/runs/show-steps.ts'
import { stepsByPath } from '../src/steps/paths.ts'
import type { WorkflowDefinition } from '../src/steps/schema.ts'
import {
  after,
  asked,
  call,
  defineWith,
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

const into = (step: string, input: Record<string, unknown> = {}) => entered(step, { input })

function scopeAt(definition: WorkflowDefinition, state: RunState, path: string) {
  const record = { runId: 'run_1', workspaceId: 'w', userId: 'u', requestId: 'r', definition, input: { n: 1 } }
  return scopeOf(record, stepsByPath(definition.steps), state, path)
}

describe('a workflow that another one calls', () => {
  const child = { steps: [get('a'), post('b', { body: '{{ steps.a }}' })] }
  const definition = defineWith({ child }, get('a'), call('run', 'child', { input: { x: '{{ steps.a }}' } }), get('z'))

  it('is carried out step by step, its steps behind the path of the call', () => {
    expect(asked(definition, after())).toEqual(['a#1', 'z#1'])
    const begun = play(definition, [...done('a'), into('run')])
    expect(asked(definition, begun)).toEqual(['run.a#1', 'z#1'])
    expect(asked(definition, play(definition, [...done('a'), into('run'), ...done('run.a')]))).toEqual([
      'run.b#1',
      'z#1',
    ])
  })

  it('gives what its last step gave, of a call the body, as a run does', () => {
    const answer = { status: 201, headers: {}, body: { id: 7 } }
    const state = play(definition, [...done('a'), into('run'), ...done('run.a'), ...done('run.b', answer)])
    expect(stepAt(state, 'run')).toMatchObject({ status: 'succeeded', output: { id: 7 } })
  })

  it('has its steps apart from those of the same id around it', () => {
    const state = play(definition, [...done('a', 'outer'), into('run', { x: 'given' }), ...done('run.a', 'inner')])
    expect(stepAt(state, 'a')).toMatchObject({ output: 'outer' })
    expect(stepAt(state, 'run.a')).toMatchObject({ output: 'inner' })
    expect(scopeAt(definition, state, 'run.b')).toMatchObject({ input: { x: 'given' }, steps: { a: 'inner' } })
    expect(scopeAt(definition, state, 'z')).toMatchObject({ input: { n: 1 }, steps: { a: 'outer' } })
    expect([...stepsOf(state.steps)].map(([path]) => path)).toEqual(['a', 'run', 'run.a'])
    expect(showSteps(definition.steps, state).map(({ id }) => id)).toEqual(['a', 'run', 'run.a', 'run.b', 'z'])
  })

  it('sees nothing of the loop that calls it', () => {
    const item = { as: 'order', items: 'x', concurrency: 2, steps: [call('run', 'child')] }
    const looped = defineWith({ child }, { id: 'each', type: 'loop', ...item })
    const state = play(looped, [entered('each', { items: ['o1', 'o2'] }), into('each[1].run', { x: 1 })])
    expect(asked(looped, state)).toEqual(['each[1].run.a#1', 'each[0].run#1'])
    expect(scopeAt(looped, state, 'each[1].run')).toMatchObject({ input: { x: 1 } })
    expect(Object.keys(scopeAt(looped, state, 'each[1].run.a'))).toEqual(['input', 'steps', 'run'])
    expect(scopeAt(looped, state, 'each[0].run')).toMatchObject({ order: 'o1', index: 0, input: { n: 1 } })
  })

  it('is asked for its output when its steps are done, which sees those alone', () => {
    const written = { ...child, output: { b: '{{ steps.b }}' } }
    const asking = defineWith({ child: written }, call('run', 'child'))
    const state = play(asking, [into('run', { x: 1 }), ...done('run.a'), ...done('run.b', 5)])
    expect(asked(asking, state)).toEqual(['run#1'])
    expect(scopeAt(asking, state, 'run')).toMatchObject({ input: { x: 1 }, steps: { a: 'run.a', b: 5 } })
    const step = asking.steps[0]
    if (step?.type !== 'workflow') throw new Error('not the step that calls')
    const event = entering(step, 'run', stepAt(state, 'run'), { b: 5 }, NOW)
    expect(stepAt(reduce(state, event), 'run')).toMatchObject({ status: 'succeeded', output: { b: 5 } })
  })

  it('takes its input by its own schema, defaults filled in', () => {
    const inputs = {
      type: 'object',
      properties: { x: { type: 'integer' }, y: { type: 'string', default: 'why' } },
      required: ['x'],
    }
    const strict = defineWith({ child: { ...child, inputs } }, call('run', 'child'))
    const [step] = strict.steps
    if (step?.type !== 'workflow') throw new Error('not the step that calls')
    expect(entering(step, 'run', { status: 'pending' }, { x: 1 }, NOW)).toMatchObject({ input: { x: 1, y: 'why' } })
    expect(entering(step, 'run', { status: 'pending' }, { x: 'one' }, NOW)).toMatchObject({
      type: 'step.failed',
      error: { code: 'INVALID_INPUT', message: expect.stringContaining('x') },
    })
  })

  it('fails with what failed in it, and is taken up again there', () => {
    const log = [...done('a'), into('run'), ...done('run.a'), started('run.b'), failed('run.b')]
    const state = play(definition, [...log, ...done('z')])
    expect(stepAt(state, 'run')).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(/^run\.b: /) },
    })
    const ended = reduce(state, { type: 'run.failed', at: NOW, error: { step: 'run', message: '' } })
    const event = reopeningOf(definition, ended, undefined, NOW)
    expect(event).toMatchObject({ steps: ['run', 'run.b'] })
    expect(event && asked(definition, reduce(ended, event))).toEqual(['run.b#1'])
  })

  it('is waited for by what has an effect, in it or behind it', () => {
    const ordered = defineWith({ child }, post('first'), call('run', 'child'), post('last'))
    expect(asked(ordered, after())).toEqual(['first#1'])
    expect(asked(ordered, play(ordered, done('first')))).toEqual(['run#1'])
    const reads = defineWith({ child: { steps: [get('a')] } }, post('first'), call('run', 'child'))
    expect(asked(reads, after())).toEqual(['first#1', 'run#1'])
  })

  it('may have calls that go out once at most, also where only the call of it says so', () => {
    const once = defineWith({ child }, call('run', 'child', { atMostOnce: true }))
    const state = play(once, [into('run'), ...done('run.a'), started('run.b')])
    const event = recoveryOf(stepsByPath(once.steps), state, () => false, NOW)
    expect(event).toMatchObject({ uncertain: ['run.b'] })
    expect(stepAt(reduce(state, recovered('run.b')), 'run.b').status).toBe('uncertain')
    expect(stepAt(reduce(state, succeeded('run.b')), 'run.b').status).toBe('succeeded')
    const without = defineWith({ child }, call('run', 'child'))
    expect(recoveryOf(stepsByPath(without.steps), state, () => false, NOW)).toEqual({ type: 'run.recovered', at: NOW })
  })
})

it('workflows may call each other, each with its own steps', () => {
  const library = {
    inner: { steps: [set('a', '{{ input.x }}')] },
    outer: { steps: [set('a'), call('again', 'inner', { input: { x: '{{ steps.a }}' } })] },
  }
  // The library is flat: what `outer` calls is found in it too.
  const definition = defineWith(library, set('a'), call('run', 'outer'))
  const state = play(definition, [...done('a'), into('run'), ...done('run.a', 2), into('run.again', { x: 2 })])
  expect(asked(definition, state)).toEqual(['run.again.a#1'])
  expect(scopeAt(definition, state, 'run.again.a')).toMatchObject({ input: { x: 2 }, steps: {} })
})
