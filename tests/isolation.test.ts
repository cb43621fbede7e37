import { expect, it } from 'vitest'
import { newTenant, tenantWithStore } from './helpers.ts'

it('gives nothing of one workspace to another', async () => {
  const ours = await tenantWithStore()
  const theirs = await newTenant()
  const plan = await ours.call('POST', '/api/chat', { message: 'List customers' })
  const run = await ours.call('POST', '/api/chat/execute?wait=10', { planId: plan.data.id })
  const { workflowId } = run.data
  const calls: [string, string, unknown?][] = [
    ['GET', `/api/apis/${ours.apiId}`],
    ['GET', `/api/apis/${ours.apiId}/endpoints`],
    ['GET', `/api/apis/${ours.apiId}/endpoints?query=customers`],
    ['DELETE', `/api/apis/${ours.apiId}`],
    ['GET', `/api/chat/${plan.data.id}`],
    ['POST', '/api/chat', { message: 'only the first', chatId: plan.data.chatId }],
    ['POST', '/api/chat/execute', { planId: plan.data.id }],
    ['GET', `/api/workflows/${workflowId}`],
    ['POST', `/api/workflows/${workflowId}/execute`, {}],
    ['DELETE', `/api/workflows/${workflowId}`],
    ['GET', `/api/executions/${run.data.id}`],
    ['GET', `/api/executions/${run.data.id}/events`],
    ['POST', `/api/executions/${run.data.id}/cancel`],
  ]
  for (const [method, path, body] of calls) {
    const reply = await theirs.call(method, path, body)
    expect([method, path, reply.status, reply.body.code]).toEqual([method, path, 404, 'NOT_FOUND'])
  }
  for (const list of ['/api/apis', '/api/workflows', '/api/executions'])
    expect((await theirs.call('GET', list)).data).toEqual([])
  expect((await theirs.call('POST', '/api/chat', { message: 'List customers' })).data).toMatchObject({
    status: 'needs_api',
    nearest: [],
    unconnected: ['customers'],
  })
  expect((await ours.call('GET', `/api/apis/${ours.apiId}`)).status).toBe(200)
})
