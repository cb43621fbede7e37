import { describe, expect, it } from 'vitest'
import { ledgerOf, newTenant, tenantWithStore, testEnv } from './helpers.ts'

async function endpointId(tenant: Awaited<ReturnType<typeof tenantWithStore>>, operationId: string): Promise<string> {
  const { data } = await tenant.call('GET', `/api/apis/${tenant.apiId}/endpoints?limit=100`)
  return data.find((endpoint: { operationId: string }) => endpoint.operationId === operationId).id
}

describe('the catalogue', () => {
  it('is searched over all connected APIs, those operations first that have every word', async () => {
    const tenant = await tenantWithStore()
    await tenant.call('POST', '/api/apis', {
      spec: {
        openapi: '3.1.0',
        info: { title: 'Mail', version: '1' },
        servers: [{ url: 'https://mail.example.com' }],
        paths: {
          '/notices': {
            post: { operationId: 'sendRefundNotice', tags: ['notices'], deprecated: true, responses: {} },
          },
        },
      },
    })
    const search = async (query: string) =>
      (await tenant.call('GET', `/api/catalog/search?${query}`)).data.map(
        (found: { operationId: string }) => found.operationId,
      )
    expect((await search('q=refund+notice'))[0]).toBe('sendRefundNotice')
    expect(await search('q=refund')).toEqual(expect.arrayContaining(['sendRefundNotice', 'refundOrder', 'listRefunds']))
    expect(await search('q=refund&effect=pay')).toEqual(['refundOrder'])
    expect(await search('q=refund&method=get&limit=2')).toHaveLength(2)
    expect(await search('q=refund&tag=notices')).toEqual(['sendRefundNotice'])
    expect(await search('q=refund&deprecated=false')).not.toContain('sendRefundNotice')
    expect(await search(`q=refund+notice&connectionId=${tenant.apiId}`)).not.toContain('sendRefundNotice')
    expect(await search('q=***')).toEqual([])
  })
})

describe('trying an operation', () => {
  it('sends the request with the stored credential and shows both without it', async () => {
    const tenant = await tenantWithStore()
    const path = `/api/apis/${tenant.apiId}/endpoints/${await endpointId(tenant, 'getOrder')}/try`
    const { status, data } = await tenant.call('POST', path, { parameters: { orderId: 'ord_3013' } })
    expect([status, data.response.status, data.response.body.id]).toEqual([200, 200, 'ord_3013'])
    expect(data.request).toMatchObject({ method: 'GET', url: `${tenant.store.url}/orders/ord_3013`, body: null })
    expect(JSON.stringify(data)).not.toContain(tenant.store.apiKey)
  })

  it('shows the error of the API as it came', async () => {
    const tenant = await tenantWithStore()
    const path = `/api/apis/${tenant.apiId}/endpoints/${await endpointId(tenant, 'getOrder')}/try`
    const { status, data } = await tenant.call('POST', path, { parameters: { orderId: 'ord_9999' } })
    expect([status, data.response.status, data.response.body.title]).toEqual([200, 404, expect.any(String)])
  })

  it.each([
    ['getOrder', {}, '/parameters/orderId'],
    ['listOrders', { parameters: { status: 'lost' } }, '/parameters/status'],
    ['createCustomer', { body: { name: 'Only a name' } }, '/body/email'],
    ['listOrders', { parameters: { nothing: 1 } }, '/parameters/nothing'],
  ])('is refused before anything is sent when %s is given %o', async (operationId, input, path) => {
    const tenant = await tenantWithStore()
    const reply = await tenant.call(
      'POST',
      `/api/apis/${tenant.apiId}/endpoints/${await endpointId(tenant, operationId)}/try`,
      input,
    )
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, path])
    expect(await ledgerOf(tenant.store)).toEqual([])
  })

  it('says so when the API breaks off', async () => {
    const tenant = await tenantWithStore()
    await fetch(`${tenant.store.url}/__faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reset: true }),
    })
    const reply = await tenant.call(
      'POST',
      `/api/apis/${tenant.apiId}/endpoints/${await endpointId(tenant, 'listOrders')}/try`,
      {},
    )
    expect([reply.status, reply.body.code]).toEqual([502, 'UPSTREAM_UNREACHABLE'])
  })

  it('is not there for another workspace, nor through another connection', async () => {
    const [ours, theirs] = [await tenantWithStore(), await tenantWithStore()]
    const id = await endpointId(ours, 'listOrders')
    for (const apiId of [ours.apiId, theirs.apiId])
      expect((await theirs.call('POST', `/api/apis/${apiId}/endpoints/${id}/try`, {})).status).toBe(404)
    expect((await theirs.call('POST', `/api/apis/${ours.apiId}/test`)).status).toBe(404)
  })
})

describe('testing a connection', () => {
  it('finds it reachable and the credential accepted', async () => {
    const tenant = await tenantWithStore()
    const { data } = await tenant.call('POST', `/api/apis/${tenant.apiId}/test`)
    expect(data).toMatchObject({
      reachable: true,
      authentication: 'accepted',
      status: 200,
      operation: expect.stringMatching(/^GET /),
    })
  })

  it('finds a credential that is refused', async () => {
    const { call } = await newTenant()
    const { store } = await tenantWithStore()
    const specUrl = `${store.url}/openapi.json`
    const connected = await call('POST', '/api/apis', { specUrl, auth: { type: 'apiKey', value: 'wrong-key' } })
    // Its shortest path is one that anybody may read; one that needs the key is what tells.
    const { data } = await call('POST', `/api/apis/${connected.data.id}/test`)
    expect(data).toMatchObject({ reachable: true, authentication: 'refused', status: 401 })
  })

  it('finds a host that nobody listens at', async () => {
    const { call } = await newTenant()
    const spec = {
      openapi: '3.1.0',
      info: { title: 'Gone', version: '1' },
      servers: [{ url: 'http://127.0.0.1:1' }],
      paths: { '/things': { get: { responses: {} } } },
    }
    const connected = await call('POST', '/api/apis', { spec })
    const { data } = await call('POST', `/api/apis/${connected.data.id}/test`)
    expect(data).toMatchObject({ reachable: false, authentication: 'unknown', status: null })
  })
})

describe('testing a connection', () => {
  const spec = (url: string, path = '/broken/minimal') => ({
    openapi: '3.1.0',
    info: { title: 'Any', version: '1' },
    servers: [{ url }],
    paths: { [path]: { get: { summary: 'Read', responses: {} } } },
  })
  const tested = async (document: unknown) => {
    const { call } = await newTenant()
    const { data } = await call('POST', '/api/apis', { spec: document })
    return (await call('POST', `/api/apis/${data.id}/test`)).data
  }

  it('tells a certificate that nobody vouches for', async () => {
    const { selfSigned } = await (await fetch(`${testEnv.UPSTREAMS}/urls`)).json<{ selfSigned: string }>()
    expect(await tested(spec(selfSigned))).toMatchObject({ reachable: false, tls: 'failed', authentication: 'unknown' })
  })

  it('knocks at the base URL where every read needs a value', async () => {
    const answer = await tested(spec(`${testEnv.UPSTREAMS}/broken/minimal`, '/things/{id}'))
    expect(answer).toMatchObject({ reachable: true, tls: 'none', operation: null, status: 200 })
  })

  it('calls an operation at the server of its own that the document names', async () => {
    const document = spec('http://127.0.0.1:1')
    const own = {
      '/broken/minimal': { get: { summary: 'Read', servers: [{ url: testEnv.UPSTREAMS }], responses: {} } },
    }
    expect(await tested({ ...document, paths: own })).toMatchObject({ reachable: true, status: 200 })
  })
})
