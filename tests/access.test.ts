import { describe, expect, it } from 'vitest'
import { deadKey, keyWith, personWith, type Credentials } from './access-identities.ts'
import { COLUMNS, table, type Column } from './access-table.ts'
import { operations, requestFor } from './documented.ts'
import { send, tenantWithStore } from './helpers.ts'

/** Who asks. Each asks as somebody new, so that what one does to an account is not felt by the next. */
const identities: Record<Column, () => Promise<Credentials>> = {
  nobody: async () => ({}),
  badKey: async () => ({ 'x-api-key': `apiq_dev_${'a'.repeat(32)}00000000` }),
  expiredKey: () => deadKey('expiresAt'),
  revokedKey: () => deadKey('revokedAt'),
  readKey: () => keyWith(['read']),
  stranger: () => keyWith(['read', 'write', 'execute', 'admin']),
  auditor: () => personWith('auditor', 'USER'),
  user: () => personWith('member', 'USER'),
  admin: () => personWith('owner', 'ADMIN'),
}

// What a stranger asks for is there, in somebody else's workspace.
const ours = await tenantWithStore()
const plan = await ours.call('POST', '/api/chat', { message: 'List customers' })
const run = await ours.call('POST', '/api/chat/execute?wait=10', { planId: plan.data.id })
const [endpoint] = (await ours.call('GET', `/api/apis/${ours.apiId}/endpoints`)).data
const existing: [RegExp, string][] = [
  [/^\/api\/(apis|connections)\/$/, ours.apiId],
  [/\/endpoints\/$/, endpoint.id],
  [/^\/api\/chat\/$/, plan.data.id],
  [/^\/api\/workflows\/$/, run.data.workflowId],
  [/^\/api\/executions\/$/, run.data.id],
]
const existingId = (before: string) => existing.find(([pattern]) => pattern.test(before))?.[1] ?? 'unknown_id'

async function statusFor(column: Column, route: (typeof operations)[number]): Promise<number> {
  const credentials = await identities[column]()
  const ids = column === 'stranger' ? existingId : () => 'unknown_id'
  const { url, headers, ...rest } = requestFor(route, ids)
  return (
    await send(url, { method: route.method, headers: { ...headers, ...credentials }, redirect: 'manual', ...rest })
  ).status
}

it('has a row for every route, and none for a route that is not there', () => {
  expect(Object.keys(table).toSorted()).toEqual(operations.map(({ name }) => name).toSorted())
})

describe.each(operations)('$name', (operation) => {
  it('answers each identity as declared', async () => {
    const statuses: number[] = []
    for (const column of COLUMNS) statuses.push(await statusFor(column, operation))
    expect(statuses.join(' ')).toBe((table[operation.name] ?? []).join(' '))
  })
})
