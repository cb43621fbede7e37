import { describe, expect, it } from 'vitest'
import { ledgerOf, readStore, tenantWithStore } from './helpers.ts'
import { tenantWithTold } from './office.ts'

type Row = Record<string, unknown>

const text = { type: 'string' }
const email = { type: 'string', format: 'email' }
const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required })
const answers = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
const list = (summary: string, items: object) => ({
  get: { summary, responses: answers({ type: 'array', items: object(items) }) },
})
const post = (summary: string, body: Record<string, object>, parameters: string[] = []) => ({
  post: {
    summary,
    parameters: parameters.map((name) => ({ name, in: 'path', required: true, schema: text })),
    requestBody: {
      required: true,
      content: { 'application/json': { schema: object(body, Object.keys(body)) } },
    },
    responses: answers(object({ id: text })),
  },
})

const paths = {
  '/customers': list('List customers', { id: text, name: text, email, city: text }),
  '/orders': list('List orders', { id: text, customerId: text, total: { type: 'number' } }),
  '/customers/{customerId}/tags': post('Tag a customer', { tag: text }, ['customerId']),
  '/emails': post('Send an email', { to: email, subject: text, body: text }),
}
const customers = [
  { id: 'c1', name: 'Ana', email: 'ana@example.com', city: 'Porto' },
  { id: 'c2', name: 'Bo', email: 'bo@example.com', city: 'Oslo' },
  { id: 'c3', name: 'Cy', email: 'cy@example.com', city: 'Porto' },
  { id: 'c4', name: 'Di', email: 'di@example.com', city: 'Oslo' },
  { id: 'c5', name: 'Eve', email: 'eve@example.com', city: 'Lima' },
]
const orders = [
  { id: 'o1', customerId: 'c1', total: 40 },
  { id: 'o2', customerId: 'c2', total: 90 },
  { id: 'o3', customerId: 'c1', total: 10 },
  { id: 'o4', customerId: 'c4', total: 25 },
]
const spent = ({ id }: { id: string }) =>
  orders.filter(({ customerId }) => customerId === id).reduce((sum, { total }) => sum + total, 0)
const idle = customers.filter(({ id }) => !orders.some(({ customerId }) => customerId === id))

const newShop = () => tenantWithTold('Shop', paths, { '/customers': customers, '/orders': orders })

/** Plans and runs a message in a shop; gives the bodies that were sent, by method and path. */
async function change(message: string) {
  const shop = await newShop()
  const plan = await shop.plan(message)
  const run = await shop.run(plan)
  const changes = (await shop.changes()).map((line): [string, Row] => {
    const [, call = '', body = '{}'] = /^(\S+ \S+) ?(.*)$/.exec(line) ?? []
    return [call, JSON.parse(body)]
  })
  return { plan, run: run.data, changes: changes.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) }
}

const letter = 'with the subject "Hello" and the body "We miss you"'

describe('what is done to those whom a report tells', () => {
  it.each([
    `email the customers without orders ${letter}`,
    `Send an email ${letter} to all customers who have no orders`,
    `send the customers without orders an email ${letter}`,
    `list the customers without orders, then email each of them ${letter}`,
    `For each customer without orders, send an email ${letter}`,
  ])('is done to each of them: %s', async (message) => {
    const { plan, run, changes } = await change(message)
    expect([plan.status, run.status]).toEqual(['ready', 'succeeded'])
    expect(plan.effects).toContain('message')
    expect(plan.steps.map(({ title }: Row) => title)).toContain('Keep the customers that have no orders')
    expect(changes).toEqual(
      idle.map(({ email: to }) => ['POST /emails', { to, subject: 'Hello', body: 'We miss you' }]),
    )
    expect(changes.length).toBeGreaterThan(1)
  })

  it('takes as many as are asked for, and says by what where that is not said', async () => {
    const { plan, changes } = await change('tag the three biggest customers with the tag "vip"')
    const biggest = customers.toSorted((a, b) => spent(b) - spent(a)).slice(0, 3)
    expect(changes).toEqual(biggest.map(({ id }) => [`POST /customers/${id}/tags`, { tag: 'vip' }]).toSorted())
    expect(plan.assumptions).toEqual([
      'the biggest customers are those with the highest total of their orders together',
    ])
    const said = await change('tag the top 3 customers by revenue with the tag "vip"')
    expect([said.changes, said.plan.assumptions]).toEqual([changes, []])
  })

  it('fails rather than choose among those that are level', async () => {
    const { run, changes } = await change('tag the customer with the fewest orders with the tag "idle"')
    expect([run.status, changes]).toEqual(['failed', []])
    expect(run.error.message).toContain(`there are ${idle.length} of them alike: say which one is meant`)
    const several = await change('tag the 4 customers with the most orders with the tag "busy"')
    expect(several.run.error.message).toContain('there are 5 of them alike where 4 are asked for')
    expect(several.changes).toEqual([])
  })

  it('is told of in one message', async () => {
    const { changes } = await change('show revenue per city and email it to ada@example.com with the subject "Revenue"')
    const cities = [...Map.groupBy(customers, ({ city }) => city)]
      .map(([city, all]) => ({ city, total: all.reduce((sum, each) => sum + spent(each), 0) }))
      .filter(({ total }) => total > 0)
      .toSorted((a, b) => b.total - a.total)
    const body = cities.map(({ city, total }) => `city: ${city}, total: ${total}`).join('\n')
    expect(changes).toEqual([['POST /emails', { to: 'ada@example.com', subject: 'Revenue', body }]])
  })

  it.each([
    ['what is the average order value? Then email it', '41.25'],
    ['how many customers have no orders? Email it', '2'],
  ])('is told as a number: %s', async (asked, body) => {
    const { changes } = await change(`${asked} to ada@example.com with the subject "Number"`)
    expect(changes).toEqual([['POST /emails', { to: 'ada@example.com', subject: 'Number', body }]])
  })

  it('is done to the one that a question tells', async () => {
    const { changes } = await change(`Please find out which customer has spent the most and email them ${letter}`)
    const [most] = customers.toSorted((a, b) => spent(b) - spent(a))
    expect(changes).toEqual([['POST /emails', { to: most?.email, subject: 'Hello', body: 'We miss you' }]])
  })

  it('is planned as far as something connected does it', async () => {
    const shop = await newShop()
    const plan = await shop.plan('Show revenue per city and translate it to Latin')
    expect([plan.status, plan.effects]).toEqual(['ready', ['read']])
    expect(plan.steps.map(({ title }: Row) => title)).toContain('Add up the total of the orders for each city')
    expect(plan.assumptions.join()).toContain('“translate it to Latin” is left out')
  })
})

describe('over two APIs', () => {
  it('is done where it can be taken back, and told what it takes for granted', async () => {
    const people = {
      '/customers': paths['/customers'],
      '/customers/{customerId}/tags': paths['/customers/{customerId}/tags'],
    }
    const parameters = [{ name: 'customerId', in: 'path', required: true, schema: text }]
    const remove = { delete: { summary: 'Delete a customer', parameters, responses: answers(object({})) } }
    const desk = await tenantWithTold(
      'Crm',
      { ...people, '/customers/{customerId}': remove },
      { '/customers': customers },
    )
    const tickets = list('List tickets', { id: text, customerId: text })
    await desk.call('POST', '/api/apis', {
      name: 'Desk',
      spec: {
        openapi: '3.0.3',
        info: { title: 'Desk', version: '1' },
        servers: [{ url: 'https://desk.example.com' }],
        paths: { '/tickets': tickets },
      },
    })
    const tagged = await desk.plan('tag the customers without tickets with the tag "quiet"')
    expect([tagged.status, tagged.assumptions]).toEqual(['ready', ['the customer has the same id in both APIs']])
    const deleted = await desk.plan('delete the customers without tickets')
    expect([deleted.status, deleted.steps.map(({ type }: Row) => type)]).toEqual(['needs_input', ['api_call']])
  })
})

describe('in a store', () => {
  const changed = async (store: { url: string }) =>
    (await ledgerOf(store)).map(({ method, path }) => `${method} ${path}`).toSorted()
  const confirmed = async (message: string) => {
    const tenant = await tenantWithStore()
    const rows = {
      customers: await readStore(tenant.store, 'customers'),
      orders: await readStore(tenant.store, 'orders'),
    }
    const { data: plan } = await tenant.call('POST', '/api/chat', { message })
    const { data: run } = await tenant.call('POST', '/api/chat/execute?wait=10', { planId: plan.id })
    return { ...rows, store: tenant.store, plan, run }
  }

  it('those without anything are deleted, and nobody else', async () => {
    const { customers: all, orders: placed, store, plan } = await confirmed('delete customers who have no orders')
    const none = all.filter(({ id }) => !placed.some(({ customerId }) => customerId === id))
    expect([plan.status, plan.effects]).toEqual(['ready', ['read', 'delete']])
    expect(await changed(store)).toEqual(none.map(({ id }) => `DELETE /customers/${id}`))
    expect(none.length).toBeGreaterThan(0)
  })

  it('what belongs to the one with most is gone over', async () => {
    const {
      orders: placed,
      store,
      run,
    } = await confirmed('cancel the paid orders of the customer with the most late orders')
    const late = (id: unknown) => placed.filter((order) => order['customerId'] === id && order['status'] === 'late')
    const [most] = placed.map((order) => order['customerId']).toSorted((a, b) => late(b).length - late(a).length)
    const theirs = placed.filter((order) => order['customerId'] === most && order['status'] === 'paid')
    expect(run.status).toBe('succeeded')
    expect(await changed(store)).toEqual(theirs.map(({ id }) => `POST /orders/${id}/cancel`).toSorted())
    expect(theirs.length).toBeGreaterThan(0)
  })

  it.each(['', 'late '])('the latest of what the one with most %shas is taken, where there is one', async (kind) => {
    const message = `cancel the latest order of the customer with the most ${kind}orders`
    const { orders: placed, store, plan, run } = await confirmed(message)
    expect([plan.status, plan.steps.map(({ operation, id }: Row) => operation ?? id).join(', ')]).toEqual([
      'ready',
      'GET /orders, GET /customers, report, GET /customers/{customerId}/orders, picked, POST /orders/{orderId}/cancel',
    ])
    const counted = placed.filter(({ status }) => kind === '' || status === kind.trim())
    const groups = [...Map.groupBy(counted, (order) => order['customerId'])]
    const most = groups.filter(([, all]) => groups.every(([, others]) => others.length <= all.length))
    const latest = placed
      .filter((order) => order['customerId'] === most[0]?.[0])
      .toSorted((a, b) => (String(a['createdAt']) < String(b['createdAt']) ? -1 : 1))
      .at(-1)
    expect([run.status, await changed(store)]).toEqual(
      most.length > 1 ? ['failed', []] : ['succeeded', [`POST /orders/${latest?.['id']}/cancel`]],
    )
  })

  it('the one with most is changed', async () => {
    const { orders: placed, store } = await confirmed('set the city of the customer with the most late orders to Paris')
    const late = placed.filter(({ status }) => status === 'late')
    const [most] = [...Map.groupBy(late, (order) => order['customerId'])].toSorted(
      ([, a], [, b]) => b.length - a.length,
    )
    expect(await changed(store)).toEqual([`PATCH /customers/${most?.[0]}`])
    const after = await readStore(store, 'customers')
    expect(after.find(({ id }) => id === most?.[0])?.['city']).toBe('Paris')
  })

  it.each([
    'email a customer without orders',
    'delete the customers without orders and the products',
    'delete the customers without orders that annoy us',
    'delete customers without recent orders',
    'delete the customers with open orders',
    'delete the customer with the fewest angry orders',
    'set the city of the customer with the most angry orders to Paris',
    'mark the order as cancelled',
    'cancel the latest order about shoes',
    'delete the customers without orders unless they are in London',
  ])('nothing is done where the meaning is unsure: %s', async (message) => {
    const tenant = await tenantWithStore()
    const { data: plan } = await tenant.call('POST', '/api/chat', { message })
    const changes = plan.effects.filter((effect: string) => effect !== 'read')
    expect(changes.length === 0 || plan.status === 'needs_input').toBe(true)
    expect(plan.steps.map(({ id }: Row) => id)).not.toContain('report')
  })
})
