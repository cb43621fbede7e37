import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { batches } from '../src/batches/tables.ts'
import { handleBatchMessage } from '../src/batches/work.ts'
import { createWorld } from '../src/context.ts'
import { WorkflowRun } from '../src/runs/workflow-run.ts'
import { runSchedule } from '../src/schedule.ts'
import { keyFor, newTenant, testEnv, type Tenant } from './helpers.ts'
import { tenantWithTold } from './office.ts'

const inPath = [{ name: 'star', in: 'path', required: true, schema: { type: 'string' } }]
const sky = {
  '/stars/{star}': {
    put: { operationId: 'star', parameters: inPath, responses: { 201: { description: 'Created' } } },
    delete: { operationId: 'unstar', parameters: inPath, responses: { 204: { description: 'Gone' } } },
  },
  '/mails': { post: { operationId: 'sendMail', summary: 'Send a mail', responses: { 200: { description: 'Sent' } } } },
}
const names = ['a', 'b', 'c', 'd']
const told = Object.fromEntries(names.map((name) => [`PUT /stars/${name}`, { status: 201 }]))

const inputs = {
  type: 'object',
  properties: { star: { type: 'string' }, mail: { type: 'boolean' }, bad: { type: 'boolean' } },
}
const steps = [
  {
    id: 'put',
    type: 'api_call',
    api: 'sky',
    operation: 'PUT /stars/{star}',
    parameters: { star: '{{ input.star }}' },
    when: '{{ $exists(input.star) }}',
  },
  { id: 'send', type: 'api_call', api: 'sky', operation: 'POST /mails', when: '{{ input.mail = true }}' },
]

const ended = (tenant: Tenant, id: string) =>
  expect.poll(async () => (await tenant.call('GET', `/api/batches/${id}`)).data, { timeout: 15_000 })

/** A tenant whose batch over these inputs has ended. */
async function batchOf(list: object[], more: object = {}, made: object[] = steps) {
  const tenant = await tenantWithTold('Sky', sky, { ...told, ...more })
  const definition = { name: 'Do', inputs, steps: made }
  const { data: workflow } = await tenant.call('POST', '/api/workflows', { definition })
  const { data: batch } = await tenant.call('POST', `/api/workflows/${workflow.id}/batch`, list)
  await ended(tenant, batch.id).toMatchObject({ status: 'completed' })
  const undo = (query = '', headers?: Record<string, string>) =>
    tenant.call('POST', `/api/batches/${batch.id}/undo${query}`, undefined, headers)
  const look = (query = '') => tenant.call('GET', `/api/batches/${batch.id}/undo${query}`)
  return { tenant, id: batch.id as string, undo, look }
}

const stars = names.map((star) => ({ star }))
const deleted = async (tenant: { changes: () => Promise<string[]> }) =>
  (await tenant.changes()).filter((change) => change.startsWith('DELETE'))

describe('undoing a batch', () => {
  it('says of each execution what it comes to, and takes them back in a batch of undos, each once', async () => {
    const { tenant, id, undo, look } = await batchOf([...stars, { mail: true }, {}])
    const first = await look('?limit=4')
    expect(first.data.map(({ calls, remaining }: Record<string, number>) => [calls, remaining])).toEqual(
      Array.from({ length: 4 }, () => [1, 0]),
    )
    const rest = await look(`?limit=4&cursor=${first.body.meta.nextCursor}`)
    expect(rest.data).toMatchObject([
      { index: 4, calls: 0, remaining: 1, undoneBy: null, problem: null },
      { index: 5, calls: 0, remaining: 0 },
    ])
    expect(await deleted(tenant)).toEqual([])

    const replies = await Promise.all([undo('?concurrency=1'), undo('?concurrency=1')])
    expect(replies.map(({ status }) => status)).toEqual([202, 202])
    const [{ data: undoing }, { data: other }] = replies as [(typeof replies)[0], (typeof replies)[0]]
    expect([other.id, undoing.undoes, undoing.name, undoing.total]).toEqual([undoing.id, id, 'Undo: Do', 6])
    // What was sent stays, and is told; where nothing was done there is nothing to undo.
    await ended(tenant, undoing.id).toMatchObject({ status: 'completed', progress: { succeeded: 5, failed: 1 } })
    expect(await deleted(tenant)).toEqual(['d', 'c', 'b', 'a'].map((star) => `DELETE /stars/${star}`))
    const failed = (await tenant.call('GET', `/api/batches/${undoing.id}/items?status=failed`)).data
    expect(failed).toMatchObject([{ executionId: null, error: { code: 'NOTHING_TO_UNDO' } }])
    expect((await tenant.call('GET', `/api/batches/${id}`)).data.undoneBy).toEqual({
      id: undoing.id,
      status: 'completed',
    })
    expect((await look()).data[0].undoneBy.status).toBe('succeeded')
    expect((await undo()).data.id).toBe(undoing.id)
    for (const path of [`${undoing.id}/undo`, `${id}/resume`]) {
      const refused = await tenant.call('POST', `/api/batches/${path}`)
      expect([refused.status, refused.body.code]).toEqual([409, 'CONFLICT'])
    }
    const rows = (await tenant.call('GET', '/api/logs?action=batch.undo')).data
    expect(rows).toMatchObject([{ resource: id, details: { undoneBy: undoing.id, total: 6 } }])
    expect((await tenant.call('GET', '/api/logs?action=run.undo')).data).toHaveLength(4)
  }, 40_000)

  it('leaves out what is undone already, and tries what was refused again when it is resumed', async () => {
    const { tenant, undo } = await batchOf(stars.slice(0, 3), { 'DELETE /stars/b': { status: 409 } })
    const runs = (await tenant.call('GET', '/api/executions')).data
    await tenant.call('POST', `/api/executions/${runs.at(-1).id}/undo?wait=10`)
    expect(await deleted(tenant)).toHaveLength(1)
    const { data: undoing } = await undo()
    expect(undoing.total).toBe(2)
    await ended(tenant, undoing.id).toMatchObject({ status: 'completed', progress: { succeeded: 1, failed: 1 } })
    const before = (await deleted(tenant)).length
    await tenant.call('POST', `/api/batches/${undoing.id}/resume`)
    await ended(tenant, undoing.id).toMatchObject({ status: 'completed', progress: { failed: 1 } })
    expect((await deleted(tenant)).slice(before)).toEqual(['DELETE /stars/b'])
  }, 40_000)

  it('makes each undo once, whatever happens to the messages and where the Worker dies', async () => {
    const { tenant, undo } = await batchOf(stars)
    const dying = vi.spyOn(WorkflowRun.prototype, 'start').mockRejectedValueOnce(new Error('the Worker died'))
    const { data: undoing } = await undo('?concurrency=2')
    const { workspaceId } = tenant.ctx.actor
    const world = createWorld(testEnv, 'req_undo', () => {})
    const message = { kind: 'batch.advance', workspaceId, batchId: undoing.id, requestId: 'req_undo' } as const
    const advance = () => Promise.allSettled(Array.from({ length: 3 }, () => handleBatchMessage(world, message)))
    await expect
      .poll(() => advance().then(async () => (await tenant.call('GET', `/api/batches/${undoing.id}`)).data), {
        timeout: 15_000,
      })
      .toMatchObject({ status: 'completed', progress: { succeeded: 4 } })
    dying.mockRestore()
    expect((await deleted(tenant)).toSorted()).toEqual(names.map((star) => `DELETE /stars/${star}`))
    expect((await tenant.call('GET', '/api/logs?action=run.undo')).data).toHaveLength(4)
  }, 40_000)

  it('is refused to who only reads, and to strangers', async () => {
    const { tenant, id, undo, look } = await batchOf([{}])
    const reader = { 'x-api-key': await keyFor(tenant, ['read']) }
    expect((await undo('', reader)).status).toBe(403)
    const stranger = await newTenant()
    for (const method of ['GET', 'POST'])
      expect((await stranger.call(method, `/api/batches/${id}/undo`)).status).toBe(404)
    expect((await look('?limit=21')).status).toBe(422)
  }, 30_000)

  it('counts a run that was taken up again on its own: it is told, and undone when the undo is resumed', async () => {
    const failing = { id: 'fail', type: 'transform', value: '{{ $error("no") }}', when: '{{ input.bad = true }}' }
    const ask = { id: 'ask', type: 'approval', message: 'Go on?', when: '{{ input.bad = false }}' }
    const { tenant, undo } = await batchOf([{ star: 'a' }, { star: 'b', bad: true }], {}, [...steps, failing, ask])
    const [run] = (await tenant.call('GET', '/api/executions?status=failed')).data
    await tenant.call('POST', `/api/executions/${run.id}/resume`, { input: { star: 'b', bad: false } })
    const { data: undoing } = await undo()
    expect(undoing.total).toBe(2)
    await ended(tenant, undoing.id).toMatchObject({ status: 'completed', progress: { succeeded: 1, failed: 1 } })
    const failed = (await tenant.call('GET', `/api/batches/${undoing.id}/items?status=failed`)).data
    expect(failed).toMatchObject([{ error: { code: 'CONFLICT', message: expect.stringContaining('has not ended') } }])
    await tenant.call('POST', `/api/executions/${run.id}/cancel`)
    await tenant.call('POST', `/api/batches/${undoing.id}/resume`)
    await ended(tenant, undoing.id).toMatchObject({ status: 'completed', progress: { succeeded: 2 } })
    expect(await deleted(tenant)).toEqual(['DELETE /stars/a', 'DELETE /stars/b'])
  }, 40_000)

  it('is not begun where the batch is taken up again at the same moment', async () => {
    const failing = { id: 'fail', type: 'transform', value: '{{ $error("no") }}', when: '{{ input.bad = true }}' }
    const { tenant, id, undo } = await batchOf([{ star: 'a' }, { star: 'b', bad: true }], {}, [...steps, failing])
    const [undone, resumed] = await Promise.all([undo(), tenant.call('POST', `/api/batches/${id}/resume`)])
    expect([undone, resumed].filter(({ status }) => status === 409)).toHaveLength(1)
    await ended(tenant, id).toMatchObject({ status: 'completed' })
    const { data: undoing } = await undo()
    await ended(tenant, undoing.id).toMatchObject({ status: 'completed', progress: { succeeded: 2 } })
    expect(await deleted(tenant)).toHaveLength(2)
  }, 40_000)

  it('is the one that goes on, where one that was cancelled is taken up again after another', async () => {
    const { tenant, id, undo } = await batchOf(stars)
    const cancelled = async () => {
      const { data: undoing } = await undo('?concurrency=1')
      expect((await tenant.call('POST', `/api/batches/${undoing.id}/cancel`)).status).toBe(200)
      await ended(tenant, undoing.id).toMatchObject({ status: 'cancelled' })
      return undoing.id as string
    }
    const [first, second] = [await cancelled(), await cancelled()]
    expect(second).not.toBe(first)
    expect((await tenant.call('POST', `/api/batches/${first}/resume`)).status).toBe(200)
    await ended(tenant, first).toMatchObject({ status: 'completed' })
    expect((await tenant.call('GET', `/api/batches/${id}`)).data.undoneBy).toEqual({ id: first, status: 'completed' })
    const again = await undo()
    expect([again.status, again.data?.id]).toEqual([202, first])
  }, 40_000)

  it('is what undoes a run whose own undo was begun after it and cancelled', async () => {
    const { tenant, undo } = await batchOf(stars)
    const { data: undoing } = await undo('?concurrency=1')
    await tenant.call('POST', `/api/batches/${undoing.id}/cancel`)
    await ended(tenant, undoing.id).toMatchObject({ status: 'cancelled' })
    // The first run is the last to be undone, and nobody has begun to.
    const run = (await tenant.call('GET', '/api/executions?trigger=batch')).data.at(-1)
    const [api] = (await tenant.call('GET', '/api/apis')).data
    const allow = (permission: string) =>
      tenant.call('PATCH', `/api/apis/${api.id}`, { policy: { delete: permission } })
    await allow('second_person')
    const { data: own } = await tenant.call('POST', `/api/executions/${run.id}/undo`)
    await tenant.call('POST', `/api/executions/${own.id}/cancel`)
    await allow('ask')
    await tenant.call('POST', `/api/batches/${undoing.id}/resume`)
    await ended(tenant, undoing.id).toMatchObject({ status: 'completed' })
    const { undoneBy } = (await tenant.call('GET', `/api/executions/${run.id}`)).data
    expect([undoneBy.id === own.id, undoneBy.status]).toEqual([false, 'succeeded'])
    expect((await tenant.call('POST', `/api/executions/${run.id}/undo`)).data?.id).toBe(undoneBy.id)
  }, 40_000)

  it('may be asked for again within minutes, where the Worker died over it before it could begin', async () => {
    const begun = async (undoId: string, minutesAgo: number) => {
      const { tenant, id, undo } = await batchOf(stars.slice(0, 1))
      const { workspaceId, userId } = tenant.ctx.actor
      await tenant.ctx.db.insert(batches).values({
        id: undoId,
        workspaceId,
        workflowId: 'wfl_1',
        workflowVersion: 1,
        undoes: id,
        name: 'Undo: Do',
        status: 'accepting',
        concurrency: 1,
        total: 0,
        createdBy: userId,
        createdAt: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
      })
      expect((await undo()).data).toMatchObject({ id: undoId, status: 'accepting' })
      return { tenant, undo }
    }
    const died = await begun('bat_died', 6)
    const atWork = await begun('bat_at_work', 2)
    await runSchedule(createScheduledController({ cron: '* * * * *' }), testEnv, createExecutionContext())
    expect((await atWork.undo()).data.id).toBe('bat_at_work')
    const { data: undoing } = await died.undo()
    await ended(died.tenant, undoing.id).toMatchObject({ status: 'completed', progress: { succeeded: 1 } })
    expect(await deleted(died.tenant)).toEqual(['DELETE /stars/a'])
  }, 40_000)

  it('waits for the end of the batch', async () => {
    const tenant = await tenantWithTold('Sky', sky, told)
    const ask = { id: 'ask', type: 'approval', message: 'Go on?' }
    const { data: workflow } = await tenant.call('POST', '/api/workflows', { definition: { name: 'Do', steps: [ask] } })
    const { data: batch } = await tenant.call('POST', `/api/workflows/${workflow.id}/batch`, [{}])
    const refused = await tenant.call('POST', `/api/batches/${batch.id}/undo`)
    expect([refused.status, refused.body.code]).toEqual([409, 'CONFLICT'])
    await tenant.call('POST', `/api/batches/${batch.id}/cancel`)
  }, 30_000)
})
