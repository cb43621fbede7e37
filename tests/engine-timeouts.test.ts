import { describe, expect, it } from 'vitest'
import { ledgerOf, tenantWithStore, type Reply } from './helpers.ts'

type WithStore = Awaited<ReturnType<typeof tenantWithStore>>

/** The first new customer takes a minute. */
const slowOnce = (tenant: WithStore) =>
  fetch(`${tenant.store.url}/__faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ method: 'POST', pathPrefix: '/customers', delayMs: 60_000, times: 1 }),
  })

const create = (id: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'POST /customers',
  body: { name: id, email: `${id}.new@example.com` },
  ...more,
})
const set = (id: string, value: unknown) => ({ id, type: 'transform', value })
const each = (more: object, ...steps: object[]) => ({ id: 'each', type: 'loop', items: [1], steps, ...more })

async function run(tenant: WithStore, steps: object[]): Promise<Reply['data']> {
  const created = await tenant.call('POST', '/api/workflows', { definition: { name: 'Test', steps } })
  if (created.status !== 201) throw new Error(JSON.stringify(created.body))
  return (await tenant.call('POST', `/api/workflows/${created.data.id}/execute?wait=20`, {})).data
}

describe('a step whose time is up', () => {
  it('fails with the call in it broken off, and the execution goes on without', async () => {
    const tenant = await tenantWithStore()
    expect((await slowOnce(tenant)).status).toBe(200)
    const limited = each({ timeoutMs: 500, onError: 'continue' }, create('ada'))
    const data = await run(tenant, [limited, set('said', '{{ steps.each.error.code }}')])
    expect(data).toMatchObject({ status: 'succeeded', output: 'STEP_TIMEOUT' })
    const events = (await tenant.call('GET', `/api/executions/${data.id}/log`)).data
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'step.failed', step: 'each', aborted: ['each[0].ada'] }),
    )
  })

  it('is taken up again where it may be, the call under the key that it had', async () => {
    const tenant = await tenantWithStore()
    await slowOnce(tenant)
    const retry = { maxAttempts: 2, backoff: 'constant', delayMs: 50 }
    const data = await run(tenant, [each({ timeoutMs: 1000, retry }, create('ada'), create('grace'))])
    expect(data).toMatchObject({ status: 'succeeded' })
    const keys = (await ledgerOf(tenant.store)).map(({ idempotencyKey }) => idempotencyKey)
    expect(keys).toEqual([`${data.id}:each[0].ada`, `${data.id}:each[0].grace`])
  })

  it('is a delay, too', async () => {
    const tenant = await tenantWithStore()
    const data = await run(tenant, [{ id: 'nap', type: 'delay', durationMs: 3_600_000, timeoutMs: 200 }])
    expect(data).toMatchObject({ status: 'failed', error: { step: 'nap' } })
    expect(data.steps[0].error.code).toBe('STEP_TIMEOUT')
  })
})
