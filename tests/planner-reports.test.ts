import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../src/planner/plan/report.ts'
import { readReportWishes } from '../src/planner/report/read-wish.ts'
import { reportExpression } from '../src/planner/show/report-expression.ts'
import { evaluate } from '../src/steps/expressions.ts'
import { newTenant, readStore, tenantWithStore } from './helpers.ts'
import { tenantWithTold } from './office.ts'

type Row = Record<string, unknown>

const text = { type: 'string' }
const number = { type: 'number' }
const listing = (properties: object) => {
  const schema = { type: 'array', items: { type: 'object', properties } }
  return { get: { responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } } } }
}

const tenant = await tenantWithStore()
const store = { customers: [] as Row[], orders: [] as Row[], products: [] as Row[], refunds: [] as Row[] }

beforeAll(async () => {
  for (const name of ['customers', 'orders', 'products', 'refunds'] as const)
    store[name] = await readStore(tenant.store, name)
})

async function ask(prompt: string): Promise<{ status: string; answer: string; rows: Row[]; plan: Row }> {
  return (await tenant.call('POST', '/api/v1/query', { prompt })).data
}

const ordersOf = (customer: Row, keep: (order: Row) => boolean = () => true) =>
  store.orders.filter((order) => order['customerId'] === customer['id'] && keep(order))
const total = (orders: readonly Row[]) => orders.reduce((sum, order) => sum + Number(order['totalCents']), 0)
const highest = (items: readonly Row[], by: string) => items.toSorted((a, b) => Number(b[by]) - Number(a[by]))[0] ?? {}
const counted = (items: readonly Row[], key: (item: Row) => unknown) =>
  [...Map.groupBy(items, key)].map(([group, all]) => [group, all.length]).toSorted()
const ids = (rows: readonly Row[]) => rows.map(({ id }) => id).toSorted()
const ownerOf = (order: Row) => store.customers.find(({ id }) => id === order['customerId'])
/** The items of each group that come first, as many as `count`, and those that are level with the last of them. */
const firstOfEach = (items: readonly Row[], key: (item: Row) => unknown, by: string, count: number) =>
  [...Map.groupBy(items, key).values()].flatMap((all) => {
    const values = all.map((item) => item[by] as string).toSorted((a, b) => (a > b ? -1 : 1))
    return all.filter((item) => String(item[by]) >= String(values[count - 1] ?? values.at(-1)))
  })
const refundsOf = (customer: Row) =>
  store.refunds.filter(({ orderId }) => ordersOf(customer).some(({ id }) => id === orderId)).length
const isLate = (order: Row) => order['status'] === 'late'

describe('what takes more than one list', () => {
  it.each([
    'How many orders does each customer have?',
    'list the customers together with the number of orders they have',
    'number of orders per customer',
    'customers by number of orders',
  ])('“%s” counts for every customer, those without any too', async (prompt) => {
    const { rows } = await ask(prompt)
    const expected = store.customers.map((customer) => [customer['name'], ordersOf(customer).length])
    expect(rows.map(({ name, orders }) => [name, orders]).toSorted()).toEqual(expected.toSorted())
    expect(rows.map(({ orders }) => orders)).toEqual(
      expected.map(([, count]) => count).toSorted((a, b) => Number(b) - Number(a)),
    )
  })

  it.each([
    ['which customer has the most orders', 1, (customer: Row) => ordersOf(customer).length, 'orders'],
    ['top 3 customers by revenue', 3, (customer: Row) => total(ordersOf(customer)), 'totalCents'],
    ['who spent the most?', 1, (customer: Row) => total(ordersOf(customer)), 'totalCents'],
    [
      'show the two customers with the most late orders',
      2,
      (customer: Row) => ordersOf(customer, isLate).length,
      'orders',
    ],
  ])('“%s” takes those with most, and all that are level', async (prompt, count, value, member) => {
    const { rows } = await ask(prompt)
    const most = store.customers.map(value).toSorted((a, b) => b - a)
    expect(rows.map((row) => row[member])).toEqual(most.filter((each) => each >= (most[count - 1] ?? 0)))
    for (const row of rows) expect(value(store.customers.find(({ id }) => id === row['id']) ?? {})).toBe(row[member])
  })

  it.each([
    ['customers without orders', (count: number) => count === 0, () => true],
    ['who has not ordered anything', (count: number) => count === 0, () => true],
    ['which customers have more than 2 orders?', (count: number) => count > 2, () => true],
    ['customers with at most one order', (count: number) => count <= 1, () => true],
    ['which customers have late orders', (count: number) => count > 0, isLate],
  ])('“%s” keeps the customers of whom it holds', async (prompt, holds, keep) => {
    const { rows } = await ask(prompt)
    expect(ids(rows)).toEqual(ids(store.customers.filter((customer) => holds(ordersOf(customer, keep).length))))
    expect(rows.length).toBeGreaterThan(0)
  })

  it.each([
    [
      'how many customers have no orders',
      () => store.customers.filter((customer) => ordersOf(customer).length === 0).length,
    ],
    [
      'how many customers have more than 2 orders',
      () => store.customers.filter((customer) => ordersOf(customer).length > 2).length,
    ],
    [
      'what percentage of orders are cancelled',
      () =>
        Math.round((1000 * store.orders.filter(({ status }) => status === 'cancelled').length) / store.orders.length) /
        10,
    ],
    ['total value of all orders', () => total(store.orders)],
    ['average order value', () => total(store.orders) / store.orders.length],
  ])('“%s” is a number', async (prompt, expected) => {
    expect((await ask(prompt)).answer).toBe(`The answer is ${expected()}.`)
  })

  it.each([
    ['group the orders by status', 'status', () => counted(store.orders, ({ status }) => status)],
    [
      'how many orders were placed each month?',
      'month',
      () => counted(store.orders, ({ createdAt }) => String(createdAt).slice(0, 7)),
    ],
  ])('“%s” counts what is alike', async (prompt, group, expected) => {
    const { rows } = await ask(prompt)
    expect(rows.map((row) => [row[group], row['orders']]).toSorted()).toEqual(expected())
  })

  it('takes the group with most', async () => {
    const { rows } = await ask('which city has the most customers')
    const counts = counted(store.customers, ({ city }) => city).map(([, count]) => Number(count))
    const most = Math.max(...counts)
    expect(rows.map(({ customers }) => customers)).toEqual(counts.filter((count) => count === most))
    expect(rows.length).toBeGreaterThan(1)
  })

  it.each(['orders per city', 'number of orders by customer city'])(
    '“%s” counts by what the owners have',
    async (prompt) => {
      const cityOf = new Map(store.customers.map(({ id, city }) => [id, city]))
      const { rows } = await ask(prompt)
      expect(rows.map(({ city, orders }) => [city, orders]).toSorted()).toEqual(
        counted(store.orders, ({ customerId }) => cityOf.get(customerId)).toSorted(),
      )
    },
  )

  it('minds where the owners are, and when things came up', async () => {
    const late = (await ask('customers in London without late orders')).rows
    const there = store.customers.filter(({ city }) => city === 'London')
    expect(ids(late)).toEqual(ids(there.filter((customer) => ordersOf(customer, isLate).length === 0)))
    expect(ids((await ask('customers without late orders in London')).rows)).toEqual(ids(late))
    const months = (await ask('orders per month since 2999-01-01')).rows
    expect(months).toEqual([])
  })

  it.each([
    [
      'the latest order of each customer',
      () => firstOfEach(store.orders, (order) => order['customerId'], 'createdAt', 1),
    ],
    [
      'show the two latest orders of each customer',
      () => firstOfEach(store.orders, (order) => order['customerId'], 'createdAt', 2),
    ],
    [
      'the last order in each city',
      () => firstOfEach(store.orders, (order) => ownerOf(order)?.['city'], 'createdAt', 1),
    ],
    [
      'For every month show the latest order',
      () => firstOfEach(store.orders, (order) => String(order['createdAt']).slice(0, 7), 'createdAt', 1),
    ],
    [
      'for each month, show the latest order',
      () => firstOfEach(store.orders, (order) => String(order['createdAt']).slice(0, 7), 'createdAt', 1),
    ],
    [
      'the most expensive product in each category',
      () =>
        [...Map.groupBy(store.products, (each) => each['category']).values()].map((all) => highest(all, 'priceCents')),
    ],
    [
      'which product has the highest price in each category?',
      () =>
        [...Map.groupBy(store.products, (each) => each['category']).values()].map((all) => highest(all, 'priceCents')),
    ],
  ])('“%s” takes whole things, the first of each group', async (prompt, expected) => {
    const { rows } = await ask(prompt)
    expect(ids(rows)).toEqual(ids(expected()))
    expect(rows.length).toBeGreaterThan(1)
  })

  it('takes all of a group that are level', async () => {
    const orders = [
      { id: 'o1', shop: 'north', total: 5 },
      { id: 'o2', shop: 'north', total: 5 },
      { id: 'o3', shop: 'south', total: 9 },
      { id: 'o4', shop: 'south', total: 3 },
      { id: 'o5', shop: null, total: null },
    ]
    const office = await tenantWithTold(
      'Shops',
      { '/orders': listing({ id: text, shop: text, total: number }) },
      { '/orders': orders },
    )
    const { data } = await office.call('POST', '/api/v1/query', { prompt: 'the biggest order of each shop' })
    expect(ids(data.rows)).toEqual(['o1', 'o2', 'o3'])
  })

  it.each(['customers with the most refunds', 'number of refunds per customer'])(
    '“%s” goes through what stands between',
    async (prompt) => {
      const { rows } = await ask(prompt)
      const expected = store.customers.map((customer) => [customer['id'], refundsOf(customer)])
      expect(rows.map(({ id, refunds }) => [id, refunds]).toSorted()).toEqual(expected.toSorted())
      expect(rows.some(({ refunds }) => refunds === 1)).toBe(true)
    },
  )

  it('takes the first of each group through what stands between', async () => {
    const { rows } = await ask('the latest refund of each customer')
    const customerOf = ({ orderId }: Row) => store.orders.find(({ id }) => id === orderId)?.['customerId']
    expect(ids(rows)).toEqual(ids(firstOfEach(store.refunds, customerOf, 'createdAt', 1)))
    const { plan } = await ask('the latest refund in each city')
    expect(plan['assumptions']).toContain(
      '“the latest refund in each city” is not worked out: no list tells what it takes',
    )
  })

  it('keeps those who have none through what stands between', async () => {
    const { rows } = await ask('which customers have no refunds?')
    expect(ids(rows)).toEqual(ids(store.customers.filter((customer) => refundsOf(customer) === 0)))
  })

  it('goes on with what it found', async () => {
    const { rows } = await ask('which customer has the most late orders? Then show their last order')
    const late = (customer: Row) => ordersOf(customer, isLate).length
    const [most] = store.customers.toSorted((a, b) => late(b) - late(a))
    expect(ids(rows)).toEqual(ids(firstOfEach(ordersOf(most ?? {}), () => '', 'createdAt', 1)))
    const city = await ask('show the city of the customer with the most late orders')
    expect(JSON.stringify(city.rows)).toContain(String(most?.['city']))
  })

  it('minds when it was', async () => {
    const { rows } = await ask('who spent the most in February 2026?')
    const spent = (customer: Row) =>
      total(ordersOf(customer, (order) => String(order['createdAt']).startsWith('2026-02')))
    const most = Math.max(...store.customers.map(spent))
    expect(rows.map(({ id, totalCents }) => [id, totalCents])).toEqual(
      store.customers.filter((customer) => spent(customer) === most).map(({ id }) => [id, most]),
    )
  })

  it.each([
    'show the names of the customers without late orders',
    'which customers have no late orders and what are their names?',
    'how many customers have no late orders? Show me their names',
  ])('“%s” tells of them what is asked for', async (prompt) => {
    const { rows } = await ask(prompt)
    const expected = store.customers.filter((customer) => ordersOf(customer, isLate).length === 0)
    expect(rows.map(({ value }) => value).toSorted()).toEqual(expected.map(({ name }) => name).toSorted())
    expect(rows.length).toBeGreaterThan(1)
  })

  it('answers, and says what of the rest nothing does with that', async () => {
    const { rows, plan } = await ask('which city has the most customers? Then list the customers there')
    expect(rows.map(({ city }) => city).toSorted()).toEqual(['Boston', 'London'])
    expect(String(plan['assumptions'])).toContain('“list the customers there” is left out')
  })

  it('is told in words, each group with its number', async () => {
    const { rows, answer } = await ask('which customer has the most orders')
    const each = rows.map(({ name, orders }) => `${name} (orders ${orders})`)
    expect(each.length).toBeGreaterThan(1)
    expect(answer).toBe(`${each.length} customers from store: ${each.join(', ')}.`)
    expect((await ask('group the orders by status')).answer).toMatch(/^7 statuses from store: \w+ \(orders \d+\), /)
  })

  it('averages what there is, and lists those without anything last', async () => {
    const { rows } = await ask('average order value per customer')
    const average = (customer: Row) => {
      const orders = ordersOf(customer)
      return orders.length === 0 ? null : Math.round((100 * total(orders)) / orders.length) / 100
    }
    const expected = store.customers.map((customer) => [customer['name'], average(customer)])
    expect(rows.map(({ name, averageTotalCents }) => [name, averageTotalCents]).toSorted()).toEqual(expected.toSorted())
    expect(rows.at(-1)?.['averageTotalCents']).toBe(null)
    const [best] = (await ask('which customer has the highest average order value')).rows
    expect(best?.['averageTotalCents']).toBe(rows[0]?.['averageTotalCents'])
  })

  it('months come in their order, other groups with the most first', async () => {
    const months = (await ask('orders per month')).rows.map(({ month }) => String(month))
    expect(months).toEqual(months.toSorted())
    const prices = (await ask('average price by category')).rows.map((row) => Number(row['averagePriceCents']))
    expect(prices).toEqual(prices.toSorted((a, b) => b - a))
    expect(prices).toHaveLength(counted(store.products, ({ category }) => category).length)
  })

  it('things come with what they belong to', async () => {
    const { rows } = await ask("list all late orders with the customer's name and email")
    expect(rows.map(({ id, customerName, customerEmail }) => [id, customerName, customerEmail]).toSorted()).toEqual(
      store.orders
        .filter(isLate)
        .map((order) => {
          const customer = store.customers.find(({ id }) => id === order['customerId'])
          return [order['id'], customer?.['name'], customer?.['email']]
        })
        .toSorted(),
    )
    const nested = (await ask('list customers with their orders')).rows
    for (const row of nested) expect(ids(row['orders'] as Row[])).toEqual(ids(ordersOf(row)))
    expect(nested).toHaveLength(store.customers.length)
  })

  it('is not made up of a part of what is asked for', async () => {
    const { data } = await tenant.call('POST', '/api/chat', { message: 'number of orders per customer and status' })
    expect(data.assumptions).toContain(
      '“number of orders per customer and status” is not worked out: no list tells what it takes',
    )
  })

  it('is not made up where no list tells what belongs to what', async () => {
    const { data } = await tenant.call('POST', '/api/chat', { message: 'which products have never been ordered' })
    expect(data.assumptions).toContain(
      '“which products have never been ordered” is not worked out: no list tells what it takes',
    )
  })
})

describe('a message that is no report', () => {
  it.each([
    'email customers who have not ordered',
    'delete customers without orders',
    'refund orders without refunds',
    'update the customer with the most orders',
  ])('“%s” is not answered by looking them up', async (message) => {
    const { data } = await tenant.call('POST', '/api/chat', { message })
    expect([data.status, data.effects]).not.toEqual(['ready', ['read']])
  })

  it('says nothing of working out where a filter is all it takes', async () => {
    const { data } = await tenant.call('POST', '/api/chat', { message: 'Show orders that shipped in November' })
    expect([data.status, data.assumptions]).toEqual(['ready', []])
  })
})

describe('lists that are only there for each owner', () => {
  const connected = (async () => {
    const two = await newTenant()
    const spec = (await (await fetch(`${tenant.store.url}/openapi.json`)).json()) as { paths: Row }
    delete spec.paths['/orders']
    const auth = { type: 'apiKey', value: tenant.store.apiKey }
    await two.call('POST', '/api/apis', { name: 'Owned', spec, auth })
    return two
  })()
  const answer = async (prompt: string) => (await (await connected).call('POST', '/api/v1/query', { prompt })).data

  it('are read for every one of them', async () => {
    const counts = await answer('How many orders does each customer have?')
    expect(counts.rows.map(({ id, orders }: Row) => [id, orders]).toSorted()).toEqual(
      store.customers.map((customer) => [customer['id'], ordersOf(customer).length]).toSorted(),
    )
    expect(counts.plan.steps.map(({ title }: Row) => title)).toContain('Put together the orders of every customer')
    expect(ids((await answer('customers without orders')).rows)).toEqual(
      ids(store.customers.filter((customer) => ordersOf(customer).length === 0)),
    )
    expect(ids((await answer('the latest order of each customer')).rows)).toEqual(
      ids(firstOfEach(store.orders, (order) => order['customerId'], 'createdAt', 1)),
    )
    expect((await answer('average order value')).answer).toBe(
      `The answer is ${total(store.orders) / store.orders.length}.`,
    )
  })

  it('are those of the owners who are meant', async () => {
    const { rows } = await answer('customers in London without late orders')
    const there = store.customers.filter(({ city }) => city === 'London')
    expect(ids(rows)).toEqual(ids(there.filter((customer) => ordersOf(customer, isLate).length === 0)))
    expect(rows.length).toBeGreaterThan(0)
  })

  it('fail to be gone on with where one of them is only a part', async () => {
    const two = await connected
    const { data } = await two.call('POST', '/api/chat', { message: 'which customer has the most orders' })
    const loop = data.definition.steps.find(({ type }: Row) => type === 'loop')
    loop.steps[0].paginate.maxItems = 1
    const { data: workflow } = await two.call('POST', '/api/workflows', { definition: data.definition })
    const { data: run } = await two.call('POST', `/api/workflows/${workflow.id}/execute?wait=10`, {})
    expect([run.status, run.error?.message]).toEqual([
      'failed',
      expect.stringContaining('more of them than are read at once'),
    ])
  })
})

describe('lists of other APIs and long ones', () => {
  it('takes owners from the same API rather than from another, and says so where it has to', async () => {
    const two = await newTenant()
    const connect = (name: string, paths: object) =>
      two.call('POST', '/api/apis', {
        name,
        spec: {
          openapi: '3.1.0',
          info: { title: name, version: '1' },
          servers: [{ url: `https://${name}.example.com` }],
          paths,
        },
      })
    const customers = listing({ id: text, name: text })
    await connect('crm', { '/customers': customers })
    await connect('desk', { '/tickets': listing({ id: text, customerId: text }) })
    const message = 'which customer has the most tickets'
    const { data: across } = await two.call('POST', '/api/chat', { message })
    expect(across.steps.map(({ api }: Row) => api)).toEqual(['desk', 'crm', null])
    expect(across.assumptions).toContain('the customer has the same id in both APIs')
    await connect('shop', { '/customers': customers, '/tickets': listing({ id: text, customerId: text }) })
    const { data: within } = await two.call('POST', '/api/chat', { message: `${message}?` })
    const [things, owners] = within.steps
    expect(things.api).toBe(owners.api)
    expect(within.assumptions).not.toContain('the customer has the same id in both APIs')
  })

  it('fails rather than work something out of a part of a list', async () => {
    const counted = (await tenant.call('POST', '/api/chat', { message: 'group the orders by status' })).data.definition
    counted.steps[0].paginate.maxItems = 10
    const { data: workflow } = await tenant.call('POST', '/api/workflows', { definition: counted })
    const { data: run } = await tenant.call('POST', `/api/workflows/${workflow.id}/execute?wait=10`, {})
    expect([run.status, run.error?.message]).toEqual([
      'failed',
      expect.stringContaining('more of them than are read at once'),
    ])
  })

  it('says whose days they are where they are not those of who asks', async () => {
    const { data } = await tenant.call('POST', '/api/chat', { message: 'orders per day', timeZone: 'Asia/Tokyo' })
    expect(data.assumptions).toEqual(['a day is that of the time as the API writes it, not of Asia/Tokyo'])
  })
})

describe('a wish', () => {
  it('is read from a message as a whole, and never from more than one request', () => {
    expect(readReportWishes('list customers and delete those without orders; then stop')).toEqual([])
    expect(readReportWishes('list the customers without orders and delete them')).toEqual([])
    expect(readReportWishes('which customers have no orders and what are their names')).toEqual([])
    expect(readReportWishes('Show the orders of Ada Lovelace')).toEqual([])
    expect(readReportWishes('cancel order 5')).toEqual([])
  })

  it('that names a number of things is one for their sum', () => {
    const sum = { kind: 'groups', things: null, measure: { kind: 'sum', field: 'hours' } }
    for (const message of ['hours per project', 'hours logged per project', 'which project has the most hours'])
      expect(readReportWishes(message)).toContainEqual(expect.objectContaining({ ...sum, by: 'project' }))
    const timed = readReportWishes('sum of hours by project this month')
    expect(timed).toContainEqual(expect.objectContaining({ ...sum, by: 'project', time: 'this month' }))
    const counted = {
      kind: 'groups',
      things: 'closed tickets',
      measure: { kind: 'count' },
      order: 'descending',
      limit: 1,
    }
    expect(readReportWishes('which agent has closed the most tickets')).toContainEqual(expect.objectContaining(counted))
  })

  it('is read from any text without failing', () => {
    const word = fc.constantFrom(
      ...'how many number of the orders customers per by each with most without who have not at least 3 total average , . ? { "'.split(
        ' ',
      ),
    )
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 400 }), fc.array(word, { maxLength: 60 })), (text) => {
        for (const wish of readReportWishes(Array.isArray(text) ? text.join(' ') : text))
          expect(wish.things).not.toBe('')
      }),
      { numRuns: 500 },
    )
  })
})

describe('the expression of a report', () => {
  const owner = fc.record({ id: fc.integer({ min: 1, max: 6 }), name: fc.string({ maxLength: 8 }) })
  const thing = fc.record({
    owner: fc.option(fc.integer({ min: 1, max: 8 }), { nil: null }),
    state: fc.constantFrom('open', 'closed', 'constructor', '__proto__'),
    value: fc.integer({ min: -50, max: 50 }),
  })
  const lists = fc.record({
    owners: fc.uniqueArray(owner, { selector: ({ id }) => id, maxLength: 6 }),
    things: fc.array(thing, { maxLength: 30 }),
  })
  const of = (shape: Report['shape']): Report => ({
    their: null,
    use: 'answer',
    step: 0,
    noun: 'thing',
    key: { path: 'owner', chars: null, name: 'owner' },
    owners: { step: 1, noun: 'owner', id: 'id', label: 'name' },
    shape,
  })
  const work = async (report: Report, input: object) => {
    const text = reportExpression(report, (step) => (step === 0 ? 'input.things' : 'input.owners'))
    const scope = { input: input as Record<string, unknown>, steps: {}, run: { id: '', startedAt: '' } }
    return (await evaluate(`{{ ${text} }}`, scope)) as Row[]
  }

  it('counts and adds up for every owner as a loop over all does', () =>
    fc.assert(
      fc.asyncProperty(lists, async (input) => {
        const own = (id: number) => input.things.filter((each) => each.owner === id)
        const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).toSorted()
        const count = await work(of({ kind: 'groups', measure: { kind: 'count' }, order: null, limit: null }), input)
        expect(sorted(count.map(({ id, things }) => [id, things]))).toEqual(
          sorted(input.owners.map(({ id }) => [id, own(id).length])),
        )
        const sum = of({
          kind: 'groups',
          measure: { kind: 'sum', path: 'value', name: 'value' },
          order: null,
          limit: null,
        })
        expect(sorted((await work(sum, input)).map(({ id, value }) => [id, value]))).toEqual(
          sorted(input.owners.map(({ id }) => [id, own(id).reduce((all, { value }) => all + value, 0)])),
        )
        for (const [least, most] of [
          [0, 0],
          [1, null],
          [2, 3],
        ] as const) {
          const kept = await work(of({ kind: 'having', least, most, counts: false }), input)
          const holds = ({ id }: { id: number }) => own(id).length >= least && own(id).length <= (most ?? Infinity)
          expect(ids(kept)).toEqual(ids(input.owners.filter(holds)))
        }
      }),
      { numRuns: 60 },
    ))

  it('takes the first of each group, and what belongs to some, as a loop does', () =>
    fc.assert(
      fc.asyncProperty(lists, fc.integer({ min: 1, max: 3 }), async (input, limit) => {
        const best = { kind: 'best', path: 'value', name: 'value', descending: false, limit } as const
        const rows = await work({ ...of(best), owners: null }, input)
        const groups = [...Map.groupBy(input.things, ({ owner: one }) => one).values()]
        const first = groups.flatMap((all) => {
          const values = all.map(({ value }) => value).toSorted((a, b) => a - b)
          return all.filter(({ value }) => value <= (values[limit - 1] ?? Infinity))
        })
        const sorted = (all: readonly unknown[]) => all.map((each) => JSON.stringify(each)).toSorted()
        expect(sorted(rows)).toEqual(sorted(first))
        const some = of({ kind: 'having', least: 2, most: null, counts: false })
        const their = { step: 0, noun: 'thing', path: 'owner', id: 'id' }
        const own = await work({ ...some, use: 'each', their }, input)
        const kept = input.owners.filter(({ id }) => input.things.filter((each) => each.owner === id).length >= 2)
        expect(sorted(own)).toEqual(sorted(input.things.filter((each) => kept.some(({ id }) => id === each.owner))))
      }),
      { numRuns: 60 },
    ))

  it('takes the only row there is, and none of several', () =>
    fc.assert(
      fc.asyncProperty(lists, async (input) => {
        const one = of({ kind: 'groups', measure: { kind: 'count' }, order: 'descending', limit: 1 })
        const counts = input.owners.map(({ id }) => input.things.filter((each) => each.owner === id).length)
        const level = counts.filter((count) => count === Math.max(...counts)).length
        const most = input.owners[counts.indexOf(Math.max(...counts))]?.id
        const told = level === 0 ? 'there is none of them' : `there are ${level} of them alike: say which one is meant`
        const came = work({ ...one, use: 'one' }, input).then(
          (row) => (row as unknown as Row)['id'],
          (error: Error) => error.message.replace(/^.*?: (?=there )|\s*\(at character \d+\)$/gs, ''),
        )
        expect(await came).toEqual(level === 1 ? most : told)
      }),
      { numRuns: 60 },
    ))

  it('takes a thousand of each', async () => {
    const input = {
      owners: Array.from({ length: 1000 }, (_, at) => ({
        id: at,
        name: `Somebody with a long name ${at}`,
        city: at % 40,
      })),
      things: Array.from({ length: 1000 }, (_, at) => ({ owner: (at * 7) % 1000, value: at })),
    }
    const fields = ['name', 'city'].map((path) => ({ name: `owner ${path}`, path }))
    for (const shape of [
      { kind: 'groups', measure: { kind: 'count' }, order: null, limit: null },
      { kind: 'having', least: 1, most: 3, counts: false },
      { kind: 'joined', fields },
      { kind: 'nested' },
    ] as const)
      expect(await work(of(shape), input)).toHaveLength(1000)
    const byCity: Report = {
      ...of({ kind: 'groups', measure: { kind: 'max', path: 'value', name: 'value' }, order: null, limit: null }),
      key: { path: 'owner', chars: null, name: 'city', of: { step: 1, id: 'id', path: 'city' } },
      owners: null,
    }
    expect(await work(byCity, input)).toHaveLength(40)
  })

  it('groups by a field as a loop does, whatever its values are called', () =>
    fc.assert(
      fc.asyncProperty(lists, async (input) => {
        const report: Report = {
          ...of({ kind: 'groups', measure: { kind: 'count' }, order: null, limit: 2 }),
          owners: null,
        }
        const rows = await work({ ...report, key: { path: 'state', chars: null, name: 'state' } }, input)
        const counts = counted(input.things, ({ state }) => state).map(([, count]) => Number(count))
        const sorted = counts.toSorted((a, b) => b - a)
        expect(rows.map(({ things }) => things)).toEqual(sorted.filter((count) => count >= (sorted[1] ?? 0)))
      }),
      { numRuns: 60 },
    ))
})
