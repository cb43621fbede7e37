import { describe, expect, it } from 'vitest'
import { resumeBatch } from '../src/batches/service.ts'
import { handleBatchMessage } from '../src/batches/work.ts'
import { createWorld } from '../src/context.ts'
import { testEnv, type Reply, type Tenant } from './helpers.ts'
import { tenantWithTold } from './office.ts'

const text = { type: 'string' }
const inPath = (...names: string[]) => names.map((name) => ({ name, in: 'path', required: true, schema: text }))
const key = { name: 'Idempotency-Key', in: 'header', required: true, schema: text }
const shard = { name: 'shard', in: 'cookie', schema: text }
const created = (field: string) => ({
  201: {
    description: 'Created',
    content: { 'application/json': { schema: { type: 'object', properties: { [field]: text } } } },
  },
})
const gone = { 204: { description: 'Gone' } }

/** An API of stars, which are named by whoever gives them, and of things that it names itself. */
const sky = {
  '/stars/{star}': {
    put: { operationId: 'star', parameters: inPath('star'), responses: { 201: { description: 'Created' } } },
    delete: { operationId: 'unstar', parameters: inPath('star'), responses: gone },
  },
  '/notes': { post: { operationId: 'addNote', responses: created('id') } },
  '/notes/{noteId}': {
    delete: { operationId: 'deleteNote', parameters: [...inPath('noteId'), key], responses: gone },
  },
  '/rows': { post: { operationId: 'addRow', parameters: [shard], responses: created('id') } },
  '/rows/{rowId}': {
    delete: { operationId: 'deleteRow', parameters: [...inPath('rowId'), shard], responses: gone },
  },
  '/invites': { post: { operationId: 'addInvite', responses: created('token') } },
  '/invites/{token}': { delete: { operationId: 'deleteInvite', parameters: inPath('token'), responses: gone } },
}

const answers = {
  'PUT /stars/vega': { status: 201 },
  'PUT /stars/lyra': { status: 201 },
  'POST /notes': { status: 201, body: { id: 'n1' } },
  'POST /rows': { status: 201, body: { id: 'r1' } },
  'POST /invites': { status: 201, body: { token: 'inv/secret' } },
}

const connect = (more: object = {}) => tenantWithTold('Sky', sky, { ...answers, ...more })
const call = (id: string, operation: string, parameters: object = {}, more: object = {}) => {
  return { id, type: 'api_call', api: 'sky', operation, parameters, ...more }
}

/** Stores a workflow of these steps and runs it to its end. */
async function run(tenant: Tenant, steps: unknown[]): Promise<Reply['data']> {
  const made = await tenant.call('POST', '/api/workflows', { definition: { name: 'Do', steps } })
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  return (await tenant.call('POST', `/api/workflows/${made.data.id}/execute?wait=10`, {})).data
}

const look = async (tenant: Tenant, id: string) => (await tenant.call('GET', `/api/executions/${id}/undo`)).data
const undo = (tenant: Tenant, id: string) => tenant.call('POST', `/api/executions/${id}/undo?wait=10`)

describe('an undo', () => {
  it('cannot be taken up with other input: what it deletes is what the run created', async () => {
    const tenant = await connect({ 'DELETE /stars/vega': { status: 400 } })
    const done = await run(tenant, [call('vega', 'PUT /stars/{star}', { star: 'vega' })])
    const { data } = await undo(tenant, done.id)
    expect(data.status).toBe('failed')
    const input = { calls: [{ step: 'vega', call: 'delete_1', parameters: { star: 'lyra' } }] }
    const resumed = await tenant.call('POST', `/api/executions/${data.id}/resume`, { input })
    expect([resumed.status, resumed.body.code]).toEqual([409, 'CONFLICT'])
    expect((await tenant.call('GET', `/api/executions/${data.id}`)).data.status).toBe('failed')
    expect(await tenant.changes()).not.toContain('DELETE /stars/lyra')
  })

  it('calls nothing for what the run itself deleted: there may be another of that name by now', async () => {
    const tenant = await connect()
    const done = await run(tenant, [
      call('lyra', 'PUT /stars/{star}', { star: 'lyra' }),
      call('vega', 'PUT /stars/{star}', { star: 'vega' }),
      call('gone', 'DELETE /stars/{star}', { star: 'vega' }),
    ])
    const plan = await look(tenant, done.id)
    expect(plan.calls.map(({ step }: { step: string }) => step)).toEqual(['lyra'])
    expect(plan.remaining).toEqual([])
  })

  it('that is begun anew leaves out what the one before has deleted', async () => {
    const tenant = await connect({ 'DELETE /stars/lyra': { status: 503, headers: { 'retry-after': '3000' } } })
    const done = await run(tenant, [
      call('lyra', 'PUT /stars/{star}', { star: 'lyra' }),
      call('vega', 'PUT /stars/{star}', { star: 'vega' }),
    ])
    const { data } = await tenant.call('POST', `/api/executions/${done.id}/undo`)
    await expect.poll(() => tenant.changes(), { timeout: 10_000 }).toContain('DELETE /stars/lyra')
    expect((await tenant.call('POST', `/api/executions/${data.id}/cancel`)).status).toBe(200)
    const { calls } = await look(tenant, done.id)
    expect(calls.map(({ step }: { step: string }) => step)).toEqual(['lyra'])
  })

  it('deletes nothing in another account: of an API that was connected anew the ids are others', async () => {
    const tenant = await connect()
    const done = await run(tenant, [call('vega', 'PUT /stars/{star}', { star: 'vega' })])
    const [old] = (await tenant.call('GET', '/api/apis')).data
    await tenant.call('DELETE', `/api/apis/${old.id}`)
    const spec = { openapi: '3.0.3', info: { title: 'Sky', version: '1' }, servers: [{ url: old.baseUrl }], paths: sky }
    const anew = await tenant.call('POST', '/api/apis', { name: 'Sky', spec })
    expect([anew.status, anew.data.slug, anew.data.baseUrl]).toEqual([201, 'sky', old.baseUrl])
    expect(await look(tenant, done.id)).toMatchObject({
      calls: [],
      remaining: [{ step: 'vega', reason: expect.stringContaining('connected') }],
    })
  })

  /** A batch of two runs that have put a star and failed. */
  async function failedBatch(tenant: Tenant) {
    const fail = { id: 'fail', type: 'transform', value: '{{ $error("no") }}', dependsOn: ['vega'] }
    const steps = [call('vega', 'PUT /stars/{star}', { star: 'vega' }), fail]
    const { data: workflow } = await tenant.call('POST', '/api/workflows', { definition: { name: 'Do', steps } })
    const { data: batch } = await tenant.call('POST', `/api/workflows/${workflow.id}/batch`, [{}, {}])
    const end = () =>
      expect.poll(async () => (await tenant.call('GET', `/api/batches/${batch.id}`)).data, { timeout: 10_000 })
    await end().toMatchObject({ status: 'completed', progress: { failed: 2 } })
    return { workflow, batch, end }
  }

  it('that begins while a batch is resumed keeps it not from its end', async () => {
    const tenant = await connect()
    const { workflow, batch, end } = await failedBatch(tenant)
    const unheard = async () => {
      throw new Error('the queue is out of reach')
    }
    const env = { ...testEnv, STEPS_LOW: { send: unheard } } as unknown as Env
    await resumeBatch({ ...tenant.ctx, env }, batch.id)
    const failed = (await tenant.call('GET', `/api/executions?workflowId=${workflow.id}`)).data
    for (const { id } of failed) expect((await undo(tenant, id)).status).toBe(202)
    const { workspaceId } = tenant.ctx.actor
    const world = createWorld(testEnv, 'req_undo', () => {})
    const message = { kind: 'batch.advance', workspaceId, batchId: batch.id, requestId: 'req_undo' } as const
    // The first starts them, the second sees their end.
    await handleBatchMessage(world, message)
    await handleBatchMessage(world, message)
    await end().toMatchObject({ status: 'completed', progress: { failed: 2 } })
  }, 30_000)

  it('keeps a batch neither from being resumed nor from its end', async () => {
    const tenant = await connect()
    const { workflow, batch, end } = await failedBatch(tenant)
    const resume = () => tenant.call('POST', `/api/batches/${batch.id}/resume`)
    const [first, second] = (await tenant.call('GET', `/api/executions?workflowId=${workflow.id}`)).data
    await undo(tenant, first.id)
    expect((await resume()).data).toMatchObject({ status: 'running', progress: { failed: 1 } })
    await end().toMatchObject({ status: 'completed', progress: { failed: 2 } })
    await undo(tenant, second.id)
    expect((await resume()).status).toBe(409)
  }, 30_000)

  it('of so many calls that the queue makes them goes on beyond those that are refused', async () => {
    const refused = { status: 403, body: { message: 'not yours' } }
    const stars = Array.from({ length: 53 }, (_, index) => `s${index}`)
    const put = stars.map((star) => [`PUT /stars/${star}`, { status: 201 }])
    const tenant = await connect({
      ...Object.fromEntries(put),
      'DELETE /stars/s7': refused,
      'DELETE /stars/s52': refused,
    })
    const each = { id: 'each', type: 'loop', items: stars, as: 'star', concurrency: 10 }
    const done = await run(tenant, [{ ...each, steps: [call('one', 'PUT /stars/{star}', { star: '{{ star }}' })] }])
    expect(done.status).toBe('succeeded')
    const { data } = await undo(tenant, done.id)
    expect(data).toMatchObject({ status: 'failed', error: { message: expect.stringMatching(/^2 of 53 failed/) } })
    const { failures } = await look(tenant, done.id)
    expect(failures.map(({ step, status }: { step: string; status: number }) => [step, status])).toEqual([
      ['each[52].one', 403],
      ['each[7].one', 403],
    ])
    expect(new Set((await tenant.changes()).slice(53)).size).toBe(53)
  }, 30_000)

  it('makes a call that wants a key of its own', async () => {
    const tenant = await connect()
    const done = await run(tenant, [call('note', 'POST /notes')])
    expect(await look(tenant, done.id)).toMatchObject({ calls: [{ step: 'note' }], remaining: [] })
    expect((await undo(tenant, done.id)).data.status).toBe('succeeded')
    expect((await tenant.changes()).at(-1)).toBe('DELETE /notes/n1')
  })

  it('gives a cookie as the call was made with it', async () => {
    const tenant = await connect()
    const done = await run(tenant, [call('row', 'POST /rows', { shard: 'a b' }), call('other', 'POST /rows')])
    const { calls } = await look(tenant, done.id)
    expect(calls).toMatchObject([{ step: 'other' }, { step: 'row', parameters: { rowId: 'r1', shard: 'a b' } }])
    expect((await undo(tenant, done.id)).data.output).toHaveLength(2)
  })

  it('shows a secret nowhere', async () => {
    const tenant = await connect()
    const done = await run(tenant, [call('invite', 'POST /invites')])
    const plan = await look(tenant, done.id)
    expect(plan.calls).toMatchObject([{ step: 'invite', parameters: { token: '•••' } }])
    expect(JSON.stringify(plan)).not.toContain('secret')
    expect((await undo(tenant, done.id)).data.status).toBe('succeeded')
    expect((await tenant.changes()).at(-1)).toBe('DELETE /invites/inv%2Fsecret')
  })

  it('says nothing of a call that its API refused, though the step took that for success', async () => {
    const tenant = await connect({ 'DELETE /stars/vega': { status: 404 } })
    const done = await run(tenant, [call('gone', 'DELETE /stars/{star}', { star: 'vega' }, { succeedsOn: [404] })])
    expect(done.status).toBe('succeeded')
    expect(await look(tenant, done.id)).toMatchObject({ calls: [], remaining: [] })
  })
})
