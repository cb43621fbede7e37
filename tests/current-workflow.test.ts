import { describe, expect, it } from 'vitest'
import { ledgerOf, tenantWithStore, type Reply, type Tenant } from './helpers.ts'

const orders = { id: 'orders', type: 'api_call', api: 'store', operation: 'GET /orders', parameters: { limit: 2 } }
const addCustomer = {
  id: 'add',
  type: 'api_call',
  api: 'store',
  operation: 'POST /customers',
  body: { name: 'Ada', email: '{{ run.id }}@example.com', city: 'Bath' },
}
const say = (value: unknown) => ({ id: 'say', type: 'transform', value })

async function store(tenant: Tenant, steps: object[], more: object = {}): Promise<string> {
  const definition = { name: 'Test', steps, ...more }
  const { status, data, body } = await tenant.call('POST', '/api/workflows', { definition })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return data.id
}

async function edit(tenant: Tenant, id: string, definition: object): Promise<void> {
  const { status, body } = await tenant.call('PATCH', `/api/workflows/${id}`, { definition })
  if (status !== 200) throw new Error(JSON.stringify(body))
}

const execute = (tenant: Tenant, id: string, wait = 20): Promise<Reply> =>
  tenant.call('POST', `/api/workflows/${id}/execute?wait=${wait}`, { input: {} })

// The isolate remembers what it has just run; each of these runs it, changes something, and runs it again at once.
describe('a workflow that was run a moment ago runs as it is now', () => {
  it('edited, where it only reads', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, [orders, say('old')])
    expect((await execute(tenant, id)).data).toMatchObject({ output: 'old', workflowVersion: 1 })
    await edit(tenant, id, { name: 'Test', steps: [orders, say('new')] })
    expect((await execute(tenant, id)).data).toMatchObject({ output: 'new', workflowVersion: 2 })
    expect((await tenant.call('GET', '/api/executions')).data).toHaveLength(2)
  })

  it('edited, where it changes something: nothing is done twice', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, [addCustomer])
    expect((await execute(tenant, id)).data.status).toBe('succeeded')
    await edit(tenant, id, { name: 'Test', steps: [{ ...addCustomer, id: 'again' }] })
    for (const wait of [20, 0]) {
      const { data } = await execute(tenant, id, wait)
      expect(data.workflowVersion).toBe(2)
    }
    const isDone = async () => (await tenant.call('GET', '/api/executions')).data
    await expect
      .poll(async () => (await isDone()).map(({ status }: { status: string }) => status))
      .toEqual(['succeeded', 'succeeded', 'succeeded'])
    const keys = (await ledgerOf(tenant.store)).map(({ idempotencyKey }) => idempotencyKey.split(':')[1])
    expect(keys).toEqual(['add', 'again', 'again'])
  })

  it('with the input that it takes now', async () => {
    const tenant = await tenantWithStore()
    const inputs = { type: 'object', properties: { city: { type: 'string' } } }
    const id = await store(tenant, [orders, say('none')], { inputs })
    expect((await execute(tenant, id)).data.output).toBe('none')
    await edit(tenant, id, {
      name: 'Test',
      steps: [orders, say('{{ input.city }}')],
      inputs: { ...inputs, required: ['city'] },
    })
    expect((await execute(tenant, id)).body.code).toBe('MISSING_INPUT')
    await edit(tenant, id, { name: 'Test', steps: [orders, say('none')], inputs })
    expect((await execute(tenant, id)).data.output).toBe('none')
  })

  it('or not at all when it, or the API that it calls, is gone', async () => {
    const tenant = await tenantWithStore()
    const [kept, gone] = [await store(tenant, [orders]), await store(tenant, [orders])]
    for (const id of [kept, gone]) expect((await execute(tenant, id)).data.status).toBe('succeeded')
    await tenant.call('DELETE', `/api/workflows/${gone}`)
    expect((await execute(tenant, gone)).status).toBe(404)
    const [api] = (await tenant.call('GET', '/api/apis')).data
    await tenant.call('DELETE', `/api/apis/${api.id}`)
    expect((await execute(tenant, kept)).body.code).toBe('INVALID_WORKFLOW')
    expect((await tenant.call('GET', '/api/executions')).data).toHaveLength(2)
  })

  it('within the limits that hold now', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, [orders])
    await execute(tenant, id)
    await tenant.call('PUT', '/api/limits', { maxSteps: 1 })
    await edit(tenant, id, { name: 'Test', steps: [orders, { ...orders, id: 'more' }] })
    expect((await execute(tenant, id)).data).toMatchObject({ status: 'failed' })
    await tenant.call('PUT', '/api/limits', { maxSteps: 2 })
    expect((await execute(tenant, id)).data).toMatchObject({ status: 'succeeded' })
  })
})

it('as many executions are open as may be and no more, however many are asked for at once', async () => {
  const tenant = await tenantWithStore()
  await tenant.call('PUT', '/api/limits', { maxConcurrency: 3 })
  const id = await store(tenant, [{ id: 'ask', type: 'approval', message: 'Go on?' }])
  const replies = await Promise.all(Array.from({ length: 12 }, () => execute(tenant, id, 0)))
  const statuses = replies.map(({ status }) => status).toSorted()
  expect(statuses).toEqual([...Array(3).fill(202), ...Array(9).fill(429)])
  expect((await tenant.call('GET', '/api/limits')).data.open).toBe(3)
})
