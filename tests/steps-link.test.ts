import { describe, expect, it } from 'vitest'
import { calleeKey, linkDefinition, MAX_DEPTH } from '../src/steps/link.ts'
import { WorkflowDefinition } from '../src/steps/schema.ts'
import { call, get } from './machine-script.ts'

function link(library: Record<string, object[]>, steps: object[], own: string | null = null) {
  const parse = (name: string, of: object[]) => WorkflowDefinition.parse({ name, steps: of })
  const known = Object.entries(library).map(([id, of]) => [calleeKey(id, 1), parse(id, of)] as const)
  const { problems } = linkDefinition(parse('Root', steps), new Map(known), own)
  return problems.map(({ path, code, message }) => `${code} /${path.join('/')} ${message}`)
}

describe('what a definition calls', () => {
  it('may be called many times', () => {
    const twice = [call('one', 'a'), call('two', 'a')]
    expect(link({ a: [call('b', 'b')], b: [get('x')] }, twice)).toEqual([])
  })

  it('must be there, at whatever depth it is called', () => {
    expect(link({}, [get('x'), call('run', 'gone')])).toEqual([
      'unknown_workflow /steps/1/workflowId there is no workflow gone in version 1',
    ])
    const nested = { id: 'each', type: 'loop', items: [], steps: [get('x'), call('run', 'a')] }
    expect(link({ a: [call('b', 'gone')] }, [nested])).toEqual([
      'unknown_workflow /steps/0/steps/1/workflowId there is no workflow gone in version 1',
    ])
  })

  it('must not come to call itself, and the message names the way round', () => {
    expect(link({ a: [call('b', 'b')], b: [call('a', 'a')] }, [call('run', 'a')])).toEqual([
      'workflow_cycle /steps/0/workflowId the workflow calls itself: a → b → a',
    ])
    expect(link({ a: [call('r', 'root')], root: [get('x')] }, [call('run', 'a')], 'root')).toEqual([
      'workflow_cycle /steps/0/workflowId the workflow calls itself: root → a → root',
    ])
  })

  it(`is at most ${MAX_DEPTH} deep`, () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, at) => [`w${at}`, at + 1 < length ? [call('next', `w${at + 1}`)] : [get('x')]]),
      )
    expect(link(chain(MAX_DEPTH), [call('run', 'w0')])).toEqual([])
    expect(link(chain(MAX_DEPTH + 1), [call('run', 'w0')])[0]).toMatch(
      /^workflow_depth .* more than 5 deep: w0 → .*w5$/,
    )
  })

  it('is not more than a run can hold, which is found out without making it', () => {
    const calls = (id: string) =>
      Array.from({ length: 100 }, (_, at) => call(`s${at}`, id, { atMostOnce: at % 2 === 0 }))
    const library = { a: calls('b'), b: calls('c'), c: calls('d'), d: calls('e'), e: [get('x')] }
    expect(link(library, calls('a'))).toEqual([
      'too_many_steps /steps it has more than 2000 steps with those of the workflows it calls',
    ])
  })
})
