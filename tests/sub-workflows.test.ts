import { evictDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { ledgerOf, newTenant, tenantWithStore, testEnv, type Reply, type Tenant } from './helpers.ts'

const set = (id: string, value: unknown, more: object = {}) => ({ id, type: 'transform', value, ...more })
const call = (id: string, workflowId: string, more: object = {}) => ({ id, type: 'workflow', workflowId, ...more })
const customer = {
  name: 'New customer',
  inputs: {
    type: 'object',
    properties: { name: { type: 'string' }, mail: { type: 'string', default: 'nobody@example.com' } },
    required: ['name'],
  },
  steps: [
    {
      id: 'create',
      type: 'api_call',
      api: 'store',
      operation: 'POST /customers',
      body: { name: '{{ input.name }}', email: '{{ input.mail }}' },
    },
  ],
  output: { id: '{{ steps.create.body.id }}', by: '{{ run.id }}' },
}

async function store(tenant: Tenant, definition: object): Promise<string> {
  const reply = await tenant.call('POST', '/api/workflows', { definition })
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
  return reply.data.id
}

const create = (tenant: Tenant, ...steps: object[]) =>
  tenant.call('POST', '/api/workflows', { definition: { name: 'Parent', steps } })
const execute = (tenant: Tenant, id: string, input = {}) =>
  tenant.call('POST', `/api/workflows/${id}/execute?wait=15`, { input })
const errorsOf = (reply: Reply) =>
  reply.body.errors.map(({ path, code }: { path: string; code: string }) => `${code} ${path}`)

describe('a workflow that calls another', () => {
  it('has it carried out within its own execution, with an input of its own', async () => {
    const tenant = await tenantWithStore()
    const child = await store(tenant, customer)
    const parent = await store(tenant, {
      name: 'Two customers',
      steps: [
        set('create', ['Ada', 'Grace']),
        {
          id: 'each',
          type: 'loop',
          items: '{{ steps.create }}',
          steps: [call('new', child, { input: { name: '{{ item }}', mail: 'c{{ index }}@example.com' } })],
        },
      ],
    })
    const { data } = await execute(tenant, parent)
    expect(data).toMatchObject({ status: 'succeeded' })
    expect(data.output.map(({ by }: { by: string }) => by)).toEqual([data.id, data.id])
    const keys = (await ledgerOf(tenant.store)).map(({ idempotencyKey }) => idempotencyKey)
    expect(keys).toEqual([`${data.id}:each[0].new.create`, `${data.id}:each[1].new.create`])
    expect((await tenant.call('GET', '/api/executions')).data).toHaveLength(1)
  })

  it('keeps calling the version that was current when it was stored', async () => {
    const tenant = await newTenant()
    const child = await store(tenant, { name: 'Child', steps: [set('n', 1)] })
    const parent = await store(tenant, { name: 'Parent', steps: [call('run', child)] })
    await tenant.call('PATCH', `/api/workflows/${child}`, { definition: { name: 'Child', steps: [set('n', 2)] } })
    expect((await execute(tenant, parent)).data.output).toBe(1)
    const { data } = await tenant.call('GET', `/api/workflows/${parent}`)
    expect(data.definition.steps).toEqual([call('run', child, { version: 1 })])
    const newer = await store(tenant, { name: 'Parent', steps: [call('run', child)] })
    expect((await execute(tenant, newer)).data.output).toBe(2)
  })

  it('goes on within it after its object died, and shows how far it is', async () => {
    const tenant = await newTenant()
    const ask = { id: 'ask', type: 'approval', message: 'Go on, {{ input.who }}?' }
    const inputs = { type: 'object', properties: { who: { type: 'string' } } }
    const child = await store(tenant, {
      name: 'Child',
      inputs,
      steps: [set('first', 1), ask, set('last', '{{ input.who }}')],
    })
    const parent = await store(tenant, { name: 'Parent', steps: [call('run', child, { input: { who: 'Ada' } })] })
    const begun = await tenant.call('POST', `/api/workflows/${parent}/execute`, {})
    const { id } = begun.data
    const asked = await vi.waitUntil(
      async () => {
        const { data } = await tenant.call('GET', `/api/executions/${id}`)
        return data.steps.find((step: { status: string }) => step.status === 'asking') && data
      },
      { timeout: 10_000 },
    )
    expect(asked.steps.map(({ id, status }: { id: string; status: string }) => `${id} ${status}`)).toEqual([
      'run open',
      'run.first succeeded',
      'run.ask asking',
      'run.last pending',
    ])
    await evictDurableObject(testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(id)))
    const decided = await tenant.call('POST', `/api/executions/${id}/decide`, { step: 'run.ask', verdict: 'approve' })
    expect(decided.status).toBe(200)
    const ended = await vi.waitUntil(
      async () => {
        const { data } = await tenant.call('GET', `/api/executions/${id}`)
        return data.status === 'succeeded' && data
      },
      { timeout: 10_000 },
    )
    expect(ended.output).toBe('Ada')
  })

  it('is rehearsed through it', async () => {
    const tenant = await tenantWithStore()
    const child = await store(tenant, customer)
    const definition = { name: 'Try', steps: [call('new', child, { input: { name: 'Ada' } })] }
    const { data } = await tenant.call('POST', '/api/rehearsals', { definition })
    expect(data.steps).toMatchObject([{ step: 'new.create', request: { method: 'POST' } }])
    expect(JSON.parse(data.steps[0].request.body)).toEqual({ name: 'Ada', email: 'nobody@example.com' })
    expect(await ledgerOf(tenant.store)).toEqual([])
  })
})

describe('a call of a workflow that cannot be', () => {
  it('is refused where there is no such workflow or version, also where it is another workspace’s', async () => {
    const [tenant, other] = await Promise.all([newTenant(), newTenant()])
    const [own, foreign] = await Promise.all([
      store(tenant, { name: 'Own', steps: [set('n', 1)] }),
      store(other, { name: 'Foreign', steps: [set('n', 1)] }),
    ])
    for (const step of [call('run', 'wfl_gone'), call('run', foreign), call('run', own, { version: 2 })]) {
      const reply = await create(tenant, set('x', 1), step)
      expect([reply.status, errorsOf(reply)]).toEqual([422, ['unknown_workflow /steps/1/workflowId']])
    }
  })

  it('is refused where it would come to call itself', async () => {
    const tenant = await newTenant()
    const first = await store(tenant, { name: 'First', steps: [set('n', 1)] })
    const second = await store(tenant, { name: 'Second', steps: [call('run', first)] })
    const definition = { name: 'First', steps: [call('back', second)] }
    const reply = await tenant.call('PATCH', `/api/workflows/${first}`, { definition })
    expect(errorsOf(reply)).toEqual(['workflow_cycle /steps/0/workflowId'])
    expect(reply.body.detail).toContain(`${first} → ${second} → ${first}`)
    const { data } = await tenant.call('POST', '/api/workflows/validate', { definition, workflowId: first })
    expect(data).toMatchObject({ valid: false, counts: { wrong: 1 } })
  })

  it('is refused where its input does not fit, or what it calls can no longer run', async () => {
    const tenant = await tenantWithStore()
    const child = await store(tenant, customer)
    const wrong = await create(tenant, call('new', child, { input: { nmae: 'Ada', mail: 5 } }))
    expect(errorsOf(wrong)).toEqual([
      'missing_input /steps/0/input/name',
      'unknown_input /steps/0/input/nmae',
      'type /steps/0/input/mail',
    ])
    const beyond = [call('new', child, { input: { name: 'Ada' } }), set('x', '{{ steps.new.number }}')]
    expect(errorsOf(await create(tenant, ...beyond))).toEqual(['output_path /steps/1/value'])
    const parent = await store(tenant, { name: 'Parent', steps: beyond.slice(0, 1) })
    await tenant.call('DELETE', `/api/apis/${tenant.apiId}`)
    expect(errorsOf(await execute(tenant, parent))).toEqual(['broken_workflow /steps/0/workflowId'])
  })
})

describe('a definition that is only validated', () => {
  it('is told what is proved, wrong and unproven, and is not stored', async () => {
    const tenant = await tenantWithStore()
    const orders = { id: 'orders', type: 'api_call', api: 'store', operation: 'GET /orders', parameters: { limit: 5 } }
    const definition = { name: 'Late', steps: [orders, set('n', '{{ steps.orders.body.total + steps.gone }}')] }
    const { status, data } = await tenant.call('POST', '/api/workflows/validate', { definition })
    expect(status).toBe(200)
    expect(data).toMatchObject({ valid: false, counts: { proved: 3, wrong: 1, unproven: 0 } })
    expect(data.findings).toContainEqual(
      expect.objectContaining({ path: '/steps/0/parameters/limit', code: 'type', verdict: 'proved' }),
    )
    expect((await tenant.call('GET', '/api/workflows')).data).toEqual([])
  })
})
