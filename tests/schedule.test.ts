import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { runSchedule } from '../src/schedule.ts'
import { ledgerOf, tenantWithStore, testEnv } from './helpers.ts'

const run = (cron: string) => runSchedule(createScheduledController({ cron }), testEnv, createExecutionContext())
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)

describe('every five minutes', () => {
  it('a run that was accepted and never started is started, once', async () => {
    const tenant = await tenantWithStore()
    const body = { name: 'Late', email: 'late@example.com' }
    const definition = {
      name: 'Add',
      steps: [{ id: 'add', type: 'api_call', api: 'store', operation: 'POST /customers', body }],
    }
    const workflow = await tenant.call('POST', '/api/workflows', { definition })
    const { workspaceId, userId } = tenant.ctx.actor
    // What is left when the Worker dies between the row and the object.
    await testEnv.DB.prepare(
      `insert into runs (id, workspace_id, workflow_id, workflow_version, name, "trigger", status, input, created_by, created_at)
       values ('run_stranded', ?, ?, 1, 'Add', 'api', 'running', '{}', ?, ?)`,
    )
      .bind(workspaceId, workflow.data.id, userId, hoursAgo(1).toISOString())
      .run()
    await run('*/5 * * * *')
    await testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName('run_stranded')).wait(10_000)
    await run('*/5 * * * *')
    expect((await tenant.call('GET', '/api/executions/run_stranded')).data.status).toBe('succeeded')
    expect(await ledgerOf(tenant.store)).toMatchObject([{ method: 'POST', idempotencyKey: 'run_stranded:add' }])
  })
})

describe('at night', () => {
  it('plans of more than thirty days and sessions past their time are forgotten, others stay', async () => {
    const { call, ctx } = await tenantWithStore()
    const [old, fresh] = [
      await call('POST', '/api/chat', { message: 'List orders' }),
      await call('POST', '/api/chat', { message: 'List orders' }),
    ]
    await testEnv.DB.prepare('update plans set created_at = ? where id = ?')
      .bind(hoursAgo(31 * 24).toISOString(), old.data.id)
      .run()
    const session = (id: string, expires: Date) =>
      testEnv.DB.prepare(
        'insert into sessions (id, token, user_id, expires_at, created_at, updated_at) values (?, ?, ?, ?, 0, 0)',
      ).bind(id, id, ctx.actor.userId, expires.getTime())
    await testEnv.DB.batch([
      testEnv.DB.prepare(
        "insert into users (id, name, email, created_at, updated_at) values (?, 'A', 'a@example.com', 0, 0)",
      ).bind(ctx.actor.userId),
      session('ses_over', hoursAgo(1)),
      session('ses_open', hoursAgo(-1)),
    ])
    await run('17 3 * * *')
    expect((await call('GET', `/api/chat/${old.data.id}`)).status).toBe(404)
    expect((await call('GET', `/api/chat/${fresh.data.id}`)).status).toBe(200)
    const { results } = await testEnv.DB.prepare('select id from sessions where user_id = ?')
      .bind(ctx.actor.userId)
      .all()
    expect(results).toEqual([{ id: 'ses_open' }])
  })

  it('workflows that a question made and nobody used for thirty days are deleted, others and their executions stay', async () => {
    const { call } = await tenantWithStore()
    const create = async (more: object = {}) => {
      const step = { id: 'got', type: 'transform', value: 1, ...more }
      const { data } = await call('POST', '/api/workflows', { definition: { name: 'Got', steps: [step] } })
      return data.id as string
    }
    const [old, used, fresh, listed, called] = [
      await create(),
      await create(),
      await create(),
      await create(),
      await create(),
    ]
    await create({ type: 'workflow', workflowId: called, value: undefined })
    const { data: execution } = await call('POST', `/api/workflows/${old}/execute?wait=10`, { input: {} })
    await call('POST', `/api/workflows/${used}/execute?wait=10`, { input: {} })
    await call('GET', '/api/executions')
    const long = hoursAgo(31 * 24).toISOString()
    await testEnv.DB.batch([
      testEnv.DB.prepare('update workflows set listed = 0 where id in (?, ?, ?, ?)').bind(old, used, fresh, called),
      testEnv.DB.prepare('update workflows set updated_at = ? where id in (?, ?, ?, ?)').bind(
        long,
        old,
        used,
        listed,
        called,
      ),
      testEnv.DB.prepare('update runs set created_at = ? where workflow_id = ?').bind(long, old),
    ])
    await run('17 3 * * *')
    const statuses = [old, used, fresh, listed, called].map(
      async (id) => (await call('GET', `/api/workflows/${id}`)).status,
    )
    expect(await Promise.all(statuses)).toEqual([404, 200, 200, 200, 200])
    expect((await call('GET', `/api/executions/${execution.id}`)).data).toMatchObject({
      status: 'succeeded',
      output: 1,
    })
    const { data: log } = await call('GET', `/api/logs?resource=${old}`)
    expect(log.map(({ action }: { action: string }) => action)).toContain('workflow.delete')
  })
})
