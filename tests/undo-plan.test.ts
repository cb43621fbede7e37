import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../src/runs/machine/events.ts'
import { courseOf, type MadeCall } from '../src/runs/undo/made-calls.ts'
import { planUndo } from '../src/runs/undo/plan-undo.ts'
import { undoWorkflow } from '../src/runs/undo/undo-workflow.ts'
import type { Targets } from '../src/steps/execute.ts'
import type { ApiCallStep, Step } from '../src/steps/schema.ts'

const BASE = 'https://api.example.com'
const step = (id: string, operation: string): ApiCallStep => ({ id, type: 'api_call', api: 'a', operation })
const request = (method: string, path = '/things') => ({ method, url: `${BASE}${path}`, headers: {}, body: null })
const answer = (status: number, body: unknown = null) => ({ status, headers: {}, body })

type StepEvent = Extract<RunEvent, { step: string }>

/** What is known of the calls of a run with one step that creates something, after these events of it. */
function known(...events: RunEvent[]): (number | null)[] {
  const steps: Step[] = [step('add', 'POST /things'), step('read', 'GET /things')]
  const record = {
    runId: 'r',
    workspaceId: 'w',
    userId: 'u',
    requestId: 'q',
    definition: { name: 'x', steps },
    input: {},
  }
  const log: RunEvent[] = [{ type: 'run.started', at: 0, input: {} }, ...events]
  return courseOf({ record, events: log }).calls.map(({ response }) => response?.status ?? null)
}

const started = (attempt = 1, id = 'add'): StepEvent => {
  return { type: 'step.started', at: 1, step: id, attempt, request: request('POST') }
}
const succeeded = (output: unknown = answer(201), attempt = 1): StepEvent => {
  return { type: 'step.succeeded', at: 2, step: 'add', attempt, output }
}
const failed = (code: 'UPSTREAM_STATUS' | 'UPSTREAM_TIMEOUT' | 'UPSTREAM_BUSY', status?: number): StepEvent => {
  const error = { code, message: 'no', retryable: true, retryAfterMs: null, ...(status !== undefined && { status }) }
  return { type: 'step.failed', at: 2, step: 'add', attempt: 1, error, retryAt: 3 }
}

describe('what is known of a call that left', () => {
  it.each<[string, RunEvent[], (number | null)[]]>([
    ['is its answer', [started(), succeeded()], [201]],
    [
      'is that it did nothing where it was refused',
      [started(), failed('UPSTREAM_STATUS', 422), started(2), succeeded(answer(200), 2)],
      [200],
    ],
    ['is nothing where the API failed', [started(), failed('UPSTREAM_STATUS', 500)], [null]],
    [
      'is nothing where no answer came',
      [started(), failed('UPSTREAM_TIMEOUT'), started(2), succeeded(answer(201), 2)],
      [null, 201],
    ],
    ['is that it did nothing where it had no turn', [started(), failed('UPSTREAM_BUSY')], []],
    [
      'is nothing of one that a crash cut short',
      [started(), { type: 'run.recovered', at: 2 }, started(), succeeded()],
      [null, 201],
    ],
    [
      'is nothing where the run was cancelled meanwhile',
      [started(), { type: 'run.cancelled', at: 2 }, succeeded()],
      [null],
    ],
    [
      'is nothing where a person said that it was made',
      [started(), { type: 'run.recovered', at: 2, uncertain: ['add'] }, succeeded({ approved: true })],
      [null],
    ],
    ['is of no concern where it only reads', [started(1, 'read')], []],
  ])('%s', (_, events, expected) => {
    expect(known(...events)).toEqual(expected)
  })
})

describe('the plan of an undo', () => {
  const endpoint = (method: string, path: string, effect: string) => ({
    endpoint: {
      method,
      path,
      effect,
      parameters: [{ name: 'id', in: 'path', required: true, schema: {} }],
      server: null,
    },
    upstream: { baseUrl: BASE },
  })
  const keyed = endpoint('POST', '/keyed', 'create')
  keyed.endpoint.parameters.push({ name: 'Idempotency-Key', in: 'header', required: false, schema: {} })
  const targets = {
    'a POST /things': endpoint('POST', '/things', 'create'),
    'a POST /keyed': keyed,
    'a PATCH /things/{id}': endpoint('PATCH', '/things/{id}', 'update'),
    'a POST /mails': endpoint('POST', '/mails', 'message'),
    'a POST /searches': endpoint('POST', '/searches', 'read'),
  } as unknown as Targets
  const remove = endpoint('DELETE', '/things/{id}', 'delete').endpoint
  const compensationOf = ({ effect }: { effect: string }) => {
    if (effect === 'read') return null
    if (effect !== 'create') return { reason: 'It stays.' }
    return { operation: remove, id: { parameter: 'id', field: ['id'] }, onlyCreated: false }
  }
  const plan = (made: MadeCall[]) => planUndo(made, targets, compensationOf as Parameters<typeof planUndo>[2])

  const make = (kind: string, id: number, path: string): MadeCall => {
    const [method = '', at = ''] = kind.split(' ')
    const sent = request(method, at.replace('{id}', `t${id}`))
    return { path, step: step(path, kind), request: sent, response: answer(201, { id: `t${id}` }) }
  }
  const kinds = fc.constantFrom('POST /things', 'PATCH /things/{id}', 'POST /mails', 'POST /searches', 'POST /gone')

  it('names each call that did something once, and takes back the last first', () => {
    const course = fc.array(fc.tuple(kinds, fc.nat(5)), { maxLength: 20 })
    fc.assert(
      fc.property(course, (all) => {
        const made = all.map(([kind, id], index) => make(kind, id, `s${index}`))
        const { calls, remaining } = plan(made)
        const named = [...calls.flatMap((call) => [call.step, ...call.covers]), ...remaining.map((one) => one.step)]
        const effective = made.filter((call) => call.step.operation !== 'POST /searches').map(({ path }) => path)
        expect(named.toSorted()).toEqual(effective.toSorted())
        const order = calls.map((call) => Number(call.step.slice(1)))
        expect(order).toEqual(order.toSorted((one, other) => other - one))
        for (const call of calls)
          for (const covered of call.covers)
            expect(Number(covered.slice(1))).toBeGreaterThan(Number(call.step.slice(1)))
      }),
    )
  })

  it('tells of a call without an answer, though its step was made anew with another key', () => {
    const sent = (response: MadeCall['response'], key: string): MadeCall => {
      const made = make('POST /keyed', 1, 'add')
      return { ...made, request: { ...made.request, headers: { 'idempotency-key': key } }, response }
    }
    const told = (first: string, then: string) => plan([sent(null, first), sent(answer(201, { id: 't1' }), then)])
    expect(told('a', 'b').remaining).toMatchObject([{ step: 'add', reason: expect.stringContaining('no answer') }])
    expect(told('a', 'a').remaining).toEqual([])
  })

  it('is no larger than what a run can be started with', () => {
    const { calls, remaining } = plan(
      Array.from({ length: 10_002 }, (_, index) => make('POST /things', index, `s${index}`)),
    )
    expect([calls.length, remaining.map(({ step: path }) => path)]).toEqual([10_000, ['s1', 's0']])
  })

  it('fits into a row, in whatever script the ids are written', () => {
    const long = (index: number): MadeCall => {
      const id = `${index}${'名'.repeat(900)}`
      return { ...make('POST /things', index, `s${index}`), response: answer(201, { id }) }
    }
    const { calls, remaining } = plan(Array.from({ length: 1000 }, (_, index) => long(index)))
    const { input } = undoWorkflow('r', 'x', calls)
    expect(new TextEncoder().encode(JSON.stringify(input)).length).toBeLessThan(1_500_000)
    expect(calls.length + remaining.length).toBe(1000)
  })
})
