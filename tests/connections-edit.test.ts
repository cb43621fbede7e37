import { describe, expect, it } from 'vitest'
import { keyFor, newTenant, send, tenantWithStore, testEnv } from './helpers.ts'

describe('changing an API', () => {
  it('renames it; another credential works from then on', async () => {
    const { call, apiId, store } = await tenantWithStore()
    const wrong = await call('PATCH', `/api/apis/${apiId}`, {
      name: 'Shop',
      auth: { type: 'apiKey', value: 'wrong-key' },
    })
    expect(wrong.data).toMatchObject({ name: 'Shop', slug: 'store' })
    expect((await call('POST', `/api/apis/${apiId}/test`)).data.authentication).toBe('refused')
    await call('PATCH', `/api/apis/${apiId}`, { auth: { type: 'apiKey', value: store.apiKey } })
    expect((await call('POST', `/api/apis/${apiId}/test`)).data.authentication).toBe('accepted')
  })

  it('an inactive one is neither found, planned with nor called, until it is active again', async () => {
    const { call, apiId } = await tenantWithStore()
    const definition = {
      name: 'Orders',
      steps: [{ id: 'orders', type: 'api_call', api: 'store', operation: 'GET /orders' }],
    }
    const workflow = await call('POST', '/api/workflows', { definition })
    expect((await call('PATCH', `/api/apis/${apiId}`, { status: 'INACTIVE' })).data.status).toBe('INACTIVE')
    expect((await call('GET', '/api/catalog/search?q=orders')).data).toEqual([])
    expect((await call('POST', `/api/workflows/${workflow.data.id}/execute`, {})).body.code).toBe('INVALID_WORKFLOW')
    await call('PATCH', `/api/apis/${apiId}`, { status: 'ACTIVE' })
    expect((await call('GET', '/api/catalog/search?q=orders')).data.length).toBeGreaterThan(0)
    expect((await call('POST', `/api/workflows/${workflow.data.id}/execute?wait=10`, {})).data.status).toBe('succeeded')
  })

  it('a stored credential is not sent to another origin: the change needs one anew', async () => {
    const { call, apiId } = await tenantWithStore()
    const reply = await call('PATCH', `/api/apis/${apiId}`, { baseUrl: 'https://elsewhere.example.com' })
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, '/auth'])
    expect(
      (await call('PATCH', `/api/apis/${apiId}`, { baseUrl: `${testEnv.UPSTREAMS}/x`, auth: { type: 'none' } })).status,
    ).toBe(200)
  })

  it('refuses what it does not know, who may not write, and who does not own it', async () => {
    const tenant = await tenantWithStore()
    expect((await tenant.call('PATCH', `/api/apis/${tenant.apiId}`, { slug: 'other' })).status).toBe(422)
    const headers = { 'x-api-key': await keyFor(tenant, ['read']), 'content-type': 'application/json' }
    const body = JSON.stringify({ name: 'Mine' })
    expect((await send(`/api/apis/${tenant.apiId}`, { method: 'PATCH', headers, body })).status).toBe(403)
    const other = await newTenant()
    expect((await other.call('PATCH', `/api/apis/${tenant.apiId}`, { name: 'Mine' })).status).toBe(404)
  })
})

describe('the effect of an operation', () => {
  it('is corrected by hand, and a new version of the document leaves it', async () => {
    const { call } = await newTenant()
    const paths = { '/reports': { post: { summary: 'Compute a report', responses: {} } } }
    const document = {
      openapi: '3.1.0',
      info: { title: 'Reports', version: '1' },
      servers: [{ url: testEnv.UPSTREAMS }],
      paths,
    }
    const { data: api } = await call('POST', '/api/apis', { spec: document })
    const [before] = (await call('GET', `/api/apis/${api.id}/endpoints`)).data
    expect(before.effect).toBe('create')
    const edited = await call('PATCH', `/api/apis/${api.id}/endpoints/${before.id}`, { effect: 'read' })
    expect(edited.data).toMatchObject({ id: before.id, effect: 'read' })
    const next = {
      ...document,
      paths: { '/reports': { post: { summary: 'Compute another', deprecated: true, responses: {} } } },
    }
    await call('POST', `/api/apis/${api.id}/refresh`, { spec: next })
    const [after] = (await call('GET', `/api/apis/${api.id}/endpoints`)).data
    expect(after).toMatchObject({ id: before.id, effect: 'read', summary: 'Compute another' })
    expect((await call('PATCH', `/api/apis/${api.id}/endpoints/${before.id}`, { effect: 'none' })).status).toBe(422)
    expect((await call('PATCH', `/api/apis/${api.id}/endpoints/end_nothing`, { effect: 'pay' })).status).toBe(404)
  })
})

describe('an API without a document', () => {
  const endpoint = (path: string, summary: string) => ({ method: 'GET', path, summary })

  it('is connected by its operations, can be called, grows and shrinks', async () => {
    const { call } = await newTenant()
    const endpoints = [
      endpoint('/broken/echo', 'Echo the headers'),
      endpoint('/broken/status/{code}', 'Answer with a status'),
    ]
    const connected = await call('POST', '/api/apis', { name: 'By hand', baseUrl: testEnv.UPSTREAMS, endpoints })
    expect(connected.status).toBe(201)
    const { id } = connected.data
    const added = await call('POST', `/api/apis/${id}/endpoints`, endpoint('/broken/minimal', 'A small document'))
    expect(added.status).toBe(201)
    const tried = await call('POST', `/api/apis/${id}/endpoints/${added.data.id}/try`, {})
    expect(tried.data.response).toMatchObject({ status: 200, body: { info: { title: 'Small' } } })
    expect((await call('POST', `/api/apis/${id}/endpoints`, endpoint('/broken/minimal', 'Again'))).status).toBe(409)
    expect((await call('DELETE', `/api/apis/${id}/endpoints/${added.data.id}`)).status).toBe(200)
    expect((await call('GET', `/api/apis/${id}`)).data.endpointCount).toBe(2)
    expect((await call('GET', '/api/catalog/search?q=small%20document')).data).toEqual([])
  })

  it('needs a name and a base URL, and operations that differ', async () => {
    const { call } = await newTenant()
    const one = endpoint('/a', 'A')
    expect((await call('POST', '/api/apis', { endpoints: [one] })).status).toBe(422)
    const twice = await call('POST', '/api/apis', { name: 'x', baseUrl: testEnv.UPSTREAMS, endpoints: [one, one] })
    expect([twice.status, twice.body.errors[0].path]).toEqual([422, '/endpoints/1/method'])
  })

  it('an operation of a document stays when a hand-written one goes', async () => {
    const { call, apiId } = await tenantWithStore()
    const [first] = (await call('GET', `/api/apis/${apiId}/endpoints`)).data
    expect((await call('DELETE', `/api/apis/${apiId}/endpoints/${first.id}`)).status).toBe(409)
  })
})
