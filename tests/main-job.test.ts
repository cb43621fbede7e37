import { expect, it } from 'vitest'
import { ledgerOf, tenantWithStore } from './helpers.ts'

it('connects, plans, confirms and runs a chain that ends in a write', async () => {
  const { call, store } = await tenantWithStore()
  const plan = await call('POST', '/api/chat', { message: "Cancel Ada Lovelace's pending order" })
  expect(plan.data.status).toBe('ready')
  expect(plan.data.steps.map((step: { operation: string }) => step.operation)).toEqual([
    'GET /customers',
    'GET /orders',
    'POST /orders/{orderId}/cancel',
  ])
  const run = await call('POST', '/api/chat/execute?wait=10', { planId: plan.data.id })
  expect(run.status).toBe(202)
  expect(run.data).toMatchObject({ status: 'succeeded', output: { id: 'ord_3030', status: 'cancelled' } })
  expect((await ledgerOf(store)).map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /orders/ord_3030/cancel',
  ])
})
