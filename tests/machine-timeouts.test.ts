import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../src/runs/machine/events.ts'
import { reduce, stepAt } from '../src/runs/machine/machine.ts'
import { next } from '../src/runs/machine/next.ts'
import { keyOf, moveOn } from '../src/runs/machine/outcomes.ts'
import type { RunState } from '../src/runs/machine/state.ts'
import { earlierOf, reopeningOf, requestIn } from '../src/runs/recovery.ts'
import {
  after,
  asked,
  call,
  define,
  defineWith,
  done,
  entered,
  failed,
  get,
  NOW,
  play,
  post,
  set,
  settle,
  started,
  succeeded,
} from './machine-script.ts'

const SECOND = 1000
/** A script whose events all came at the beginning, seen at a later time. */
const later = (definition: Parameters<typeof play>[0], events: readonly RunEvent[], now: number): RunState =>
  settle(definition, play(definition, events), now)

/** What comes after that, at the same time. */
const goOn = (definition: Parameters<typeof play>[0], state: RunState, events: readonly RunEvent[], now: number) =>
  events.reduce((before, event) => settle(definition, reduce(before, event), now), state)

const inSecond = { timeoutMs: SECOND }
const each = (more: object, ...steps: object[]) => ({
  id: 'each',
  type: 'loop',
  items: 'x',
  concurrency: 2,
  ...more,
  steps,
})
const both = (more: object, ...branches: object[][]) => ({ id: 'both', type: 'parallel', ...more, branches })
const parallel: RunEvent = entered('both')
const two: RunEvent = entered('each', { items: [1, 2] })

/** What happens by itself at a time. */
function moves(definition: ReturnType<typeof define>, state: RunState, now: number): RunEvent[] {
  return next(definition, state, now).flatMap((action) => moveOn(action, now) ?? [])
}

describe('the time of a step that holds others', () => {
  const definition = define(each(inSecond, post('write')))
  const out = play(definition, [two, ...done('each[0].write'), started('each[1].write')])

  it('is looked at when it is up, and not before', () => {
    expect(asked(definition, out)).toEqual(['wait 1000'])
    expect(moves(definition, out, NOW + SECOND - 1)).toEqual([])
    expect(moves(definition, out, NOW + SECOND)).toMatchObject([
      { type: 'step.failed', step: 'each', error: { code: 'STEP_TIMEOUT' }, aborted: ['each[1].write'] },
    ])
  })

  it('counts for each kind of them, and for what is deep in it', () => {
    const child = { steps: [each({}, post('write'))] }
    const deep = defineWith({ child }, both(inSecond, [call('run', 'child')], [get('read')]))
    const log = [
      parallel,
      entered('run', { input: {} }),
      entered('run.each', { items: [1] }),
      started('run.each[0].write'),
      started('read'),
    ]
    expect(moves(deep, play(deep, log), NOW + SECOND)).toMatchObject([
      { step: 'both', aborted: ['run.each[0].write', 'read'] },
    ])
  })

  it('breaks off what is out, and nobody waits for that any more', () => {
    const going = define(both({ ...inSecond, onError: 'continue' }, [post('write')], [get('read')]), set('after'))
    const state = later(going, [parallel, started('write'), started('read')], NOW + SECOND)
    expect(['both', 'write', 'read'].map((path) => stepAt(state, path).status)).toEqual([
      'failed',
      'interrupted',
      'interrupted',
    ])
    expect(asked(going, goOn(going, state, done('after'), NOW + SECOND))).toEqual(['succeed'])
    const failing = goOn(going, state, [started('after'), failed('after')], NOW + SECOND)
    expect(asked(going, failing)).toEqual(['fail after'])
  })

  it('is not up for what was done in time and only not written down as such', () => {
    const state = [two, ...done('each[0].write'), ...done('each[1].write')].reduce(reduce, after())
    expect(moves(definition, state, NOW + 10 * SECOND)).toMatchObject([
      { type: 'step.iterated' },
      { type: 'step.iterated' },
    ])
    expect(stepAt(settle(definition, state, NOW + 10 * SECOND), 'each').status).toBe('succeeded')
  })

  it('lets a call be repeated afterwards that may be, and asks about one that may not', () => {
    const once = defineWith({}, each({ ...inSecond, atMostOnce: true }, post('write')))
    const log = [two, ...done('each[0].write'), started('each[1].write')]
    for (const [kind, wanted] of [
      [definition, ['each[1].write#1']],
      [once, []],
    ] as const) {
      const state = later(kind, log, NOW + SECOND)
      const ended = reduce(state, { type: 'run.failed', at: NOW + SECOND, error: { step: 'each', message: '' } })
      const reopening = reopeningOf(kind, ended, undefined, NOW + 5 * SECOND)
      const reopened = reopening ? reduce(ended, reopening) : ended
      const actions = asked(kind, reopened, NOW + 5 * SECOND)
      expect(actions.filter((action) => !action.startsWith('wait'))).toEqual(wanted)
      expect(stepAt(reopened, 'each[1].write').status).toBe(kind === once ? 'uncertain' : 'interrupted')
    }
  })

  it('counts anew when the run was paused or is taken up again', () => {
    const paused = [{ type: 'run.paused', at: NOW } as const, { type: 'run.resumed', at: NOW + 60 * SECOND } as const]
    const state = paused.reduce(reduce, out)
    expect(asked(definition, state, NOW + 60 * SECOND)).toEqual([`wait ${61 * SECOND}`])
  })

  it('is up for a delay too, unless the delay is over', () => {
    const nap = (durationMs: number) => define({ id: 'nap', type: 'delay', durationMs, ...inSecond })
    const sleeping = (until: number): RunEvent => ({ type: 'step.sleeping', at: NOW, step: 'nap', until: NOW + until })
    expect(stepAt(later(nap(2000), [sleeping(2000)], NOW + 1500), 'nap')).toMatchObject({
      error: { code: 'STEP_TIMEOUT' },
    })
    expect(stepAt(later(nap(900), [sleeping(900)], NOW + 1500), 'nap').status).toBe('succeeded')
  })
})

describe('a step that holds others and is tried again', () => {
  const retry = { maxAttempts: 2, backoff: 'constant', delayMs: 500 }
  const definition = define(each({ retry }, get('read'), post('write', { body: '{{ steps.read }}' })))
  const broken = [
    two,
    ...done('each[0].read'),
    ...done('each[0].write'),
    ...done('each[1].read'),
    started('each[1].write'),
    failed('each[1].write'),
  ]

  it('is taken up again after a while where something in it failed; what is done in it stays done', () => {
    const state = play(definition, broken)
    expect(stepAt(state, 'each').status).toBe('waiting')
    expect(asked(definition, state)).toEqual(['wait 500'])
    const again = later(definition, broken, NOW + 500)
    expect(asked(definition, again, NOW + 500)).toEqual(['each[1].write#1'])
    expect(stepAt(again, 'each')).toMatchObject({ status: 'open', attempt: 2, collected: 1 })
    expect(stepAt(again, 'each[1].read').status).toBe('succeeded')
  })

  it('sends what failed in it as it was, under the key it had', () => {
    const step = stepAt(later(definition, broken, NOW + 500), 'each[1].write')
    const earlier = earlierOf(step, requestIn(broken, 'each[1].write'))
    expect(earlier).toMatchObject({ asItWas: true, request: { body: 'each[1].write#1' } })
    expect(keyOf('run', 'each[1].write', step)).toBe('run:each[1].write')
  })

  it('ends well when it goes well then', () => {
    const state = goOn(definition, later(definition, broken, NOW + 500), done('each[1].write', 'late'), NOW + 500)
    expect(stepAt(state, 'each')).toMatchObject({ status: 'succeeded', attempt: 2, output: ['each[0].write', 'late'] })
  })

  it('fails for good after its last attempt', () => {
    const state = goOn(
      definition,
      later(definition, broken, NOW + 500),
      [started('each[1].write'), failed('each[1].write')],
      NOW + 500,
    )
    expect(stepAt(state, 'each')).toMatchObject({ status: 'failed', attempt: 2 })
    expect(asked(definition, state)).toEqual(['fail each'])
  })

  it('is not when it failed of something else than it names, or of a person’s no', () => {
    const picky = define(each({ retry: { ...retry, on: [503] } }, post('write')))
    const state = play(picky, [two, started('each[0].write'), failed('each[0].write')])
    expect(stepAt(state, 'each').status).toBe('failed')
    const ask = { id: 'ask', type: 'approval', message: 'Sure?' }
    const asking = define(both({ retry }, [ask], [get('read')]))
    const no: RunEvent = { type: 'step.asked', at: NOW, step: 'ask', message: 'Sure?', until: null }
    const refused: RunEvent = {
      type: 'step.failed',
      at: NOW,
      step: 'ask',
      attempt: 1,
      error: { code: 'REFUSED', message: 'refused', retryable: false, retryAfterMs: null },
      retryAt: null,
    }
    expect(stepAt(play(asking, [parallel, no, ...done('read'), refused]), 'both').status).toBe('failed')
  })

  it('gives each attempt its whole time', () => {
    const timed = define(each({ retry, ...inSecond }, post('write')))
    const state = later(timed, [two, started('each[0].write'), started('each[1].write')], NOW + SECOND)
    expect(stepAt(state, 'each')).toMatchObject({ status: 'waiting', retryAt: NOW + 1500 })
    const again = moves(timed, state, NOW + 1500).reduce(reduce, state)
    expect(asked(timed, again, NOW + 1500)).toEqual(['each[0].write#1', 'each[1].write#1', 'wait 2500'])
  })

  it('takes no notice of the end of its attempt before that comes again', () => {
    const again = later(definition, broken, NOW + 500)
    const first: RunEvent = { ...failed('each'), at: NOW + 600 }
    expect(reduce(again, first)).toBe(again)
    expect(reduce(again, succeeded('each', [], 1))).toBe(again)
  })

  it('begins again in all that is in it, however deep', () => {
    const nested = define(both({ retry }, [each({}, post('write'))], [get('read')]))
    const log = [parallel, ...done('read'), two, started('each[0].write'), failed('each[0].write')]
    expect(asked(nested, later(nested, log, NOW + 500), NOW + 500)).toEqual(['each[0].write#1', 'each[1].write#1'])
  })
})
