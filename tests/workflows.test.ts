import { describe, expect, it } from 'vitest'
import { keyFor, newTenant, send, type Tenant } from './helpers.ts'

const definition = (value: unknown, name = 'Sum') => ({ name, steps: [{ id: 'sum', type: 'transform', value }] })

async function stored(tenant: Tenant, value: unknown = 1, more: object = {}) {
  const { data } = await tenant.call('POST', '/api/workflows', { definition: definition(value), ...more })
  return data.id as string
}

describe('versions of a workflow', () => {
  it('follow each other, never change, and an earlier one comes back as the newest', async () => {
    const tenant = await newTenant()
    const id = await stored(tenant)
    const changed = await tenant.call('PATCH', `/api/workflows/${id}`, { definition: definition(2, 'Total') })
    expect(changed.data).toMatchObject({ version: 2, name: 'Total', definition: definition(2, 'Total') })
    const back = await tenant.call('POST', `/api/workflows/${id}/rollback`, { version: 1 })
    expect(back.data).toMatchObject({ version: 3, name: 'Sum', definition: definition(1) })
    const { data } = await tenant.call('GET', `/api/workflows/${id}/versions`)
    const shown = data.map((one: { version: number; definition: ReturnType<typeof definition> }) => [
      one.version,
      one.definition.steps[0]?.value,
    ])
    expect(shown).toEqual([
      [3, 1],
      [2, 2],
      [1, 1],
    ])
    expect((await tenant.call('POST', `/api/workflows/${id}/rollback`, { version: 9 })).status).toBe(404)
  })

  it('an execution keeps the one it began with', async () => {
    const tenant = await newTenant()
    const id = await stored(tenant)
    const before = await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, {})
    await tenant.call('PATCH', `/api/workflows/${id}`, { definition: definition(2) })
    const after = await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, {})
    expect([before.data.output, before.data.workflowVersion]).toEqual([1, 1])
    expect([after.data.output, after.data.workflowVersion]).toEqual([2, 2])
  })

  it('edited by two people at once: the second is told', async () => {
    const tenant = await newTenant()
    const id = await stored(tenant)
    const edit = (value: number) =>
      tenant.call('PATCH', `/api/workflows/${id}`, { definition: definition(value), baseVersion: 1 })
    const statuses = (await Promise.all([edit(2), edit(3)])).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([200, 409])
    expect((await tenant.call('GET', `/api/workflows/${id}`)).data.version).toBe(2)
  })

  it('that cannot run are refused and change nothing', async () => {
    const tenant = await newTenant()
    const id = await stored(tenant)
    const reply = await tenant.call('PATCH', `/api/workflows/${id}`, { definition: definition('{{ steps.none }}') })
    expect([reply.status, reply.body.code]).toEqual([422, 'INVALID_WORKFLOW'])
    expect((await tenant.call('GET', `/api/workflows/${id}`)).data.version).toBe(1)
  })
})

describe('many workflows', () => {
  it('are found by a part of their name and by tag', async () => {
    const tenant = await newTenant()
    const [first, second] = [await stored(tenant, 1, { tags: ['money', 'money'] }), await stored(tenant, 2)]
    await tenant.call('PATCH', `/api/workflows/${second}`, {
      definition: definition(2, 'Late orders'),
      tags: ['daily'],
    })
    const find = async (query: string) =>
      (await tenant.call('GET', `/api/workflows?${query}`)).data.map((one: { id: string }) => one.id)
    expect(await find('q=LATE')).toEqual([second])
    expect(await find('tag=money')).toEqual([first])
    expect(await find('q=%25')).toEqual([])
    expect((await tenant.call('GET', `/api/workflows/${first}`)).data.tags).toEqual(['money'])
  })

  it('are copied with a name of their own', async () => {
    const tenant = await newTenant()
    const id = await stored(tenant, 5, { tags: ['a'] })
    const copy = await tenant.call('POST', `/api/workflows/${id}/duplicate`, {})
    expect(copy.status).toBe(201)
    expect(copy.data).toMatchObject({ name: 'Sum (copy)', version: 1, tags: ['a'] })
    expect(copy.data.id).not.toBe(id)
  })

  it('belong to their workspace, and a key that may only read changes none', async () => {
    const [mine, other] = await Promise.all([newTenant(), newTenant()])
    const id = await stored(mine)
    for (const [method, path] of [
      ['PATCH', ''],
      ['POST', '/rollback'],
      ['POST', '/duplicate'],
    ] as const)
      expect((await other.call(method, `/api/workflows/${id}${path}`, { tags: [], version: 1 })).status).not.toBe(200)
    expect((await other.call('GET', `/api/workflows/${id}/versions`)).status).toBe(404)
    const headers = { 'x-api-key': await keyFor(mine, ['read']), 'content-type': 'application/json' }
    expect((await send(`/api/workflows/${id}`, { method: 'PATCH', headers, body: '{"tags":[]}' })).status).toBe(403)
  })
})
