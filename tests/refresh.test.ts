import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test'
import { expect, it, vi } from 'vitest'
import { runSchedule } from '../src/schedule.ts'
import { newTenant, testEnv, type Tenant } from './helpers.ts'

const operation = (summary: string, more: object = {}) => ({
  summary,
  responses: { 200: { description: 'Done', content: { 'application/json': { schema: { type: 'object' } } } } },
  ...more,
})
const limit = (required: boolean) => ({
  parameters: [{ name: 'limit', in: 'query', required, schema: { type: 'integer' } }],
})

function document(paths: Record<string, unknown>) {
  return { openapi: '3.1.0', info: { title: 'Library', version: '1' }, servers: [{ url: testEnv.UPSTREAMS }], paths }
}

async function connect(tenant: Tenant, paths: Record<string, unknown>) {
  const url = `${testEnv.UPSTREAMS}/documents/${crypto.randomUUID()}`
  const publish = (next: Record<string, unknown>) => fetch(url, { method: 'PUT', body: JSON.stringify(document(next)) })
  await publish(paths)
  const { data } = await tenant.call('POST', '/api/apis', { specUrl: url })
  const refresh = () => tenant.call('POST', `/api/apis/${data.id}/refresh`, {})
  return { id: data.id as string, slug: data.slug as string, publish, refresh }
}

const endpoints = async (tenant: Tenant, id: string) =>
  (await tenant.call('GET', `/api/apis/${id}/endpoints?limit=100`)).data as {
    id: string
    method: string
    path: string
    effect: string
  }[]

it('says what a new version changed, grades it, and keeps the ids of what is still there', async () => {
  const tenant = await newTenant()
  const books = { get: operation('List books', limit(false)), post: operation('Add a book') }
  const api = await connect(tenant, { '/books': books, '/loans': { get: operation('List loans') } })
  const before = await endpoints(tenant, api.id)
  await api.publish({
    '/books': { ...books, get: operation('List books', limit(true)) },
    '/readers': { get: operation('List readers') },
  })
  const { status, data } = await api.refresh()
  expect(status).toBe(200)
  expect(data).toMatchObject({ breaking: true, warning: null, connection: { version: 2, endpointCount: 3 } })
  const graded = data.changes.map(
    (change: Record<string, unknown>) => `${change['kind']} ${change['operation']} ${change['breaking']}`,
  )
  expect(graded.toSorted()).toEqual(['added GET /readers false', 'changed GET /books true', 'removed GET /loans true'])
  const after = await endpoints(tenant, api.id)
  const idOf = (list: typeof before, method: string) =>
    list.find((one) => one.path === '/books' && one.method === method)?.id
  expect([idOf(after, 'GET'), idOf(after, 'POST')]).toEqual([idOf(before, 'GET'), idOf(before, 'POST')])
  expect((await tenant.call('GET', '/api/catalog/search?q=loans')).data).toEqual([])
  expect((await tenant.call('GET', '/api/catalog/search?q=readers')).data).toHaveLength(1)
  const versions = await tenant.call('GET', `/api/apis/${api.id}/versions`)
  expect(versions.data.map((one: Record<string, unknown>) => [one['number'], one['breaking']])).toEqual([
    [2, true],
    [1, false],
  ])
})

it('stores no version when nothing changed', async () => {
  const tenant = await newTenant()
  const api = await connect(tenant, { '/books': { get: operation('List books') } })
  expect((await api.refresh()).data).toMatchObject({ changes: [], breaking: false, connection: { version: 1 } })
})

it('leaves everything as it was when the new document cannot be used', async () => {
  const tenant = await newTenant()
  const api = await connect(tenant, { '/books': { get: operation('List books') } })
  await api.publish({})
  expect((await api.refresh()).body.code).toBe('SPEC_INVALID')
  expect((await tenant.call('GET', `/api/apis/${api.id}`)).data).toMatchObject({
    version: 1,
    endpointCount: 1,
    status: 'ACTIVE',
  })
})

it('takes a new document where the first came without a URL', async () => {
  const tenant = await newTenant()
  const { data } = await tenant.call('POST', '/api/apis', { spec: document({ '/a': { get: operation('A') } }) })
  expect((await tenant.call('POST', `/api/apis/${data.id}/refresh`, {})).body.errors[0].path).toBe('/spec')
  const next = document({ '/a': { get: operation('A') }, '/b': { get: operation('B') } })
  const refreshed = await tenant.call('POST', `/api/apis/${data.id}/refresh`, { spec: next })
  expect(refreshed.data).toMatchObject({ breaking: false, connection: { version: 2, endpointCount: 2 } })
})

it('names the workflows that use a changed operation, and every night finds out by itself', async () => {
  const tenant = await newTenant()
  const api = await connect(tenant, { '/books': { get: operation('List books', limit(false)) } })
  const steps = [{ id: 'books', type: 'api_call', api: api.slug, operation: 'GET /books' }]
  const workflow = await tenant.call('POST', '/api/workflows', { definition: { name: 'All books', steps } })
  expect(workflow.status).toBe(201)
  await api.publish({ '/books': { get: operation('List books', limit(true)) } })
  const execution = createExecutionContext()
  await runSchedule(createScheduledController({ cron: '17 3 * * *' }), testEnv, execution)
  await waitOnExecutionContext(execution)
  const [newest] = await vi.waitUntil(
    async () => {
      const { data } = await tenant.call('GET', `/api/apis/${api.id}/versions`)
      return data[0].affectedWorkflows.length > 0 ? data : undefined
    },
    { timeout: 10_000 },
  )
  expect(newest.affectedWorkflows).toMatchObject([
    { workflowId: workflow.data.id, name: 'All books', operation: 'GET /books', breaking: true },
  ])
  const notices = await tenant.call('GET', '/api/notices')
  expect(notices.data).toMatchObject([{ kind: 'api_changed', resource: api.id }])
  expect((await tenant.call('POST', `/api/notices/${notices.data[0].id}/read`)).status).toBe(200)
  expect((await tenant.call('GET', '/api/notices')).data[0].readAt).not.toBeNull()
})

it('another workspace can neither refresh nor read versions', async () => {
  const [mine, other] = await Promise.all([newTenant(), newTenant()])
  const api = await connect(mine, { '/books': { get: operation('List books') } })
  expect((await other.call('POST', `/api/apis/${api.id}/refresh`, {})).status).toBe(404)
  expect((await other.call('GET', `/api/apis/${api.id}/versions`)).status).toBe(404)
})

it('does not send the credential to a host that only a later version of the document names', async () => {
  const tenant = await newTenant()
  const api = await connect(tenant, { '/broken/echo': { get: operation('Echo') } })
  const servers = [{ url: testEnv.UPSTREAMS.replace('127.0.0.1', 'localhost') }]
  await api.publish({ '/broken/echo': { get: { ...operation('Echo'), servers } } })
  expect((await api.refresh()).data.breaking).toBe(true)
  const [echo] = await endpoints(tenant, api.id)
  const tried = await tenant.call('POST', `/api/apis/${api.id}/endpoints/${echo?.id}/try`, {})
  expect([tried.status, tried.body.code]).toEqual([422, 'ADDRESS_REFUSED'])
})
