import { describe, expect, it } from 'vitest'
import { attemptsOf } from '../src/runs/attempts.ts'
import type { RunEvent } from '../src/runs/machine/events.ts'
import { newTenant, type Tenant, tenantWithScript } from './helpers.ts'

const operation = 'GET /broken/scripted/{id}'

const callTo = (script: string, more: object = {}) => ({
  id: 'call',
  type: 'api_call',
  api: 'api',
  operation,
  parameters: { id: script },
  ...more,
})

async function run(tenant: Tenant, steps: object[]) {
  const created = await tenant.call('POST', '/api/workflows', { definition: { name: 'Test', steps } })
  if (created.status !== 201) throw new Error(JSON.stringify(created.body))
  const { data } = await tenant.call('POST', `/api/workflows/${created.data.id}/execute?wait=20`, { input: {} })
  return data
}

const json = { 'content-type': 'application/json' }

describe('the attempts of a step', () => {
  it('show what was sent, what came back, and the id the API gave it, for failures too', async () => {
    const text = 'x'.repeat(30_000)
    const tenant = await tenantWithScript(
      { status: 503, headers: { ...json, 'request-id': 'theirs-1' }, body: '{"message":"try again","password":"p"}' },
      { headers: { ...json, 'cf-ray': 'ray-2' }, body: JSON.stringify({ text, token: 'abc' }) },
    )
    const retry = { maxAttempts: 2, delayMs: 10 }
    const { id } = await run(tenant, [callTo(tenant.script, { retry })])
    const path = `/api/executions/${id}/steps/call/attempts`
    const { status, data } = await tenant.call('GET', path)
    expect(status).toBe(200)
    expect(data).toMatchObject([
      {
        number: 1,
        attempt: 1,
        outcome: 'failed',
        request: { method: 'GET', url: expect.stringContaining(tenant.script), body: null },
        response: { status: 503, headers: json, body: { value: { message: 'try again', password: '•••' } } },
        error: { code: 'UPSTREAM_STATUS' },
        retryAt: expect.any(String),
        upstreamRequestId: 'theirs-1',
      },
      {
        number: 2,
        attempt: 2,
        outcome: 'succeeded',
        response: { status: 200, body: { truncated: true, full: `${path}/2` } },
        error: null,
        upstreamRequestId: 'ray-2',
      },
    ])
    expect(data[1].response.body.value).toHaveLength(10_000)
    expect(data[1].response.body.bytes).toBeGreaterThan(30_000)
    expect(data[1].durationMs).toBe(Date.parse(data[1].finishedAt) - Date.parse(data[1].startedAt))
    const whole = await tenant.call('GET', data[1].response.body.full)
    expect(whole.data.response.body).toMatchObject({ value: { text, token: '•••' }, truncated: false })
  })

  it('are found by a path with brackets and dots', async () => {
    const tenant = await tenantWithScript({ headers: json, body: '{"n":1}' })
    const each = { id: 'each', type: 'loop', items: [1, 2], steps: [callTo(tenant.script)] }
    const { id } = await run(tenant, [each])
    const attempts = (path: string) =>
      tenant.call('GET', `/api/executions/${id}/steps/${encodeURIComponent(path)}/attempts`)
    expect((await attempts('each[1].call')).data).toMatchObject([{ response: { body: { value: { n: 1 } } } }])
    expect((await attempts('each')).data).toMatchObject([
      { outcome: 'succeeded', request: null, durationMs: expect.any(Number) },
    ])
    expect((await attempts('each[7].call')).data).toEqual([])
    expect((await attempts('nothing')).status).toBe(404)
    expect((await tenant.call('GET', `/api/executions/${id}/steps/each/attempts/2`)).status).toBe(404)
    const other = await newTenant()
    expect((await other.call('GET', `/api/executions/${id}/steps/each/attempts`)).status).toBe(404)
  })

  it('show the body of a request without what is secret in it', async () => {
    const tenant = await tenantWithScript({ headers: json, body: 'null' })
    const body = { name: 'Ada', password: 'hidden' }
    const { id } = await run(tenant, [callTo(tenant.script, { operation: operation.replace('GET', 'POST'), body })])
    const { data } = await tenant.call('GET', `/api/executions/${id}/steps/call/attempts`)
    expect(data[0].request.body.value).toEqual({ name: 'Ada', password: '•••' })
  })
})

describe('the attempts in a log', () => {
  const request = { method: 'POST', url: 'https://api.example/x', headers: {}, body: null }
  const error = { code: 'UPSTREAM_STATUS', message: 'no', retryable: true, retryAfterMs: null } as const
  const started = (at: number, attempt: number): RunEvent => ({ type: 'step.started', at, step: 'a', attempt, request })
  const run: RunEvent = { type: 'run.started', at: 0, input: {} }

  it('tell those that a crash cut short from those that made up for them', () => {
    const shown = attemptsOf(
      [
        run,
        started(1, 1),
        { type: 'run.recovered', at: 2 },
        started(3, 1),
        { type: 'step.failed', at: 4, step: 'a', attempt: 1, error, retryAt: 5 },
        started(5, 2),
        { type: 'step.succeeded', at: 6, step: 'a', attempt: 2, output: 1 },
        // Late, and for an attempt that is over.
        { type: 'step.failed', at: 7, step: 'a', attempt: 1, error, retryAt: null },
      ],
      'a',
    )
    expect(
      shown.map(({ number, attempt, outcome, startedAt, finishedAt }) => [
        number,
        attempt,
        outcome,
        startedAt,
        finishedAt,
      ]),
    ).toEqual([
      [1, 1, 'interrupted', 1, null],
      [2, 1, 'failed', 3, 4],
      [3, 2, 'succeeded', 5, 6],
    ])
  })

  it('go on after a failed run is taken up again, and tell what never left', () => {
    const shown = attemptsOf(
      [
        run,
        { type: 'step.failed', at: 1, step: 'a', attempt: 1, error, retryAt: null },
        { type: 'run.failed', at: 2, error: { step: 'a', message: 'no' } },
        { type: 'run.reopened', at: 3, steps: ['a'] },
        started(4, 1),
        { type: 'run.cancelled', at: 5 },
      ],
      'a',
    )
    expect(shown.map(({ number, outcome, startedAt }) => [number, outcome, startedAt])).toEqual([
      [1, 'failed', null],
      [2, 'interrupted', 4],
    ])
  })

  it('of a condition go on over a crash, and are cut short with the run', () => {
    const entered: RunEvent = { type: 'step.entered', at: 1, step: 'a', branch: 'then' }
    const outcomes = (...events: RunEvent[]) => attemptsOf([run, entered, ...events], 'a').map((one) => one.outcome)
    expect(outcomes({ type: 'run.recovered', at: 2 })).toEqual(['running'])
    expect(outcomes({ type: 'run.cancelled', at: 2 })).toEqual(['interrupted'])
  })
})
