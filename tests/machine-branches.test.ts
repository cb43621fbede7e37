import { describe, expect, it } from 'vitest'
import { stepAt } from '../src/runs/machine/machine.ts'
import { after, asked, define, done, entered, failed, get, play, post, started, succeeded } from './machine-script.ts'

describe('a condition', () => {
  const check = { id: 'check', type: 'condition', if: '{{ input.n }}', then: [get('a'), get('b')], else: [get('c')] }
  const definition = define(check, get('after', { dependsOn: ['check'] }))

  it('runs one branch, and gives what its last step that ran gave', () => {
    expect(asked(definition, after())).toEqual(['check#1'])
    const then = play(definition, [entered('check', { branch: 'then' })])
    expect(asked(definition, then)).toEqual(['a#1', 'b#1'])
    const both = play(definition, [entered('check', { branch: 'then' }), ...done('b', 2), ...done('a', 1)])
    expect(stepAt(both, 'check')).toMatchObject({ status: 'succeeded', output: 2 })
    expect(asked(definition, both)).toEqual(['after#1'])
    expect(asked(definition, play(definition, [entered('check', { branch: 'else' })]))).toEqual(['c#1'])
  })

  it('without an else gives nothing when it does not hold', () => {
    const { else: _else, ...bare } = check
    const state = play(define(bare), [entered('check', { branch: 'else' })])
    expect(stepAt(state, 'check')).toMatchObject({ status: 'succeeded', output: null })
  })

  it('fails with the step in it that failed', () => {
    const state = play(definition, [entered('check', { branch: 'else' }), started('c'), failed('c')])
    expect(stepAt(state, 'check')).toMatchObject({ status: 'failed', error: { message: 'c: the API answered 422' } })
    expect(asked(definition, state)).toEqual(['fail check'])
  })

  it('keeps its branch however often it is entered', () => {
    const twice = play(definition, [entered('check', { branch: 'then' }), entered('check', { branch: 'else' })])
    expect(asked(definition, twice)).toEqual(['a#1', 'b#1'])
  })
})

describe('parallel branches', () => {
  const both = { id: 'both', type: 'parallel', branches: [[post('a'), post('b')], [post('c')]] }
  const definition = define(both, post('d'))

  it('run side by side, each in its own order', () => {
    expect(asked(definition, play(definition, [entered('both')]))).toEqual(['a#1', 'c#1'])
    expect(asked(definition, play(definition, [entered('both'), ...done('a'), started('c')]))).toEqual(['b#1'])
    const state = play(definition, [entered('both'), ...done('a'), ...done('c', 3), ...done('b', 2)])
    expect(stepAt(state, 'both')).toMatchObject({ output: [2, 3] })
    expect(asked(definition, state)).toEqual(['d#1'])
  })

  it('begin nothing more when one fails, and wait for what is out', () => {
    const out = play(definition, [entered('both'), started('a'), started('c'), failed('c')])
    expect(asked(definition, out)).toEqual([])
    const back = play(definition, [entered('both'), started('a'), started('c'), failed('c'), succeeded('a')])
    expect(asked(definition, back)).toEqual(['fail both'])
  })

  it('that fail are gone beyond when that is asked for', () => {
    const lenient = define({ ...both, onError: 'continue' }, post('d'))
    expect(asked(lenient, play(lenient, [entered('both'), started('c'), failed('c')]))).toEqual(['d#1'])
  })
})
