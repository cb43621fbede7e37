import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { permissionFor } from '../src/connections/policy.ts'
import { issueKey } from '../src/keys/service.ts'
import { newId } from '../src/lib/ids.ts'
import { withApprovals } from '../src/runs/policy.ts'
import { startStrandedRuns } from '../src/runs/stranded.ts'
import type { Targets } from '../src/steps/execute.ts'
import type { Step } from '../src/steps/schema.ts'
import { keyFor, ledgerOf, tenantWithStore, testEnv, type Reply, type Tenant } from './helpers.ts'

const remove = (id = 'remove'): Step => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'DELETE /customers/{customerId}',
  parameters: { customerId: '{{ input.customer }}' },
})

/** A workspace whose store has a policy, a workflow of it that deletes a customer, and a second person. */
async function bench(policy: object, steps: Step[] = [remove()]) {
  const tenant = await tenantWithStore()
  const { data: made } = await tenant.call('PATCH', `/api/apis/${tenant.apiId}`, { policy })
  const other = { ...tenant.ctx, actor: { ...tenant.ctx.actor, userId: newId('usr') } }
  const { token } = await issueKey(other, { name: 'second', scopes: ['read', 'execute'], requestsPerMinute: 1000 })
  const properties = { customer: { type: 'string', default: 'cus_1012' } }
  const definition = { name: 'Remove', inputs: { type: 'object', properties }, steps }
  const { data: workflow } = await tenant.call('POST', '/api/workflows', { definition })
  const start = (): Promise<Reply> =>
    untilAsking(tenant, `/api/workflows/${workflow.id}/execute`, { input: { customer: 'cus_1012' } })
  const decide = (id: string, step: string, verdict: string, key?: string): Promise<Reply> =>
    tenant.call('POST', `/api/executions/${id}/decide`, { step, verdict }, key ? { 'x-api-key': key } : undefined)
  const deleted = async () => (await ledgerOf(tenant.store)).filter(({ method }) => method === 'DELETE').length
  return { tenant, made, second: token, start, decide, deleted }
}

/** Starts a run, and gives it back once it waits for somebody. */
async function untilAsking(tenant: Tenant, path: string, body: object): Promise<Reply> {
  const { data } = await tenant.call('POST', path, body)
  let run: Reply | undefined
  await expect.poll(async () => asking((run = await tenant.call('GET', `/api/executions/${data.id}`)))).toHaveLength(1)
  if (!run) throw new Error('there is no run')
  return run
}

const asking = ({ data }: Reply) => data.steps.filter(({ status }: { status: string }) => status === 'asking')

describe('the policy of a connection', () => {
  it('lets everything run that was started, where there is none', async () => {
    const tenant = await tenantWithStore()
    expect((await tenant.call('GET', `/api/apis/${tenant.apiId}`)).data.policy).toBeNull()
  })

  it('"second_person" holds a run at the call until somebody else approves it', async () => {
    const { made, start, decide, deleted, second } = await bench({ delete: 'second_person' })
    expect(made.policy).toEqual({ write: 'run', delete: 'second_person', pay: 'run' })
    const run = await start()
    expect(asking(run)).toMatchObject([{ id: 'approve_remove', message: expect.stringContaining('cus_1012') }])
    expect(await deleted()).toBe(0)
    const own = await decide(run.data.id, 'approve_remove', 'approve')
    expect([own.status, own.body.code]).toEqual([403, 'SECOND_PERSON_REQUIRED'])
    expect(await deleted()).toBe(0)
    expect((await decide(run.data.id, 'approve_remove', 'approve', second)).status).toBe(200)
    await expect.poll(deleted).toBe(1)
  })

  it('may be refused by whoever started the run', async () => {
    const { start, decide, deleted, tenant } = await bench({ delete: 'second_person' })
    const { data } = await start()
    expect((await decide(data.id, 'approve_remove', 'refuse')).status).toBe(200)
    await expect.poll(async () => (await tenant.call('GET', `/api/executions/${data.id}`)).data.status).toBe('failed')
    expect(await deleted()).toBe(0)
  })

  it('"ask" waits for anybody, and takes the confirmation of a plan for it', async () => {
    const { tenant, start, decide, deleted } = await bench({ delete: 'ask' })
    const run = await start()
    expect(asking(run)).toHaveLength(1)
    expect((await decide(run.data.id, 'approve_remove', 'approve')).status).toBe(200)
    await expect.poll(deleted).toBe(1)
    const plan = await tenant.call('POST', '/api/chat', { message: 'delete customer Annie Easley' })
    const confirmed = await tenant.call('POST', '/api/chat/execute?wait=10', { planId: plan.data.id })
    expect(asking(confirmed)).toEqual([])
  })

  it('holds a plan that somebody confirmed alone, and what it does when edited', async () => {
    const { tenant, deleted } = await bench({ delete: 'second_person' })
    const plan = await tenant.call('POST', '/api/chat', { message: 'delete customer Annie Easley' })
    const confirmed = await untilAsking(tenant, '/api/chat/execute', { planId: plan.data.id })
    expect(confirmed.data.steps).toMatchObject([{ status: 'succeeded' }, { status: 'asking' }, { status: 'pending' }])
    expect(await deleted()).toBe(0)
  })

  it('asks once for a loop, and lets reads go on', async () => {
    const read: Step = { id: 'all', type: 'api_call', api: 'store', operation: 'GET /customers' }
    const loop: Step = {
      id: 'each',
      type: 'loop',
      items: ['{{ input.customer }}'],
      as: 'customer',
      concurrency: 1,
      maxIterations: 3,
      steps: [remove()],
    }
    const { start } = await bench({ delete: 'ask' }, [read, loop])
    const run = await start()
    expect(asking(run)).toMatchObject([{ id: 'approve_each', message: expect.stringMatching(/^Up to 3 times each/) }])
    expect(run.data.steps[0]).toMatchObject({ id: 'all', status: 'succeeded' })
  })

  it('holds a run that is started late, as its Worker died before', async () => {
    const { tenant, start, deleted } = await bench({ delete: 'ask' })
    const { data } = await start()
    const stranded = `${data.id}_stranded`
    await testEnv.DB.prepare(
      `insert into runs (id, workspace_id, workflow_id, workflow_version, name, "trigger", status, input, created_by, created_at)
       select ?, workspace_id, workflow_id, workflow_version, name, "trigger", 'running', input, created_by, '2020' from runs where id = ?`,
    )
      .bind(stranded, data.id)
      .run()
    await startStrandedRuns(tenant.ctx)
    const late = () => tenant.call('GET', `/api/executions/${stranded}`)
    await expect.poll(async () => asking(await late())).toHaveLength(1)
    expect(await deleted()).toBe(0)
  })

  it('is for administrators to change, and binds who tries an operation', async () => {
    const { tenant } = await bench({ delete: 'second_person' })
    const key = await keyFor(tenant, ['read', 'write', 'execute'])
    const weaker = await tenant.call('PATCH', `/api/apis/${tenant.apiId}`, { policy: {} }, { 'x-api-key': key })
    expect(weaker.status).toBe(403)
    const { data } = await tenant.call('GET', `/api/apis/${tenant.apiId}/endpoints?query=delete+customer`)
    const { id } = data.find(({ method }: { method: string }) => method === 'DELETE')
    const path = `/api/apis/${tenant.apiId}/endpoints/${id}/try`
    const tried = await tenant.call('POST', path, { parameters: { customerId: 'cus_1012' } })
    expect([tried.status, tried.body.code]).toEqual([403, 'SECOND_PERSON_REQUIRED'])
  })
})

describe('an operation', () => {
  const policy = { write: 'run', delete: 'second_person', pay: 'ask' } as const
  it.each([
    ['GET', 'read', 'run'],
    ['POST', 'read', 'run'],
    ['POST', 'create', 'run'],
    ['POST', 'pay', 'ask'],
    ['POST', 'delete', 'second_person'],
    ['DELETE', 'read', 'second_person'],
  ] as const)('%s with the effect %s needs %s', (method, effect, permission) => {
    expect(permissionFor(policy, { method, effect })).toBe(permission)
    expect(permissionFor(null, { method, effect })).toBe('run')
  })
})

describe('approvals in a definition', () => {
  const target = (effect: string) => ({
    endpoint: { effect },
    upstream: { policy: { write: 'ask', delete: 'second_person', pay: 'run' } },
  })
  const targets = {
    'a GET /x': target('read'),
    'a POST /x': target('create'),
    'a DELETE /x': target('delete'),
  } as unknown as Targets
  const { step } = fc.letrec<{ step: Step; list: Step[] }>((tie) => ({
    step: fc.oneof(
      { depthSize: 'small' },
      fc
        .record({ operation: fc.constantFrom('GET /x', 'POST /x', 'DELETE /x') })
        .map(({ operation }): Step => ({ id: 'x', type: 'api_call', api: 'a', operation })),
      tie('list').map((steps): Step => ({
        id: 'x',
        type: 'loop',
        items: [],
        as: 'i',
        concurrency: 1,
        maxIterations: 5,
        steps,
      })),
      // oxlint-disable-next-line unicorn/no-thenable -- the field's name in a definition
      fc
        .tuple(tie('list'), tie('list'))
        .map(([then, other]): Step => ({ id: 'x', type: 'condition', if: true, then, else: other })),
      fc
        .tuple(tie('list'), tie('list'))
        .map(([left, right]): Step => ({ id: 'x', type: 'parallel', branches: [left, right] })),
    ),
    list: fc.array(tie('step'), { minLength: 1, maxLength: 3 }),
  }))

  /** Whether every call that is held has an approval of its strength right before it, or before a loop around it. */
  function isHeld(steps: readonly Step[], covered: 'none' | 'anybody' | 'another', confirmed: boolean): boolean {
    return steps.every((one, index) => {
      const before = steps[index - 1]
      const own = before?.type !== 'approval' ? 'none' : before.secondPerson ? 'another' : 'anybody'
      const cover = covered === 'another' || own === 'another' ? 'another' : own === 'none' ? covered : own
      switch (one.type) {
        case 'api_call':
          if (one.operation.startsWith('DELETE')) return cover === 'another'
          return one.operation.startsWith('GET') || confirmed || cover !== 'none'
        case 'loop':
          return isHeld(one.steps, cover, confirmed)
        case 'condition':
          return isHeld(one.then, covered, confirmed) && isHeld(one.else ?? [], covered, confirmed)
        case 'parallel':
          return one.branches.every((branch) => isHeld(branch, covered, confirmed))
        default:
          return true
      }
    })
  }

  it('stand before every call that a policy holds', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), fc.boolean(), (steps, confirmed) => {
        expect(isHeld(withApprovals({ steps }, targets, confirmed).steps, 'none', confirmed)).toBe(true)
      }),
    )
  })

  it('are jumped to in place of the call', () => {
    const steps: Step[] = [
      { id: 'first', type: 'api_call', api: 'a', operation: 'GET /x', onError: { goto: 'gone' } },
      { id: 'gone', type: 'api_call', api: 'a', operation: 'DELETE /x' },
    ]
    expect(withApprovals({ steps }, targets, false).steps[0]).toMatchObject({ onError: { goto: 'approve_gone' } })
  })
})
