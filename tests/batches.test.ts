import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { exports } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { createBatch } from '../src/batches/accept.ts'
import { handleBatchMessage } from '../src/batches/work.ts'
import { createWorld } from '../src/context.ts'
import { runSchedule } from '../src/schedule.ts'
import { keyFor, ledgerOf, newTenant, send, tenantWithStore, testEnv, type Tenant } from './helpers.ts'

const world = createWorld(testEnv, 'req_batches', () => {})
const inputs = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
const double = [{ id: 'double', type: 'transform', value: '{{ input.n * 2 }}' }]
const addCustomer = [
  {
    id: 'add',
    type: 'api_call',
    api: 'store',
    operation: 'POST /customers',
    body: { name: '{{ "C" & input.n }}', email: '{{ "c" & input.n & "@example.com" }}' },
  },
]
const ns = (count: number) => Array.from({ length: count }, (_, n) => ({ n }))

async function workflowOf(tenant: Tenant, steps: unknown[] = double, schema: unknown = inputs): Promise<string> {
  const reply = await tenant.call('POST', '/api/workflows', { definition: { name: 'Many', steps, inputs: schema } })
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
  return reply.data.id
}

function submit(tenant: Tenant, workflowId: string, body: BodyInit, type = 'application/json', query = '') {
  const headers = { 'x-api-key': tenant.token, 'content-type': type }
  return send(`/api/workflows/${workflowId}/batch${query}`, { method: 'POST', headers, body })
}

const json = (tenant: Tenant, workflowId: string, items: unknown[], query = '') =>
  submit(tenant, workflowId, JSON.stringify(items), 'application/json', query)

const until = (tenant: Tenant, id: string, status: string, timeout = 20_000) =>
  vi.waitUntil(
    async () => {
      const { data } = await tenant.call('GET', `/api/batches/${id}`)
      return data.status === status ? data : undefined
    },
    { timeout },
  )

async function resultsOf(tenant: Tenant, id: string) {
  const worker = exports as unknown as { default: Fetcher }
  const url = `https://apiq.test/api/batches/${id}/results`
  const response = await worker.default.fetch(new Request(url, { headers: { 'x-api-key': tenant.token } }))
  expect(response.headers.get('content-type')).toMatch(/^application\/x-ndjson/)
  const lines = new TextDecoder().decode(await response.arrayBuffer()).split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => JSON.parse(line))
}

function advance(tenant: Tenant, batchId: string, env: Env = testEnv) {
  const { workspaceId } = tenant.ctx.actor
  return handleBatchMessage(
    { ...world, env },
    { kind: 'batch.advance', workspaceId, batchId, requestId: 'req_batches' },
  )
}

/** A batch that was accepted while the queue was out of reach. */
async function unheard(tenant: Tenant, workflowId: string, count: number, concurrency = 10): Promise<string> {
  const send = async () => {
    throw new Error('the queue is out of reach')
  }
  const env = { ...testEnv, STEPS_LOW: { send } } as unknown as Env
  const source = { contentType: 'application/json', body: new Blob([JSON.stringify(ns(count))]).stream() }
  const options = { concurrency, skipInvalid: false }
  return (await createBatch({ ...tenant.ctx, env }, workflowId, source, options)).id
}

describe('a batch', () => {
  it('of JSON runs every input once, and gives the results in their order', async () => {
    const tenant = await newTenant()
    const reply = await json(tenant, await workflowOf(tenant), ns(60), '?concurrency=7')
    expect(reply.status).toBe(202)
    expect(reply.data).toMatchObject({ total: 60, concurrency: 7, workflowVersion: 1 })
    const batch = await until(tenant, reply.data.id, 'completed')
    expect(batch.progress).toEqual({ pending: 0, running: 0, succeeded: 60, failed: 0, cancelled: 0, invalid: 0 })
    expect(batch.finishedAt).not.toBeNull()
    const results = await resultsOf(tenant, reply.data.id)
    expect(results.map(({ index, output }) => [index, output])).toEqual(ns(60).map(({ n }) => [n, n * 2]))
    const run = await tenant.call('GET', `/api/executions/${results[3].executionId}`)
    expect(run.data).toMatchObject({ trigger: 'batch', input: { n: 3 }, output: 6 })
    expect((await tenant.call('GET', '/api/batches')).data).toMatchObject([{ id: reply.data.id, total: 60 }])
  }, 30_000)

  it('of NDJSON or CSV takes types from the input schema', async () => {
    const tenant = await newTenant()
    const properties = { n: { type: 'integer' }, ok: { type: 'boolean' }, name: { type: 'string' } }
    const steps = [{ id: 'got', type: 'transform', value: '{{ input }}' }]
    const id = await workflowOf(tenant, steps, { type: 'object', properties, required: ['n'] })
    const csv = 'n,ok,name\r\n1,true,"Ann, ""A"""\r\n2,,\r\n3,false,"two\nlines"\r\n'
    const first = await submit(tenant, id, csv, 'text/csv; charset=utf-8')
    await until(tenant, first.data.id, 'completed')
    const results = await resultsOf(tenant, first.data.id)
    expect(results.map(({ line, output }) => [line, output])).toEqual([
      [2, { n: 1, ok: true, name: 'Ann, "A"' }],
      [3, { n: 2 }],
      [4, { n: 3, ok: false, name: 'two\nlines' }],
    ])
    const second = await submit(tenant, id, '{"n": 1}\n\n{"n": 2}', 'application/x-ndjson')
    await until(tenant, second.data.id, 'completed')
    expect((await resultsOf(tenant, second.data.id)).map(({ line, output }) => [line, output.n])).toEqual([
      [1, 1],
      [3, 2],
    ])
  })

  it('starts nothing when an input is malformed, and names each with its line', async () => {
    const tenant = await newTenant()
    const id = await workflowOf(tenant)
    const reply = await submit(tenant, id, '{"n": 1}\n{"n": "x"}\nnonsense\n[1]\n{}', 'application/x-ndjson')
    expect([reply.status, reply.body.code]).toEqual([422, 'VALIDATION_FAILED'])
    expect(reply.body.errors.map(({ path, line }: { path: string; line: number }) => [path, line])).toEqual([
      ['/1/n', 2],
      ['/2', 3],
      ['/3', 4],
      ['/4/n', 5],
    ])
    expect((await tenant.call('GET', '/api/batches')).data).toEqual([])
    expect((await tenant.call('GET', '/api/executions')).data).toEqual([])
    const stored = await testEnv.DB.prepare('select count(*) as count from batch_items where workspace_id = ?')
      .bind(tenant.ctx.actor.workspaceId)
      .first('count')
    expect(stored).toBe(0)
  })

  it('skips what is malformed when it is told to', async () => {
    const tenant = await newTenant()
    const csv = 'n\n1\nx\n3\n'
    const { data } = await submit(tenant, await workflowOf(tenant), csv, 'text/csv', '?skipInvalid=true')
    const batch = await until(tenant, data.id, 'completed')
    expect(batch).toMatchObject({ total: 3, progress: { succeeded: 2, invalid: 1 } })
    expect((await resultsOf(tenant, data.id))[1]).toMatchObject({
      status: 'invalid',
      line: 3,
      executionId: null,
      error: { code: 'VALIDATION_FAILED', message: expect.stringMatching(/^\/n /) },
    })
  })

  it('lists its items page by page, all of them or those in one state', async () => {
    const tenant = await newTenant()
    const csv = 'n\n1\nx\n3\ny\n'
    const { data } = await submit(tenant, await workflowOf(tenant), csv, 'text/csv', '?skipInvalid=true')
    await until(tenant, data.id, 'completed')
    const items = (query: string) => tenant.call('GET', `/api/batches/${data.id}/items${query}`)
    const first = await items('?limit=3')
    expect(first.data.map(({ line, status }: { line: number; status: string }) => [line, status])).toEqual([
      [2, 'succeeded'],
      [3, 'invalid'],
      [4, 'succeeded'],
    ])
    expect(first.data[0]).toEqual({
      index: 0,
      line: 2,
      status: 'succeeded',
      executionId: expect.stringMatching(/^run_/),
      error: null,
    })
    const rest = await items(`?limit=3&cursor=${first.body.meta.nextCursor}`)
    expect([rest.data.length, rest.data[0].line, rest.body.meta]).toEqual([1, 5, { nextCursor: null, hasMore: false }])
    const invalid = await items('?status=invalid')
    expect(invalid.data.map(({ line }: { line: number }) => line)).toEqual([3, 5])
    expect(invalid.data[0].error.message).toMatch(/^\/n /)
    expect((await items('?status=running')).data).toEqual([])
    expect((await items('?cursor=bat_x')).status).toBe(422)
    const other = await newTenant()
    expect((await other.call('GET', `/api/batches/${data.id}/items`)).status).toBe(404)
  })

  it.each([
    ['', 'application/json', /not closed/],
    ['[]', 'application/json', /no inputs/],
    ['{"n": 1}', 'application/json', /not one JSON array/],
    ['[{"n": 1}', 'application/json', /not closed/],
    ['n,n\n1,2\n', 'text/csv', /"n" twice/],
    ['n\n"1\n', 'text/csv', /never closed/],
    ['n\n', 'text/csv', /no inputs/],
  ])('%j as %s is refused', async (body, type, detail) => {
    const tenant = await newTenant()
    const reply = await submit(tenant, await workflowOf(tenant), body, type)
    expect([reply.status, reply.body.code]).toEqual([422, 'VALIDATION_FAILED'])
    expect(reply.body.detail).toMatch(detail)
  })

  it('has at most 10,000 inputs, of a type that is known', async () => {
    const tenant = await newTenant()
    const id = await workflowOf(tenant)
    const tooMany = '{"n":1}\n'.repeat(10_001)
    expect((await submit(tenant, id, tooMany, 'application/x-ndjson')).body.detail).toMatch(/at most 10000/)
    expect((await submit(tenant, id, '<n/>', 'text/xml')).status).toBe(415)
    expect((await submit(tenant, id, Uint8Array.of(0x7b, 0xff), 'application/x-ndjson')).body.detail).toMatch(/UTF-8/)
    expect((await tenant.call('GET', '/api/batches')).data).toEqual([])
  })

  it('needs execute, and is nobody else’s', async () => {
    const [tenant, other] = await Promise.all([newTenant(), newTenant()])
    const id = await workflowOf(tenant)
    const reader = { ...tenant, token: await keyFor(tenant, ['read', 'write']) }
    expect((await json(reader, id, ns(1))).status).toBe(403)
    expect((await json(other, id, ns(1))).status).toBe(404)
    const { data } = await json(tenant, id, ns(1))
    await until(tenant, data.id, 'completed')
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/results'],
      ['POST', '/cancel'],
      ['POST', '/resume'],
    ] as const)
      expect((await other.call(method, `/api/batches/${data.id}${path}`)).status).toBe(404)
    expect((await other.call('GET', '/api/batches')).data).toEqual([])
  })
})

describe('a key that may execute and not read', () => {
  it('is shown the batch it starts and stops', async () => {
    const tenant = await newTenant()
    const id = await workflowOf(tenant, [{ id: 'wait', type: 'delay', durationMs: 3_600_000 }])
    const token = await keyFor(tenant, ['execute'])
    const reply = await json({ ...tenant, token }, id, ns(2))
    expect(reply.status).toBe(202)
    const call = (method: string, path: string) => send(path, { method, headers: { 'x-api-key': token } })
    expect((await call('GET', `/api/batches/${reply.data.id}`)).status).toBe(403)
    expect((await call('POST', `/api/batches/${reply.data.id}/cancel`)).status).toBe(200)
    await until(tenant, reply.data.id, 'cancelled')
  })
})

describe('results', () => {
  it('as CSV keep failures in their place, and nothing a spreadsheet would calculate', async () => {
    const tenant = await newTenant()
    const steps = [{ id: 'got', type: 'transform', value: '{{ input.n = 2 ? $error("no, not two") : input.text }}' }]
    const properties = { n: { type: 'integer' }, text: { type: 'string' } }
    const id = await workflowOf(tenant, steps, { type: 'object', properties })
    const items = [
      { n: 1, text: '=SUM(A1)' },
      { n: 2, text: 'b' },
      { n: 3, text: 'a,"b"' },
      { n: 4, text: '-5' },
    ]
    const { data } = await json(tenant, id, items)
    await until(tenant, data.id, 'completed')
    const reply = await tenant.call('GET', `/api/batches/${data.id}/results?format=csv`)
    expect(reply.headers.get('content-type')).toMatch(/^text\/csv/)
    const lines = String(reply.body).split('\r\n')
    expect(lines[0]).toBe('index,line,status,executionId,output,error')
    expect(lines[1]).toMatch(/^0,1,succeeded,run_\w+,'=SUM\(A1\),$/)
    expect(lines[2]).toMatch(/^1,1,failed,run_\w+,,.*two/)
    expect(lines[3]).toMatch(/^2,1,succeeded,run_\w+,"a,""b""",$/)
    expect(lines[4]).toMatch(/,-5,$/)
  })
})

describe('whatever happens to the messages', () => {
  it('repeated and at the same time: every input runs once', async () => {
    const tenant = await tenantWithStore()
    const { data } = await json(tenant, await workflowOf(tenant, addCustomer), ns(20), '?concurrency=4')
    await Promise.all(Array.from({ length: 12 }, () => advance(tenant, data.id)))
    const open = await testEnv.DB.prepare(
      "select count(*) as count from batch_items where batch_id = ? and status in ('starting', 'running')",
    )
      .bind(data.id)
      .first<number>('count')
    expect(open).toBeLessThanOrEqual(4)
    const batch = await until(tenant, data.id, 'completed')
    expect(batch.progress).toMatchObject({ succeeded: 20 })
    const ledger = await ledgerOf(tenant.store)
    expect(ledger).toHaveLength(20)
    expect(new Set(ledger.map((entry) => entry.idempotencyKey)).size).toBe(20)
  })

  it('lost: the cron of every minute takes the batch up', async () => {
    const tenant = await newTenant()
    const id = await unheard(tenant, await workflowOf(tenant), 3)
    expect((await tenant.call('GET', `/api/batches/${id}`)).data.progress).toMatchObject({ pending: 3 })
    await runSchedule(createScheduledController({ cron: '* * * * *' }), testEnv, createExecutionContext())
    expect((await until(tenant, id, 'completed')).progress).toMatchObject({ succeeded: 3 })
  })

  it('lost at the end of runs: the next one sees what has ended', async () => {
    const tenant = await newTenant()
    const { data } = await json(tenant, await workflowOf(tenant), ns(3))
    await until(tenant, data.id, 'completed')
    await testEnv.DB.batch([
      testEnv.DB.prepare("update batches set status = 'running', finished_at = null where id = ?").bind(data.id),
      testEnv.DB.prepare("update batch_items set status = 'running', ended_at = null where batch_id = ?").bind(data.id),
    ])
    await advance(tenant, data.id)
    expect((await until(tenant, data.id, 'completed')).progress).toMatchObject({ succeeded: 3 })
  })

  it('a death after items were taken up: they are taken up again when their time is over', async () => {
    const tenant = await tenantWithStore()
    const id = await unheard(tenant, await workflowOf(tenant, addCustomer), 4)
    await testEnv.DB.prepare("update batch_items set status = 'starting', claimed_at = 1 where batch_id = ?")
      .bind(id)
      .run()
    await advance(tenant, id)
    expect((await until(tenant, id, 'completed')).progress).toMatchObject({ succeeded: 4 })
    expect(await ledgerOf(tenant.store)).toHaveLength(4)
  })

  it('a death after runs were started: starting them again starts nothing', async () => {
    const tenant = await tenantWithStore()
    const id = await unheard(tenant, await workflowOf(tenant, addCustomer), 4)
    const real = testEnv.WORKFLOW_RUN
    const dying = (runId: DurableObjectId) => ({
      start: async (...given: Parameters<ReturnType<typeof real.get>['start']>) => {
        await real.get(runId).start(...given)
        throw new Error('died')
      },
    })
    const env = { ...testEnv, WORKFLOW_RUN: { idFromName: (name: string) => real.idFromName(name), get: dying } }
    await expect(advance(tenant, id, env as unknown as Env)).rejects.toThrow('died')
    await advance(tenant, id)
    expect((await until(tenant, id, 'completed')).progress).toMatchObject({ succeeded: 4 })
    expect(await ledgerOf(tenant.store)).toHaveLength(4)
  })

  it('an item that somebody holds is not taken from them before their time is up', async () => {
    const tenant = await newTenant()
    const id = await unheard(tenant, await workflowOf(tenant), 2, 1)
    await testEnv.DB.prepare(
      'update batch_items set status = \'starting\', claimed_at = ? where batch_id = ? and "index" = 0',
    )
      .bind(Date.now(), id)
      .run()
    await advance(tenant, id)
    const results = await resultsOf(tenant, id)
    expect(results.map(({ status, executionId }) => [status, executionId])).toEqual([
      ['running', null],
      ['pending', null],
    ])
  })

  it('objects out of reach: what was taken up is given back, and fails after five attempts', async () => {
    const tenant = await newTenant()
    const id = await unheard(tenant, await workflowOf(tenant), 2)
    const died = () => {
      throw new Error('out of reach')
    }
    const env = { ...testEnv, WORKFLOW_RUN: { idFromName: died, get: died } } as unknown as Env
    for (let at = 0; at < 5; at++) await expect(advance(tenant, id, env)).rejects.toThrow('out of reach')
    expect((await until(tenant, id, 'completed')).progress).toMatchObject({ failed: 2, pending: 0 })
    expect((await resultsOf(tenant, id))[0].error).toMatchObject({ code: 'INTERNAL' })
    await tenant.call('POST', `/api/batches/${id}/resume`)
    expect((await until(tenant, id, 'completed')).progress).toMatchObject({ succeeded: 2 })
  })
})

describe('cancelling', () => {
  it('begins nothing more, and stops what is open', async () => {
    const tenant = await newTenant()
    const steps = [{ id: 'wait', type: 'delay', durationMs: 3_600_000 }]
    const { data } = await json(tenant, await workflowOf(tenant, steps), ns(8), '?concurrency=3')
    await vi.waitUntil(async () => (await tenant.call('GET', `/api/batches/${data.id}`)).data.progress.running === 3, {
      timeout: 10_000,
    })
    const reply = await tenant.call('POST', `/api/batches/${data.id}/cancel`)
    expect([reply.status, reply.data.progress.pending]).toEqual([200, 0])
    const batch = await until(tenant, data.id, 'cancelled')
    expect(batch.progress).toMatchObject({ cancelled: 8, running: 0 })
    const runs = (await tenant.call('GET', '/api/executions')).data
    expect(runs.map((run: { status: string }) => run.status)).toEqual(['cancelled', 'cancelled', 'cancelled'])
    expect((await tenant.call('POST', `/api/batches/${data.id}/cancel`)).status).toBe(409)
  })

  it('of ten thousand inputs is as quick as of ten', async () => {
    const tenant = await newTenant()
    const steps = [{ id: 'wait', type: 'delay', durationMs: 3_600_000 }]
    const lines = ns(10_000).map((item) => `${JSON.stringify(item)}\n`)
    const { data } = await submit(tenant, await workflowOf(tenant, steps), lines.join(''), 'application/x-ndjson')
    expect(data).toMatchObject({ total: 10_000, status: 'running' })
    await tenant.call('POST', `/api/batches/${data.id}/cancel`)
    expect((await until(tenant, data.id, 'cancelled')).progress).toMatchObject({ cancelled: 10_000, pending: 0 })
    const results = await resultsOf(tenant, data.id)
    expect(results.map(({ index }) => index)).toEqual(ns(10_000).map(({ n }) => n))
  })

  it('and resuming begins what was not begun, and leaves what was cut short', async () => {
    const tenant = await newTenant()
    const steps = [
      { id: 'wait', type: 'delay', durationMs: 3_600_000, when: '{{ input.n < 2 }}' },
      { id: 'out', type: 'transform', value: '{{ input.n }}', dependsOn: ['wait'] },
    ]
    const { data } = await json(tenant, await workflowOf(tenant, steps), ns(5), '?concurrency=2')
    await vi.waitUntil(async () => (await tenant.call('GET', `/api/batches/${data.id}`)).data.progress.running === 2, {
      timeout: 10_000,
    })
    await tenant.call('POST', `/api/batches/${data.id}/cancel`)
    await until(tenant, data.id, 'cancelled')
    const resumed = await tenant.call('POST', `/api/batches/${data.id}/resume`)
    expect(resumed.status).toBe(200)
    const batch = await until(tenant, data.id, 'completed')
    expect(batch.progress).toMatchObject({ cancelled: 2, succeeded: 3 })
  })
})

describe('resuming', () => {
  it('goes on at the steps that failed, and repeats nothing that is done', async () => {
    const tenant = await tenantWithStore()
    const parameters = { customerId: '{{ steps.add.body.id }}' }
    const get = { id: 'get', type: 'api_call', api: 'store', operation: 'GET /customers/{customerId}', parameters }
    const id = await workflowOf(tenant, [...addCustomer, get])
    const faults = `${tenant.store.url}/__faults`
    const headers = { 'content-type': 'application/json' }
    await fetch(faults, { method: 'PUT', headers, body: JSON.stringify({ method: 'GET', status: 400 }) })
    const { data } = await json(tenant, id, ns(3))
    expect((await until(tenant, data.id, 'completed')).progress).toMatchObject({ failed: 3 })
    await fetch(faults, { method: 'DELETE' })
    expect((await tenant.call('POST', `/api/batches/${data.id}/resume`)).data.status).toBe('running')
    expect((await tenant.call('POST', `/api/batches/${data.id}/resume`)).status).toBe(409)
    expect((await until(tenant, data.id, 'completed')).progress).toMatchObject({ succeeded: 3, failed: 0 })
    expect(await ledgerOf(tenant.store)).toHaveLength(3)
    const again = await tenant.call('POST', `/api/batches/${data.id}/resume`)
    expect([again.status, again.body.code]).toEqual([409, 'CONFLICT'])
  })

  it('of what cannot be run any more fails with the reason', async () => {
    const tenant = await tenantWithStore()
    const id = await workflowOf(tenant, addCustomer)
    const batchId = await unheard(tenant, id, 2)
    await tenant.call('DELETE', `/api/workflows/${id}`)
    await advance(tenant, batchId)
    const batch = await until(tenant, batchId, 'completed')
    expect(batch.progress).toMatchObject({ failed: 2 })
    expect((await resultsOf(tenant, batchId))[0].error).toMatchObject({ code: 'NOT_FOUND' })
  })
})
