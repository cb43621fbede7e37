import { describe, expect, it, vi } from 'vitest'
import { insertEndpoints } from '../src/catalog/store.ts'
import { sendOutdatedGraphs } from '../src/connections/relink.ts'
import { GraphBuilder } from '../src/links/graph.ts'
import type { EndpointLinks } from '../src/links/schema.ts'
import { outdateGraph, replaceGraph } from '../src/links/store.ts'
import { linkConsumers, linkGraphs, linkProducers } from '../src/links/tables.ts'
import { newTenant, tenantWithStore, testEnv, type Tenant } from './helpers.ts'
import { integer, operation, parameter, text } from './operations.ts'

type Schema = Record<string, unknown>

const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
})
const list = (items: Schema): Schema => ({ type: 'array', items })
const answering = (schema: Schema) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
const taking = (...names: string[]) =>
  names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

const CUSTOMERS = {
  '/customers': {
    get: {
      summary: 'List customers',
      parameters: [{ name: 'q', in: 'query', schema: text }],
      responses: answering(list(object({ id: text, name: text, email: text }))),
    },
  },
  '/customers/{customerId}': {
    get: {
      summary: 'Get a customer',
      parameters: taking('customerId'),
      responses: answering(object({ id: text, name: text })),
    },
  },
}
const INVOICES = {
  '/invoices': {
    post: {
      summary: 'Create an invoice',
      requestBody: {
        required: true,
        content: { 'application/json': { schema: object({ customerId: text, note: text }, ['customerId']) } },
      },
      responses: answering(object({ id: text, customerId: text })),
    },
  },
}

const TICKETS = {
  '/tickets': { post: { ...INVOICES['/invoices'].post, summary: 'Create a ticket' } },
}

async function connect(tenant: Tenant, title: string, paths: Record<string, unknown>) {
  const url = `${testEnv.UPSTREAMS}/documents/${crypto.randomUUID()}`
  const publish = async (next: Record<string, unknown>) => {
    const document = {
      openapi: '3.1.0',
      info: { title, version: '1' },
      servers: [{ url: testEnv.UPSTREAMS }],
      paths: next,
    }
    await fetch(url, { method: 'PUT', body: JSON.stringify(document) })
  }
  await publish(paths)
  const { data } = await tenant.call('POST', '/api/apis', { specUrl: url })
  const refresh = async (next: Record<string, unknown>) => {
    await publish(next)
    return tenant.call('POST', `/api/apis/${data.id}/refresh`, {})
  }
  return { id: data.id as string, refresh }
}

/** The links of an operation, by its name. */
async function pathOf(tenant: Tenant, apiId: string, name: string): Promise<string> {
  const all = (await tenant.call('GET', `/api/apis/${apiId}/endpoints?limit=100`)).data as {
    id: string
    method: string
    path: string
  }[]
  const id = all.find(({ method, path }) => `${method} ${path}` === name)?.id
  return `/api/apis/${apiId}/endpoints/${id}/links`
}

async function linksOf(tenant: Tenant, apiId: string, name: string): Promise<EndpointLinks> {
  return (await tenant.call('GET', await pathOf(tenant, apiId, name))).data
}

const inWords = ({ method, path, field, slot }: EndpointLinks['outputs'][number]) =>
  `${method} ${path} ${field} → ${slot}`
const inputs = (links: EndpointLinks) => links.inputs.flatMap((input) => input.links.map(inWords))

/** Has the schedule look for graphs that are not there, until that of an API has been made on the queue. */
async function makeOutdated(tenant: Tenant, path: string): Promise<EndpointLinks> {
  await sendOutdatedGraphs(tenant.ctx)
  return vi.waitUntil(
    async () => {
      const links: EndpointLinks = (await tenant.call('GET', path)).data
      return links.status === 'ready' ? links : null
    },
    { timeout: 60_000 },
  )
}

describe('the links of an operation', () => {
  it('say what gives the ids it needs, and what its answer gives to others', async () => {
    const tenant = await newTenant()
    const api = await connect(tenant, 'Shop', { ...CUSTOMERS, ...INVOICES })
    const invoice = await linksOf(tenant, api.id, 'POST /invoices')
    expect(invoice).toMatchObject({
      status: 'ready',
      inputs: [{ slot: 'body.customerId', required: true, identifies: 'customer' }],
    })
    expect(inputs(invoice)).toEqual(['GET /customers body[0].id → body.customerId'])
    const customers = await linksOf(tenant, api.id, 'GET /customers')
    expect(customers.outputs.map(inWords)).toEqual([
      'GET /customers/{customerId} body[0].id → path.customerId',
      'POST /invoices body[0].id → body.customerId',
    ])
    // Whoever reads one customer has the id already.
    expect((await linksOf(tenant, api.id, 'GET /customers/{customerId}')).outputs).toEqual([])
  })

  it('follow the document when it renames a field or takes an operation away', async () => {
    const tenant = await newTenant()
    const api = await connect(tenant, 'Shop', { ...CUSTOMERS, ...INVOICES })
    const renamed = {
      get: { ...CUSTOMERS['/customers'].get, responses: answering(list(object({ uuid: text, name: text }))) },
    }
    await api.refresh({ ...CUSTOMERS, ...INVOICES, '/customers': renamed })
    expect(inputs(await linksOf(tenant, api.id, 'POST /invoices'))).toEqual([
      'GET /customers body[0].uuid → body.customerId',
    ])
    await api.refresh(INVOICES)
    expect(await linksOf(tenant, api.id, 'POST /invoices')).toMatchObject({ status: 'ready', inputs: [{ links: [] }] })
  })

  it('follow operations that are written by hand, and keep them when the document changes', async () => {
    const tenant = await newTenant()
    const api = await connect(tenant, 'Shop', INVOICES)
    const written = {
      method: 'GET',
      path: '/customers',
      summary: 'List customers',
      response: { example: [{ id: 'c1', name: 'Ada' }] },
    }
    const added = await tenant.call('POST', `/api/apis/${api.id}/endpoints`, written)
    expect(added.status).toBe(201)
    const linked = ['GET /customers body[0].id → body.customerId']
    expect(inputs(await linksOf(tenant, api.id, 'POST /invoices'))).toEqual(linked)
    await api.refresh({ ...INVOICES, '/health': { get: { responses: answering(object({ ok: text })) } } })
    expect(inputs(await linksOf(tenant, api.id, 'POST /invoices'))).toEqual(linked)
    await tenant.call('DELETE', `/api/apis/${api.id}/endpoints/${added.data.id}`)
    expect(inputs(await linksOf(tenant, api.id, 'POST /invoices'))).toEqual([])
  })

  it('lead to other APIs while these are in use, and cost more there', async () => {
    const tenant = await newTenant()
    const [billing, people] = [await connect(tenant, 'Billing', INVOICES), await connect(tenant, 'People', CUSTOMERS)]
    const across = async () => inputs(await linksOf(tenant, billing.id, 'POST /invoices'))
    const linked = ['GET /customers body[0].id → body.customerId']
    expect(await across()).toEqual(linked)
    const { outputs } = await linksOf(tenant, people.id, 'GET /customers')
    const [near, far] = outputs
    expect([near?.connectionId, far?.connectionId]).toEqual([people.id, billing.id])
    expect(far?.cost).toBeGreaterThan(near?.cost ?? Infinity)
    await tenant.call('PATCH', `/api/apis/${people.id}`, { status: 'INACTIVE' })
    expect(await across()).toEqual([])
    await tenant.call('PATCH', `/api/apis/${people.id}`, { status: 'ACTIVE' })
    expect(await across()).toEqual(linked)
    await tenant.call('DELETE', `/api/apis/${people.id}`)
    expect(await across()).toEqual([])
    for (const table of [linkGraphs, linkProducers, linkConsumers]) {
      const left = (await tenant.ctx.db.select().from(table)).filter((row) => row.connectionId === people.id)
      expect(left).toEqual([])
    }
  })

  it('never lead to another workspace, nor tell of one', async () => {
    const [mine, theirs] = [await newTenant(), await newTenant()]
    const billing = await connect(mine, 'Billing', INVOICES)
    const people = await connect(theirs, 'People', CUSTOMERS)
    expect(inputs(await linksOf(mine, billing.id, 'POST /invoices'))).toEqual([])
    const lister = (await theirs.call('GET', `/api/apis/${people.id}/endpoints`)).data[0].id
    for (const api of [billing.id, people.id])
      expect((await mine.call('GET', `/api/apis/${api}/endpoints/${lister}/links`)).status).toBe(404)
    const plan = await mine.call('POST', '/api/chat', { message: 'Create an invoice for the customer Ada Lovelace' })
    expect(JSON.stringify(plan.data)).not.toContain('/customers')
  })

  it('are there as soon as a large document that is read on the queue can be used', async () => {
    const tenant = await newTenant()
    const padded = {
      ...CUSTOMERS,
      ...INVOICES,
      '/padding': { get: { 'x-padding': 'x'.repeat(1_200_000), responses: answering(object({})) } },
    }
    const api = await connect(tenant, 'Shop', padded)
    await tenant.call('GET', `/api/apis/${api.id}/ingestion/events`)
    expect(await linksOf(tenant, api.id, 'POST /invoices')).toMatchObject({
      status: 'ready',
      inputs: [{ links: [{}] }],
    })
  })
})

describe('a graph', () => {
  it('that is not there is made by the next schedule, and meanwhile nothing is told of half of it', async () => {
    const tenant = await newTenant()
    const api = await connect(tenant, 'Shop', { ...CUSTOMERS, ...INVOICES })
    await tenant.ctx.db.batch([outdateGraph(tenant.ctx, api.id)])
    expect(await linksOf(tenant, api.id, 'POST /invoices')).toMatchObject({
      status: 'pending',
      inputs: [{ links: [] }],
    })
    expect(inputs(await makeOutdated(tenant, await pathOf(tenant, api.id, 'POST /invoices')))).toHaveLength(1)
  })

  it('that was made of operations which have changed meanwhile is not stored', async () => {
    const tenant = await newTenant()
    const api = await connect(tenant, 'Shop', { ...CUSTOMERS, ...INVOICES })
    await tenant.ctx.db.batch([outdateGraph(tenant.ctx, api.id)])
    const before = await tenant.ctx.db.select().from(linkProducers)
    const [first, ...rest] = replaceGraph(tenant.ctx, api.id, new GraphBuilder().build(), 0)
    await tenant.ctx.db.batch([first, ...rest])
    expect((await linksOf(tenant, api.id, 'POST /invoices')).status).toBe('pending')
    expect(await tenant.ctx.db.select().from(linkProducers)).toEqual(before)
  })

  it('makes the plans that are made without one', { timeout: 60_000 }, async () => {
    const tenant = await tenantWithStore()
    const messages = [
      'Show the orders of Ada Lovelace',
      'Refund the latest order of Alan Turing',
      'Create an order of two headphones for Ada Lovelace',
      'Which products were in the last order of Grace Hopper?',
      'Cancel all pending orders of Alan Turing',
      'Delete the customer Ada Lovelace',
      'For every customer list the orders',
    ]
    const plan = async () => {
      const plans = []
      for (const message of messages) {
        const { data } = await tenant.call('POST', '/api/chat', { message })
        plans.push({ message, steps: data.steps, definition: data.definition, assumptions: data.assumptions })
      }
      return plans
    }
    const withGraph = await plan()
    expect(withGraph.flatMap(({ steps }) => steps).length).toBeGreaterThan(messages.length)
    await tenant.ctx.db.batch([outdateGraph(tenant.ctx, tenant.apiId)])
    expect(await plan()).toEqual(withGraph)
  })

  it('of 10,000 operations is made on the queue, and plans are made by it', { timeout: 120_000 }, async () => {
    const tenant = await newTenant()
    const api = await connect(tenant, 'Shop', { ...CUSTOMERS, ...INVOICES })
    const path = await pathOf(tenant, api.id, 'POST /invoices')
    for (let from = 0; from < 10_000; from += 500) {
      const added = Array.from({ length: 500 }, (_, n) => {
        const at = from + n
        const made = at % 2 === 0 ? `GET /unit${at % 400}s/part${at}s` : `GET /part${at}s/{unit${at % 400}Id}`
        const needs = at % 2 === 0 ? [] : [parameter(`unit${at % 400}Id`, text, 'path', true)]
        return {
          operation: operation(made, { parameters: needs, answer: { [`unit${at % 400}Id`]: text, size: integer } }),
          hash: `${at}`,
          id: `end_${crypto.randomUUID()}`,
        }
      })
      const [first, ...rest] = insertEndpoints(tenant.ctx, api.id, added, true)
      if (first) await tenant.ctx.db.batch([first, ...rest])
    }
    await tenant.ctx.db.batch([outdateGraph(tenant.ctx, api.id)])
    await makeOutdated(tenant, path)
    const { data } = await tenant.call('POST', '/api/chat', {
      message: 'Create an invoice for the customer Ada Lovelace',
    })
    expect(data.steps.map(({ operation: called }: { operation: string }) => called)).toEqual([
      'GET /customers',
      'POST /invoices',
    ])
    const rows = await tenant.ctx.db.select().from(linkProducers)
    const kept = Map.groupBy(
      rows.filter(({ connectionId }) => connectionId === api.id),
      ({ noun, key }) => `${noun} ${key}`,
    )
    expect(kept.size).toBeGreaterThan(100)
    expect(Math.max(...[...kept.values()].map(({ length }) => length))).toBeLessThanOrEqual(14)
  })
})

describe('an id that only another API gives', () => {
  it('is looked up there, and the plan says what it takes for granted', async () => {
    const tenant = await newTenant()
    await connect(tenant, 'Support', TICKETS)
    await connect(tenant, 'People', CUSTOMERS)
    const { data } = await tenant.call('POST', '/api/chat', {
      message: 'Create a ticket for the customer Ada Lovelace',
    })
    expect(data.steps.map((step: { api: string; operation: string }) => `${step.api} ${step.operation}`)).toEqual([
      'people GET /customers',
      'support POST /tickets',
    ])
    expect(data.assumptions).toContain('the customer has the same id in both APIs')
  })

  it('is asked for where something would be deleted by it', async () => {
    const tenant = await newTenant()
    const remove = {
      delete: {
        summary: 'Delete the account of a customer',
        parameters: taking('customerId'),
        responses: answering(object({})),
      },
    }
    await connect(tenant, 'Accounts', { '/accounts/{customerId}': remove })
    await connect(tenant, 'People', CUSTOMERS)
    const { data } = await tenant.call('POST', '/api/chat', {
      message: 'Delete the account of the customer Ada Lovelace',
    })
    expect(JSON.stringify(data.steps)).not.toContain('GET /customers')
  })
})
