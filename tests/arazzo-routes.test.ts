import { dump, load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { ArazzoDocument } from '../src/workflows/arazzo/schema.ts'
import { keyFor, newTenant, send, tenantWithStore, type Tenant } from './helpers.ts'

type Node = Record<string, unknown>

const document = (steps: Node[], more: Node[] = [], source: Node = {}) => ({
  arazzo: '1.0.0',
  info: { title: 'Late orders', version: '1' },
  sourceDescriptions: [{ name: 'shop', url: './shop.json', type: 'openapi', ...source }],
  workflows: [{ workflowId: 'late-orders', summary: 'Late orders', steps, outputs }, ...more],
})
const outputs = { order: '$steps.get-order.outputs.id', total: '$steps.get-order.outputs.all.totalCents' }
const steps = [
  {
    stepId: 'list-orders',
    operationId: 'listOrders',
    parameters: [{ name: 'status', in: 'query', value: '$inputs.status' }],
    successCriteria: [{ condition: '$statusCode == 200' }, { condition: "$response.body#/items/0/status == 'LATE'" }],
    onSuccess: [
      { name: 'none', type: 'end', criteria: [{ condition: '$response.body#/items/0 == null' }] },
      { name: 'some', type: 'goto', stepId: 'get-order' },
    ],
    outputs: { first: '$response.body#/items/0/id' },
  },
  { stepId: 'skipped', operationId: 'listRefunds' },
  {
    stepId: 'get-order',
    operationPath: '{$sourceDescriptions.shop.url}#/paths/~1orders~1{orderId}/get',
    parameters: [{ name: 'orderId', in: 'path', value: '$steps.list-orders.outputs.first' }],
    outputs: { id: '$response.body#/id', all: '$response.body' },
  },
]
const lost = { workflowId: 'lost', steps: [{ stepId: 'x', operationId: 'noSuchOperation' }] }
const wrong = [{ name: 'status', in: 'query', value: 'no such status' }]
const unfit = { workflowId: 'unfit', steps: [{ stepId: 'x', operationId: 'listOrders', parameters: wrong }] }

const countOf = async (tenant: Tenant) => (await tenant.call('GET', '/api/workflows')).data.length

describe('POST /api/workflows/import', () => {
  it('stores what can run of a document in YAML, tells of the rest, and what it stored runs', async () => {
    const tenant = await tenantWithStore()
    const { status, data } = await tenant.call('POST', '/api/workflows/import', {
      document: dump(document(steps, [lost, unfit])),
    })
    expect(status).toBe(201)
    expect(data.created).toMatchObject([
      { name: 'Late orders', workflowId: 'late-orders', path: '/workflows/0', steps: { total: 3, mapped: 3 } },
    ])
    expect(data.refused).toMatchObject([{ workflowId: 'unfit', checks: [{ code: 'enum', verdict: 'wrong' }] }])
    expect(data.findings.map(({ path }: { path: string }) => path)).toEqual(['/workflows/1/steps/0', '/workflows/1'])
    expect(await countOf(tenant)).toBe(1)

    const url = `/api/workflows/${data.created[0].id}/execute?wait=20`
    const run = await tenant.call('POST', url, { input: { status: 'late' } })
    expect(run.data).toMatchObject({
      status: 'succeeded',
      output: { order: expect.stringMatching(/^ord_/), total: expect.any(Number) },
    })
    const statusOf = (id: string) => run.data.steps.find((step: { id: string }) => step.id === id)?.status
    expect([statusOf('skipped'), statusOf('list_orders_check')]).toEqual(['skipped', 'succeeded'])
    // The document wants the first order to be late, whatever was asked for.
    const other = await tenant.call('POST', url, { input: { status: 'paid' } })
    expect([other.data.status, other.data.error?.message]).toEqual([
      'failed',
      expect.stringContaining('not what the document wants'),
    ])
  })

  it('asks for what an operation needs and the document does not give', async () => {
    const tenant = await tenantWithStore()
    const lacking = { workflowId: 'read', steps: [{ stepId: 'get', operationId: 'getOrder' }] }
    const { data } = await tenant.call('POST', '/api/workflows/import', { document: document(steps, [lacking]) })
    const read = data.created.find(({ workflowId }: { workflowId: string }) => workflowId === 'read')
    expect(read.notes[0]).toContain('get_orderId')
    const url = `/api/workflows/${read.id}/execute?wait=20`
    expect((await tenant.call('POST', url, { input: {} })).body.code).toBe('MISSING_INPUT')
    const run = await tenant.call('POST', url, { input: { get_orderId: 'ord_none' } })
    expect(run.data.error.message).toContain('404')
  })

  it('takes the document itself, and finds the API by the URL of its specification', async () => {
    const tenant = await tenantWithStore()
    const source = { url: `${tenant.store.url}/openapi.json` }
    const { status, data } = await tenant.call('POST', '/api/workflows/import', {
      document: document(steps, [], source),
    })
    expect([status, data.findings]).toEqual([201, []])
  })

  it('takes a document as it was exported, as YAML', async () => {
    const tenant = await tenantWithStore()
    const { data } = await tenant.call('POST', '/api/workflows/import', { document: document(steps) })
    const exported = await tenant.call('GET', `/api/workflows/${data.created[0].id}/export`)
    const post = async (type: string, body: string) => {
      const headers = { 'x-api-key': tenant.token, 'content-type': type }
      return send('/api/workflows/import', { method: 'POST', headers, body })
    }
    const again = await post('application/yaml; charset=utf-8', exported.body)
    expect([again.status, again.data?.created[0]?.name, again.data?.findings]).toEqual([201, 'Late orders', []])
    expect(await countOf(tenant)).toBe(2)
    const broken = await post('application/yaml', 'arazzo: [')
    expect([broken.status, broken.body.code]).toEqual([422, 'SPEC_UNPARSEABLE'])
    const other = await post('text/plain', exported.body)
    expect([other.status, other.body.detail]).toEqual([415, expect.stringContaining('application/yaml')])
  })

  it('stores nothing when no workflow can run, and says which API to connect', async () => {
    const tenant = await newTenant()
    const { status, body } = await tenant.call('POST', '/api/workflows/import', { document: document(steps) })
    expect([status, body.code]).toEqual([422, 'ARAZZO_INVALID'])
    expect(body.errors[0]).toMatchObject({
      path: '/sourceDescriptions/0',
      message: expect.stringContaining('./shop.json'),
    })
    expect(await countOf(tenant)).toBe(0)
  })

  it('finds no operation of another workspace', async () => {
    await tenantWithStore()
    const stranger = await newTenant()
    expect((await stranger.call('POST', '/api/workflows/import', { document: document(steps) })).status).toBe(422)
  })

  it.each([
    ['another version', { arazzo: '1.1.0', workflows: [{}] }, 'ARAZZO_INVALID'],
    ['an OpenAPI document', { openapi: '3.1.0', paths: {} }, 'ARAZZO_INVALID'],
    ['no workflows', { arazzo: '1.0.1' }, 'ARAZZO_INVALID'],
    ['a web page', '<!doctype html><p>', 'ARAZZO_INVALID'],
    ['text that holds itself', 'arazzo: 1.0.1\nworkflows: &a\n  - *a\n', 'ARAZZO_INVALID'],
    ['broken YAML', 'arazzo: [', 'SPEC_UNPARSEABLE'],
    [
      'nonsense in every place',
      {
        arazzo: '1.0.1',
        sourceDescriptions: [1],
        workflows: [1, { steps: 'x' }, { steps: [[], { stepId: {}, parameters: {} }] }],
      },
      'ARAZZO_INVALID',
    ],
  ])('refuses %s', async (_, given, code) => {
    const { status, body } = await (await newTenant()).call('POST', '/api/workflows/import', { document: given })
    expect([status, body.code]).toEqual([422, code])
  })

  it('needs a key that may write', async () => {
    const headers = { 'x-api-key': await keyFor(await newTenant(), ['read']), 'content-type': 'application/json' }
    const body = JSON.stringify({ document: document(steps) })
    expect((await send('/api/workflows/import', { method: 'POST', headers, body })).status).toBe(403)
  })
})

const definition = {
  name: 'Refund late orders',
  inputs: { type: 'object', properties: { days: { type: 'integer' }, urgent: { type: 'boolean' } } },
  steps: [
    { id: 'late', type: 'api_call', api: 'store', operation: 'GET /orders', parameters: { status: 'late' } },
    {
      id: 'each',
      type: 'loop',
      items: '{{ steps.late.body.items }}',
      as: 'order',
      concurrency: 2,
      maxIterations: 100,
      steps: [
        {
          id: 'read',
          type: 'api_call',
          api: 'store',
          operation: 'GET /orders/{orderId}',
          parameters: { orderId: '{{ order.id }}' },
          retry: { maxAttempts: 3, backoff: 'constant', delayMs: 2000, on: [503] },
        },
      ],
    },
    {
      id: 'first',
      type: 'api_call',
      api: 'store',
      operation: 'GET /orders/{orderId}',
      when: '{{ input.urgent }}',
      parameters: { orderId: '{{ steps.late.body.items[0].id }}' },
    },
  ],
  output: { first: '{{ steps.first.body.id }}' },
}

describe('GET /api/workflows/{id}/export', () => {
  it('gives a document that says natively what it can, and comes back as it was', async () => {
    const tenant = await tenantWithStore()
    const created = await tenant.call('POST', '/api/workflows', { definition })
    const { status, headers, body } = await tenant.call('GET', `/api/workflows/${created.data.id}/export`)
    expect([status, headers.get('content-type')]).toEqual([200, 'application/yaml'])
    const exported = ArazzoDocument.parse(load(body))
    expect(exported).toMatchObject({
      arazzo: '1.0.1',
      sourceDescriptions: [{ name: 'store', url: `${tenant.store.url}/openapi.json`, type: 'openapi' }],
      workflows: [
        {
          summary: 'Refund late orders',
          steps: [
            {
              stepId: 'late',
              operationId: 'listOrders',
              parameters: [{ name: 'status', in: 'query', value: 'late' }],
              // What comes next is a loop, which other tools could not run.
              onSuccess: [{ type: 'end' }],
              outputs: { body_items_0_id: '$response.body#/items/0/id' },
            },
            {
              stepId: 'read',
              parameters: [{ name: 'orderId', in: 'path', 'x-apiq-value': '{{ order.id }}' }],
              onFailure: [
                { type: 'retry', retryAfter: 2, retryLimit: 2, criteria: [{ condition: '$statusCode == 503' }] },
              ],
            },
            { stepId: 'first', parameters: [{ name: 'orderId', value: '$steps.late.outputs.body_items_0_id' }] },
          ],
          outputs: { first: '$steps.first.outputs.body_id' },
        },
      ],
    })
    const again = await tenant.call('POST', '/api/workflows/import', { document: body })
    expect(again.data.findings).toEqual([])
    const copy = await tenant.call('GET', `/api/workflows/${again.data.created[0].id}`)
    expect(copy.data.definition).toEqual(created.data.definition)
  })

  it('gives the same as JSON, without an envelope', async () => {
    const tenant = await tenantWithStore()
    const { data } = await tenant.call('POST', '/api/workflows', { definition })
    const yaml = await tenant.call('GET', `/api/workflows/${data.id}/export?format=yaml`)
    const json = await tenant.call('GET', `/api/workflows/${data.id}/export?format=json`)
    expect(json.headers.get('content-disposition')).toBe(`attachment; filename="${data.id}.arazzo.json"`)
    expect(json.body).toEqual(load(yaml.body))
  })

  it('is not there for another workspace', async () => {
    const tenant = await tenantWithStore()
    const { data } = await tenant.call('POST', '/api/workflows', { definition })
    const stranger = await newTenant()
    expect((await stranger.call('GET', `/api/workflows/${data.id}/export`)).status).toBe(404)
  })
})
