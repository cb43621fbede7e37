import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../src/runs/machine/events.ts'
import { initialState, isFinished, reduce } from '../src/runs/machine/machine.ts'
import { next } from '../src/runs/machine/next.ts'
import type { RunState } from '../src/runs/machine/state.ts'
import type { StepError } from '../src/steps/result.ts'
import { type Step, WorkflowDefinition } from '../src/steps/schema.ts'

const NOW = 1_000_000

const error: StepError = {
  code: 'UPSTREAM_STATUS',
  message: 'the API answered 503',
  retryable: true,
  retryAfterMs: null,
}

/** Steps in short: `a: GET`, `b: POST` or `c: value`, each with the ids of those it refers to. */
function definitionOf(
  ...steps: [id: string, kind: 'GET' | 'POST' | 'value', refersTo?: string[]][]
): WorkflowDefinition {
  return {
    name: 'Test',
    steps: steps.map(([id, kind, refersTo = []]): Step => {
      const value = refersTo.map((other) => `{{ steps.${other} }}`)
      if (kind === 'value') return { id, type: 'transform', value }
      return { id, type: 'api_call', api: 'store', operation: `${kind} /a`, body: value }
    }),
  }
}

const begin: RunEvent = { type: 'run.started', at: NOW, input: { n: 1 } }
const started = (step: string, attempt = 1): RunEvent => ({
  type: 'step.started',
  at: NOW + 1,
  step,
  attempt,
  request: null,
})
const succeeded = (step: string, attempt = 1): RunEvent => ({
  type: 'step.succeeded',
  at: NOW + 2,
  step,
  attempt,
  output: step,
})
const failed = (step: string, retryAt: number | null = null, attempt = 1): RunEvent => ({
  type: 'step.failed',
  at: NOW + 2,
  step,
  attempt,
  error,
  retryAt,
})
const done = (step: string) => [started(step), succeeded(step)]

const after = (...events: RunEvent[]): RunState => [begin, ...events].reduce(reduce, initialState)

/** What is to be done after these events, in short: `a#1` executes the first attempt of a. */
function asked(definition: WorkflowDefinition, events: RunEvent[], now = NOW): string[] {
  return next(definition, after(...events), now).map((action) => {
    if (action.type === 'execute') return `${action.step}#${action.attempt}`
    if (action.type === 'wait') return `wait ${action.until - NOW}`
    return action.type
  })
}

describe('a run', () => {
  it('does nothing before it is started', () => {
    expect(next(definitionOf(['a', 'GET']), initialState, NOW)).toEqual([])
    expect(isFinished(initialState)).toBe(false)
  })

  it('takes nothing but its start first', () => {
    expect([...done('a'), succeeded('a')].reduce(reduce, initialState)).toEqual(initialState)
  })

  it('keeps the input and time of its first start when it is started again', () => {
    expect(after({ type: 'run.started', at: NOW + 50, input: { n: 2 } })).toMatchObject({
      status: 'running',
      input: { n: 1 },
      startedAt: NOW,
    })
  })

  it('executes all steps that wait for nothing at once', () => {
    expect(asked(definitionOf(['a', 'GET'], ['b', 'GET'], ['c', 'value']), [])).toEqual(['a#1', 'b#1', 'c#1'])
  })

  it('asks again for a step that was asked for but has not started, and not for one that has', () => {
    expect(asked(definitionOf(['a', 'GET'], ['b', 'GET']), [started('a')])).toEqual(['b#1'])
  })

  it('executes a step when all it refers to is there', () => {
    const definition = definitionOf(['a', 'GET'], ['b', 'GET'], ['c', 'value', ['a', 'b']])
    expect(asked(definition, [...done('a'), started('b')])).toEqual([])
    expect(asked(definition, [...done('a'), ...done('b')])).toEqual(['c#1'])
  })

  it('runs writes one after the other, each behind everything listed before it', () => {
    const definition = definitionOf(['a', 'GET'], ['b', 'POST'], ['c', 'POST'], ['d', 'GET'])
    expect(asked(definition, [])).toEqual(['a#1', 'd#1'])
    expect(asked(definition, [...done('d')])).toEqual(['a#1'])
    expect(asked(definition, [...done('d'), ...done('a')])).toEqual(['b#1'])
    expect(asked(definition, [...done('d'), ...done('a'), started('b')])).toEqual([])
    expect(asked(definition, [...done('d'), ...done('a'), ...done('b')])).toEqual(['c#1'])
  })

  it('has at most fifty steps running', () => {
    const ids = Array.from({ length: 52 }, (_, index) => `s${index}`)
    const definition = definitionOf(...ids.map((id) => [id, 'GET'] as const satisfies [string, 'GET']))
    expect(asked(definition, [])).toHaveLength(50)
    const fifty = ids.slice(0, 50).map((id) => started(id))
    expect(asked(definition, fifty)).toEqual([])
    expect(asked(definition, [...fifty, succeeded('s3')])).toEqual(['s50#1'])
  })

  it('succeeds when every step has', () => {
    const definition = definitionOf(['a', 'GET'], ['b', 'POST'])
    expect(asked(definition, [...done('a'), ...done('b')])).toEqual(['succeed'])
  })

  it('knows of each step when it ran and what it gave', () => {
    expect(after(...done('a')).steps['a']).toEqual({
      status: 'succeeded',
      attempt: 1,
      startedAt: NOW + 1,
      finishedAt: NOW + 2,
      output: 'a',
    })
  })
})

describe('a step that failed', () => {
  const definition = definitionOf(['a', 'GET'], ['b', 'GET'], ['c', 'POST'])

  it('and may be tried again waits, then has its next attempt', () => {
    const events = [started('a'), failed('a', NOW + 500), ...done('b')]
    expect(asked(definition, events, NOW + 499)).toEqual(['wait 500'])
    expect(asked(definition, events, NOW + 500)).toEqual(['a#2'])
    expect(asked(definition, [...events, started('a', 2)], NOW + 600)).toEqual([])
    expect(asked(definition, [...events, started('a', 2), failed('a', NOW + 900, 2)], NOW + 900)).toEqual(['a#3'])
    expect(asked(definition, [...events, started('a', 2), succeeded('a', 2)])).toEqual(['c#1'])
  })

  it('and waits does not hold up what does not need it', () => {
    expect(asked(definition, [started('a'), failed('a', NOW + 500)])).toEqual(['b#1', 'wait 500'])
  })

  it('wakes the run for the earliest of several', () => {
    const events = [started('a'), failed('a', NOW + 500), started('b'), failed('b', NOW + 300)]
    expect(asked(definition, events)).toEqual(['wait 300'])
    expect(asked(definition, events, NOW + 400)).toEqual(['b#2', 'wait 500'])
  })

  it('for good stops new steps and retries, waits for those that run, and then fails the run', () => {
    const wide = definitionOf(['a', 'GET'], ['b', 'GET'], ['c', 'GET'], ['d', 'GET'], ['e', 'GET', ['b']])
    const events = [started('a'), started('b'), started('c'), failed('c', NOW + 1), failed('a')]
    expect(asked(wide, events, NOW + 10)).toEqual([])
    expect(next(wide, after(...events, succeeded('b')), NOW + 10)).toEqual([
      { type: 'fail', error: { step: 'a', message: 'the API answered 503' } },
    ])
  })
})

describe('a run that lost its object', () => {
  const definition = definitionOf(['a', 'GET'], ['b', 'POST'], ['c', 'GET', ['b']])
  const recovered: RunEvent = { type: 'run.recovered', at: NOW + 100 }

  it('makes an attempt that was cut short again under its own number', () => {
    const events = [...done('a'), started('b'), failed('b', NOW), started('b', 2), recovered]
    expect(after(...events).steps['b']).toEqual({ status: 'interrupted', attempt: 2 })
    expect(asked(definition, events)).toEqual(['b#2'])
  })

  it('does not repeat what succeeded', () => {
    expect(asked(definition, [...done('a'), ...done('b'), started('c'), recovered])).toEqual(['c#1'])
  })

  it('goes on waiting where it waited', () => {
    expect(asked(definition, [started('a'), failed('a', NOW + 500), recovered])).toEqual(['wait 500'])
  })

  it('fails where it had failed, without waiting for what no longer runs', () => {
    const wide = definitionOf(['a', 'GET'], ['b', 'GET'])
    expect(asked(wide, [started('a'), started('b'), failed('a'), recovered])).toEqual(['fail'])
  })
})

describe('a run that is over', () => {
  const definition = definitionOf(['a', 'GET'], ['b', 'GET'])
  const ends: RunEvent[] = [
    { type: 'run.cancelled', at: NOW + 9 },
    { type: 'run.succeeded', at: NOW + 9, output: 1 },
    { type: 'run.failed', at: NOW + 9, error: { step: null, message: 'no' } },
  ]

  it.each(ends)('by $type does nothing more, and nothing that comes late changes it', (end) => {
    const state = after(started('a'), end)
    expect(isFinished(state)).toBe(true)
    expect(next(definition, state, NOW)).toEqual([])
    const late = [
      succeeded('a'),
      failed('a'),
      started('b'),
      begin,
      ...ends,
      { type: 'run.recovered', at: NOW } as const,
    ]
    for (const event of late) expect(reduce(state, event)).toBe(state)
  })

  it.each(ends)('by $type keeps what its steps gave and when it ended', (end) => {
    expect(after(...done('a'), end)).toMatchObject({
      finishedAt: NOW + 9,
      startedAt: NOW,
      input: { n: 1 },
      steps: { a: { status: 'succeeded', output: 'a' } },
    })
  })
})

it.each(['constructor', 'toString', '__proto__', 'valueOf'])(
  'no step can be called %s, which every object has',
  (id) => {
    const definition = { name: 'Test', steps: [{ id, type: 'transform', value: 1 }] }
    expect(WorkflowDefinition.safeParse(definition).success).toBe(false)
  },
)
