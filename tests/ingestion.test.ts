import { createExecutionContext, createScheduledController, waitOnExecutionContext } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { connectApi } from '../src/connections/connect.ts'
import { runSchedule } from '../src/schedule.ts'
import { send, newTenant, testEnv, type Tenant } from './helpers.ts'

type Operation = Record<string, unknown>

/** A document of our own with as many operations as asked for, larger than what is read within a request. */
function largeDocument(operations: number, padding = 2_000_000 / operations) {
  const paths = Object.fromEntries(
    Array.from({ length: operations }, (_, n) => [
      `/things${n}/{id}`,
      {
        get: {
          operationId: `getThing${n}`,
          summary: `One thing of kind ${n}`,
          'x-padding': 'x'.repeat(padding),
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { 200: { description: 'The thing' } },
        } satisfies Operation,
      },
    ]),
  )
  return {
    openapi: '3.1.0',
    info: { title: 'Many things', version: '1' },
    servers: [{ url: testEnv.UPSTREAMS }],
    paths,
  }
}

async function shelve(document: unknown): Promise<string> {
  const url = `${testEnv.UPSTREAMS}/documents/${crypto.randomUUID()}`
  const body = typeof document === 'string' ? document : JSON.stringify(document)
  await fetch(url, { method: 'PUT', body, headers: { 'content-type': 'application/json' } })
  return url
}

/** Reads the events of a document being read until they end. */
async function watch(tenant: Tenant, apiId: string): Promise<{ event: string; data: Record<string, unknown> }[]> {
  const { body } = await tenant.call('GET', `/api/apis/${apiId}/ingestion/events`)
  return String(body)
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)?.[1] ?? '',
      data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null') as Record<string, unknown>,
    }))
}

describe('a large document', () => {
  it('by URL: accepted at once as a draft, read on the queue, watched live, searchable at the end', async () => {
    const tenant = await newTenant()
    const specUrl = await shelve(largeDocument(120))
    const accepted = await tenant.call('POST', '/api/apis', {
      specUrl,
      auth: { type: 'bearer', token: 'a-secret-token' },
    })
    expect(accepted.status).toBe(202)
    expect(accepted.data).toMatchObject({ status: 'DRAFT', endpointCount: 0, ingestion: { status: 'queued' } })
    const events = await watch(tenant, accepted.data.id)
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { operations: 120, indexed: 120, status: 'done' } })
    const { data } = await tenant.call('GET', `/api/apis/${accepted.data.id}`)
    expect(data).toMatchObject({
      status: 'ACTIVE',
      name: 'Many things',
      slug: 'many-things',
      endpointCount: 120,
      version: 1,
      auth: { type: 'bearer' },
      ingestion: { status: 'done', error: null },
    })
    const found = await tenant.call('GET', '/api/catalog/search?q=thing%20kind%2077')
    expect(found.data[0].path).toBe('/things77/{id}')
    expect((await tenant.call('GET', `/api/apis/${accepted.data.id}/ingestion`)).data.status).toBe('done')
  })

  it('pasted: kept until it is read, then forgotten', async () => {
    const tenant = await newTenant()
    const { data, status } = await tenant.call('POST', '/api/apis', { spec: JSON.stringify(largeDocument(60, 20_000)) })
    expect(status).toBe(202)
    expect((await watch(tenant, data.id)).at(-1)?.event).toBe('done')
    const kept = await testEnv.SPEC_CACHE.list({ prefix: `upload:${tenant.ctx.actor.workspaceId}` })
    expect(kept.keys).toEqual([])
  })

  it('that turns out unusable: the problem is on the draft, nothing is searchable, and a repaired one connects', async () => {
    const tenant = await newTenant()
    const document = { ...largeDocument(60, 40_000), info: 'none', paths: 7 }
    const url = await shelve({ ...document, 'x-padding': 'x'.repeat(1_500_000) })
    const { data } = await tenant.call('POST', '/api/apis', { specUrl: url })
    expect((await watch(tenant, data.id)).at(-1)).toMatchObject({
      event: 'failed',
      data: { error: { code: 'SPEC_INVALID' } },
    })
    expect((await tenant.call('GET', `/api/apis/${data.id}`)).data).toMatchObject({ status: 'DRAFT', endpointCount: 0 })
    await fetch(url, { method: 'PUT', body: JSON.stringify(largeDocument(60, 40_000)) })
    expect((await tenant.call('POST', `/api/apis/${data.id}/refresh`, {})).status).toBe(202)
    expect((await watch(tenant, data.id)).at(-1)?.event).toBe('done')
    expect((await tenant.call('GET', `/api/apis/${data.id}`)).data).toMatchObject({
      status: 'ACTIVE',
      endpointCount: 60,
    })
  })

  it('accepted and never sent, since the Worker died in between, is sent by the next schedule', async () => {
    const tenant = await newTenant()
    const died = { send: () => Promise.reject(new Error('died')) }
    const ctx = { ...tenant.ctx, now: () => Date.now() - 600_000, env: { ...testEnv, INGEST: died } as unknown as Env }
    await expect(connectApi(ctx, { specUrl: await shelve(largeDocument(40)) })).rejects.toThrow('died')
    const [draft] = (await tenant.call('GET', '/api/apis')).data
    expect(draft.status).toBe('DRAFT')
    const execution = createExecutionContext()
    await runSchedule(createScheduledController({ cron: '*/5 * * * *' }), testEnv, execution)
    await waitOnExecutionContext(execution)
    expect((await watch(tenant, draft.id)).at(-1)?.event).toBe('done')
  })

  it('that fails on a refresh takes nothing from an API that was put to rest', async () => {
    const tenant = await newTenant()
    const url = await shelve(largeDocument(40))
    const { data } = await tenant.call('POST', '/api/apis', { specUrl: url })
    await watch(tenant, data.id)
    await tenant.call('PATCH', `/api/apis/${data.id}`, { status: 'INACTIVE' })
    await fetch(url, {
      method: 'PUT',
      body: JSON.stringify({ ...largeDocument(1, 1), paths: 7, 'x-padding': 'x'.repeat(1_500_000) }),
    })
    expect((await tenant.call('POST', `/api/apis/${data.id}/refresh`, {})).status).toBe(202)
    expect((await watch(tenant, data.id)).at(-1)?.event).toBe('failed')
    expect((await tenant.call('GET', `/api/apis/${data.id}/endpoints?limit=100`)).data).toHaveLength(40)
    expect((await tenant.call('GET', '/api/notices')).data[0]).toMatchObject({
      kind: 'ingestion_failed',
      resource: data.id,
    })
  })

  it('of a workspace is nobody else’s to watch', async () => {
    const [mine, other] = await Promise.all([newTenant(), newTenant()])
    const { data } = await mine.call('POST', '/api/apis', { specUrl: await shelve(largeDocument(40)) })
    expect((await other.call('GET', `/api/apis/${data.id}/ingestion`)).status).toBe(404)
    expect((await other.call('GET', `/api/apis/${data.id}/ingestion/events`)).status).toBe(404)
    await watch(mine, data.id)
  })
})

describe('an uploaded file', () => {
  const upload = (tenant: Tenant, parts: Record<string, string | Blob>) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(parts)) form.append(name, value)
    return send('/api/apis/upload', { method: 'POST', body: form, headers: { 'x-api-key': tenant.token } })
  }

  it('connects, with its name and credential beside it', async () => {
    const tenant = await newTenant()
    const document = new File([JSON.stringify(largeDocument(3, 10))], 'openapi.json', { type: 'application/json' })
    const reply = await upload(tenant, { spec: document, name: 'Mine', auth: '{"type":"bearer","token":"abcd"}' })
    expect(reply.status).toBe(201)
    expect(reply.data).toMatchObject({ name: 'Mine', auth: { type: 'bearer' }, endpointCount: 3 })
  })

  it('of several megabytes is read on the queue', async () => {
    const tenant = await newTenant()
    const reply = await upload(tenant, { spec: new File([JSON.stringify(largeDocument(50, 100_000))], 'large.json') })
    expect(reply.status).toBe(202)
    expect((await watch(tenant, reply.data.id)).at(-1)?.event).toBe('done')
  })

  it('that is missing, or an auth that is no JSON: 422', async () => {
    const tenant = await newTenant()
    expect((await upload(tenant, { name: 'Mine' })).body.errors[0].path).toBe('/spec')
    const reply = await upload(tenant, { spec: new File(['{}'], 'a.json'), auth: 'bearer' })
    expect(reply.body.errors[0].path).toBe('/auth')
  })
})

describe('a pasted curl command', () => {
  it('becomes an API with its operation, and its token is sealed and sent', async () => {
    const tenant = await newTenant()
    const spec = `curl '${testEnv.UPSTREAMS}/broken/echo?limit=5' -H 'Authorization: Bearer the-token-of-the-paste'`
    const { status, data, body } = await tenant.call('POST', '/api/apis', { spec })
    expect(status).toBe(201)
    expect(data).toMatchObject({ auth: { type: 'bearer' }, endpointCount: 1 })
    expect(JSON.stringify(body)).not.toContain('the-token-of-the-paste')
    const [endpoint] = (await tenant.call('GET', `/api/apis/${data.id}/endpoints`)).data
    const tried = await tenant.call('POST', `/api/apis/${data.id}/endpoints/${endpoint.id}/try`, {
      parameters: { limit: 1 },
    })
    expect(tried.data.response.body.authorization).toBe('Bearer •••')
  })
})
