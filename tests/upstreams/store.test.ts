import { validate } from '@apidevtools/swagger-parser'
import { load } from 'js-yaml'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { refusal, storeClient } from './store/client.ts'
import type { StoreClient } from './store/client.ts'
import { startStore } from './store/server.ts'
import type { RunningStore } from './store/server.ts'

let store: RunningStore
let api: StoreClient

beforeEach(async () => {
  store = await startStore({ apiKey: 'test-key' })
  api = storeClient(store)
})

afterEach(() => store.close())

const oneRadio = { customerId: 'cus_1001', items: [{ productId: 'prd_2002', quantity: 1 }] }
const mismatch = '400 the request does not match its schema'
const connectionReset = { cause: { code: 'ECONNRESET' } }

function refund(order: string, body: object): Promise<Response> {
  return api.call('POST', `/orders/${order}/refunds`, body)
}

function broken(fault: string): Promise<Response> {
  return api.call('GET', '/orders/ord_3001', undefined, { 'X-Store-Fault': fault })
}

function failing(status: number): string {
  return `${status} failing, as asked for by a fault switch`
}

function askDocument(held: string): Promise<Response> {
  return fetch(`${store.url}/openapi.json`, { headers: { 'If-None-Match': held } })
}

describe('access', () => {
  test('needs the key for the API alone', async () => {
    const wrong = { headers: { 'X-Store-Key': 'other' } }
    for (const path of ['/customers', '/products', '/orders', '/refunds/rfd_4001']) {
      expect(await refusal(fetch(store.url + path))).toBe('401 X-Store-Key required')
      expect(await refusal(fetch(store.url + path, wrong))).toBe('401 X-Store-Key invalid')
    }
    const open = ['/health', '/openapi.json', '/openapi.yaml', '/__ledger', '/__faults']
    const statuses = await Promise.all(open.map(async (path) => (await fetch(store.url + path)).status))
    expect(statuses).toEqual([200, 200, 200, 200, 200])
  })

  test('names every fault of a request', async () => {
    const body = { customerId: 'cus_1001', items: [{ productId: 'prd_2001', quantity: 0 }], discount: 5 }
    const answer = await api.call('POST', '/orders', body)
    expect(await refusal(answer.clone())).toBe(mismatch)
    const errors = [{ path: 'body.items.0.quantity' }, { path: 'body', message: expect.stringContaining('discount') }]
    expect(await answer.json()).toMatchObject({ title: 'Bad Request', errors })
    expect(await refusal(api.call('GET', '/products?limit=101'))).toBe(mismatch)
    const longKey = { 'Idempotency-Key': 'k'.repeat(256) }
    expect(await refusal(api.call('POST', '/orders', oneRadio, longKey))).toBe(mismatch)
    const headers = { 'X-Store-Key': 'test-key', 'content-type': 'application/json' }
    const broken = fetch(`${store.url}/orders`, { method: 'POST', headers, body: '{' })
    expect(await refusal(broken)).toMatch(/^400 Malformed JSON/)
  })

  test.each([
    ['/customers/cus_9', '404 customer cus_9 not found'],
    ['/customers/cus_9/orders', '404 customer cus_9 not found'],
    ['/products/prd_9', '404 product prd_9 not found'],
    ['/orders/ord_9/items', '404 order ord_9 not found'],
    ['/refunds/rfd_9', '404 refund rfd_9 not found'],
    ['/nothing', '404 no route for GET /nothing'],
  ])('%s is not found, and the request id comes back', async (path, problem) => {
    const response = await api.call('GET', path, undefined, { 'X-Request-Id': 'req-404' })
    expect(await refusal(response)).toBe(problem)
    expect(response.headers.get('X-Request-Id')).toBe('req-404')
  })
})

describe('lists', () => {
  test.each([
    ['/customers?limit=5', 12],
    ['/products?limit=4&sort=-price', 15],
    ['/products?limit=1&sort=price', 15],
    ['/orders?limit=7', 30],
    ['/refunds?limit=2', 3],
  ])('%s walks everything once', async (path, total) => {
    const ids: string[] = []
    let next = path
    while (next !== '' && ids.length <= total) {
      const page = await api.list(next)
      expect(page.total).toBe(total)
      ids.push(...page.items.map((item) => item.id))
      next = page.nextCursor === null ? '' : `${path}&cursor=${page.nextCursor}`
    }
    expect(ids).toHaveLength(total)
    expect(new Set(ids).size).toBe(total)
  })

  test('a page neither repeats nor skips when the list changes in between', async () => {
    const first = await api.list('/orders?limit=2')
    expect((await api.call('POST', '/orders', oneRadio)).status).toBe(201)
    expect(await api.ids(`/orders?limit=2&cursor=${first.nextCursor}`)).toEqual(['ord_3028', 'ord_3027'])
  })

  test('refuses a cursor of another order', async () => {
    const { nextCursor } = await api.list('/products?limit=2&sort=name')
    expect(await refusal(api.call('GET', `/products?sort=price&cursor=${nextCursor}`))).toBe(mismatch)
    expect(await refusal(api.call('GET', '/products?cursor=rubbish'))).toBe(mismatch)
  })

  test.each([
    ['/customers?search=LOVELACE', ['cus_1001']],
    ['/customers?city=boston', ['cus_1007', 'cus_1008']],
    ['/orders?status=late', ['ord_3017', 'ord_3015', 'ord_3013', 'ord_3009']],
    ['/orders?customerId=cus_1002&since=2026-03-01', ['ord_3028', 'ord_3017']],
    ['/customers/cus_1002/orders?status=late', ['ord_3017', 'ord_3009']],
    ['/products?inStock=false', ['prd_2004', 'prd_2012']],
    ['/products?category=kitchen&minPrice=3900&maxPrice=5400&sort=-price', ['prd_2015', 'prd_2013']],
    ['/products?search=saw', ['prd_2011']],
    ['/refunds?orderId=ord_3007', ['rfd_4003']],
  ])('%s filters', async (path, ids) => {
    expect(await api.ids(path)).toEqual(ids)
  })
})

describe('state', () => {
  test('the seed adds up', async () => {
    const { items: orders } = await api.list('/orders?limit=100')
    expect(new Set(orders.map((order) => order.status)).size).toBe(7)
    for (const { id, status, totalCents, refundedCents } of orders) {
      const lines = await api.read<{ items: { lineTotalCents: number }[] }>(`/orders/${id}/items`)
      const sum = lines.items.reduce((total, line) => total + line.lineTotalCents, 0)
      expect({ id, totalCents }).toEqual({ id, totalCents: sum })
      expect({ id, refunded: status === 'refunded' }).toEqual({ id, refunded: refundedCents === totalCents })
    }
  })

  test('an order takes stock, a cancellation gives it back', async () => {
    const items = [1, 2].map((quantity) => ({ productId: 'prd_2014', quantity }))
    const placed = await api.call('POST', '/orders', { customerId: 'cus_1012', items, note: 'Gift wrap.' })
    expect(placed.status).toBe(201)
    const order = { id: 'ord_3031', status: 'pending', itemCount: 3, totalCents: 20700, note: 'Gift wrap.' }
    expect(await placed.json()).toMatchObject(order)
    expect(await api.read('/products/prd_2014')).toMatchObject({ stock: 5 })
    expect(await api.read('/orders/ord_3031/items')).toMatchObject({ total: 1, items: [{ quantity: 3 }] })
    const cancelled = await api.call('POST', '/orders/ord_3031/cancel')
    expect(await cancelled.json()).toMatchObject({ ...order, status: 'cancelled' })
    expect(await api.read('/products/prd_2014')).toMatchObject({ stock: 8 })
  })

  test('an order short of one product takes no stock at all', async () => {
    const items = [
      { productId: 'prd_2001', quantity: 1 },
      { productId: 'prd_2008', quantity: 3 },
    ]
    const short = await refusal(api.call('POST', '/orders', { customerId: 'cus_1001', items }))
    expect(short).toBe('409 not enough stock of prd_2008: 3 wanted, 2 left')
    expect(await api.read('/products/prd_2001')).toMatchObject({ stock: 14 })
    expect(await api.list('/orders?limit=1')).toMatchObject({ total: 30 })
    const stranger = api.call('POST', '/orders', { ...oneRadio, customerId: 'cus_9' })
    expect(await refusal(stranger)).toBe('404 customer cus_9 not found')
  })

  test.each([
    ['ord_3014', 'shipped'],
    ['ord_3009', 'late'],
    ['ord_3001', 'delivered'],
    ['ord_3006', 'cancelled'],
    ['ord_3004', 'refunded'],
  ])('%s cannot be cancelled, being %s', async (id, status) => {
    const answer = await refusal(api.call('POST', `/orders/${id}/cancel`))
    expect(answer).toBe(`409 order ${id} is ${status} and can no longer be cancelled`)
    expect(await api.read(`/orders/${id}`)).toMatchObject({ status })
  })

  test('refunds never exceed what was paid', async () => {
    const part = await refund('ord_3009', { amountCents: 2900, reason: 'Late.' })
    expect(part.status).toBe(201)
    expect(await part.json()).toMatchObject({ id: 'rfd_4004', orderId: 'ord_3009', amountCents: 2900 })
    expect(await api.read('/orders/ord_3009')).toMatchObject({ status: 'late', refundedCents: 2900 })
    const tooMuch = await refusal(refund('ord_3009', { amountCents: 10001, reason: 'Late.' }))
    expect(tooMuch).toBe('422 only 10000 cents of order ord_3009 are left to refund, not 10001')
    const rest = await refund('ord_3009', { reason: 'Never came.' })
    expect(await rest.json()).toMatchObject({ amountCents: 10000 })
    expect(await api.read('/orders/ord_3009')).toMatchObject({ status: 'refunded', refundedCents: 12900 })
    const again = await refusal(refund('ord_3009', { reason: 'Again.' }))
    expect(again).toBe('422 order ord_3009 is already refunded in full')
    expect(await refusal(refund('ord_3030', { reason: 'Other.' }))).toBe('409 order ord_3030 was never paid')
    expect(await api.list('/refunds')).toMatchObject({ total: 5 })
  })

  test('customers are added, changed and deleted', async () => {
    const added = await api.call('POST', '/customers', { name: 'Mary Somerville', email: 'mary@example.com' })
    expect(added.status).toBe(201)
    expect(await added.json()).toMatchObject({ id: 'cus_1013', city: null })
    const changed = await api.call('PATCH', '/customers/cus_1013', { city: 'Edinburgh' })
    expect(await changed.json()).toMatchObject({ name: 'Mary Somerville', city: 'Edinburgh' })
    expect(await refusal(api.call('PATCH', '/customers/cus_1013', {}))).toBe(mismatch)
    const taken = await refusal(api.call('PATCH', '/customers/cus_1013', { email: 'ADA@example.com' }))
    expect(taken).toBe('409 the e-mail address ADA@example.com belongs to cus_1001')
    expect((await api.call('DELETE', '/customers/cus_1013')).status).toBe(204)
    expect(await refusal(api.call('GET', '/customers/cus_1013'))).toBe('404 customer cus_1013 not found')
    const kept = await refusal(api.call('DELETE', '/customers/cus_1001'))
    expect(kept).toBe('409 customer cus_1001 has orders and cannot be deleted')
  })

  test('a new price leaves placed orders alone', async () => {
    const pot = { name: 'Tea Pot', category: 'kitchen', priceCents: 2500, stock: 4 }
    const added = await api.call('POST', '/products', pot)
    expect(await added.json()).toMatchObject({ id: 'prd_2016', ...pot, currency: 'EUR' })
    await api.call('POST', '/orders', { customerId: 'cus_1001', items: [{ productId: 'prd_2016', quantity: 2 }] })
    const changed = await api.call('PATCH', '/products/prd_2016', { priceCents: 9900 })
    expect(await changed.json()).toMatchObject({ priceCents: 9900, stock: 2, name: 'Tea Pot' })
    expect(await api.read('/orders/ord_3031')).toMatchObject({ totalCents: 5000 })
  })

  test('two stores share nothing', async () => {
    const other = await startStore()
    await api.call('POST', '/orders', oneRadio)
    const { orders, products } = other.state
    await other.close()
    expect([store.state.orders.size, orders.size]).toEqual([31, 30])
    expect([store.state.products.get('prd_2002')?.stock, products.get('prd_2002')?.stock]).toEqual([31, 32])
  })
})

describe('idempotency and the ledger', () => {
  const once = { 'Idempotency-Key': 'once', 'X-Request-Id': 'req-1' }

  test('repeats are answered from memory, also while the first is under way', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => api.call('POST', '/orders', oneRadio, once)))
    expect(answers.filter((answer) => answer.headers.get('Idempotency-Replayed') === 'true')).toHaveLength(2)
    const bodies = await Promise.all(answers.map((answer) => answer.text()))
    expect(new Set(bodies).size).toBe(1)
    expect(bodies[0]).toContain('"id":"ord_3031"')
    expect(await api.read('/products/prd_2002')).toMatchObject({ stock: 31 })
    expect(store.ledger).toHaveLength(1)
  })

  test('refusals and empty answers are recorded too', async () => {
    const remove = () => api.call('DELETE', '/customers/cus_1012', undefined, { 'Idempotency-Key': 'gone' })
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 204])
    const order = { customerId: 'cus_1001', items: [{ productId: 'prd_2004', quantity: 1 }] }
    const short = '409 not enough stock of prd_2004: 1 wanted, 0 left'
    expect(await refusal(api.call('POST', '/orders', order, once))).toBe(short)
    await api.call('PATCH', '/products/prd_2004', { stock: 5 })
    expect(await refusal(api.call('POST', '/orders', order, once))).toBe(short)
  })

  test('a key used for another request is refused', async () => {
    const other = '422 this Idempotency-Key was used for another request'
    expect((await api.call('POST', '/orders/ord_3030/cancel', undefined, once)).status).toBe(200)
    expect(await refusal(api.call('POST', '/orders/ord_3029/cancel', undefined, once))).toBe(other)
    expect(await refusal(api.call('POST', '/orders/ord_3030/cancel', { reason: 'Other.' }, once))).toBe(other)
    expect(await refusal(api.call('PATCH', '/orders/ord_3030/cancel', undefined, once))).toBe(other)
    expect(store.ledger).toHaveLength(1)
  })

  test('the ledger lists what changed something and nothing else', async () => {
    await api.call('GET', '/orders')
    await api.call('POST', '/orders/ord_3001/cancel')
    await api.call('POST', '/orders', oneRadio, once)
    await api.call('POST', '/orders', oneRadio, once)
    await api.call('POST', '/orders/ord_3030/cancel')
    const ledger = await api.read('/__ledger')
    const order = { path: '/orders', idempotencyKey: 'once', requestId: 'req-1', status: 201, body: oneRadio }
    const cancel = { path: '/orders/ord_3030/cancel', idempotencyKey: null, requestId: null, status: 200, body: null }
    expect(ledger).toMatchObject({ total: 2, items: [{ method: 'POST', ...order }, cancel] })
    expect(ledger['items']).toEqual(store.ledger)
  })
})

describe('faults', () => {
  test('a status hits the next matching requests only', async () => {
    await api.call('PUT', '/__faults', { status: 503, times: 2, method: 'post', pathPrefix: '/orders' })
    expect((await api.call('GET', '/orders')).status).toBe(200)
    expect((await api.call('POST', '/customers', { name: 'A', email: 'a@example.com' })).status).toBe(201)
    expect(await refusal(api.call('POST', '/orders', oneRadio))).toBe(failing(503))
    expect(await refusal(api.call('POST', '/orders', oneRadio))).toBe(failing(503))
    expect((await api.call('POST', '/orders', oneRadio)).status).toBe(201)
    expect(await api.read('/__faults')).toMatchObject({ active: { status: 503, method: 'POST' }, hits: 2 })
    expect(await refusal(api.call('PUT', '/__faults', { times: 1 }))).toBe(mismatch)
  })

  test('without times it stays until cleared, and spares the rest of the server', async () => {
    await api.call('PUT', '/__faults', { rateLimit: { retryAfterSeconds: 7 } })
    for (const path of ['/orders', '/refunds']) {
      const limited = await api.call('GET', path)
      expect(limited.headers.get('Retry-After')).toBe('7')
      expect(await refusal(limited)).toBe(failing(429))
    }
    for (const path of ['/health', '/openapi.json', '/__ledger']) await api.read(path)
    expect((await api.call('DELETE', '/__faults')).status).toBe(204)
    expect((await api.call('GET', '/orders')).status).toBe(200)
  })

  test('a reset breaks the connection, before acting or after', async () => {
    const order = () => api.call('POST', '/orders', oneRadio, { 'Idempotency-Key': 'lost' })
    await api.call('PUT', '/__faults', { reset: true, times: 1 })
    await expect(order()).rejects.toMatchObject(connectionReset)
    expect(store.ledger).toHaveLength(0)
    await api.call('PUT', '/__faults', { reset: true, after: true, times: 1 })
    await expect(order()).rejects.toMatchObject(connectionReset)
    expect((await order()).headers.get('Idempotency-Replayed')).toBe('true')
    expect(store.ledger).toHaveLength(1)
  })

  test('a delay alone answers normally', async () => {
    const started = performance.now()
    const response = await broken('delay=60')
    // A timer may fire up to a millisecond early.
    expect(performance.now() - started).toBeGreaterThan(58)
    expect(await response.json()).toMatchObject({ id: 'ord_3001' })
  })

  test('a request can break itself', async () => {
    expect(await refusal(broken('delay=1, status=500'))).toBe(failing(500))
    expect((await broken('rate-limit=1')).headers.get('Retry-After')).toBe('1')
    await expect(broken('reset')).rejects.toMatchObject(connectionReset)
    for (const nonsense of ['delay', 'status=200', 'explode', 'after']) {
      expect(await refusal(broken(nonsense))).toBe('400 X-Store-Fault is not a fault this store knows')
    }
  })

  test('closing does not wait for a delayed request', async () => {
    await api.call('PUT', '/__faults', { delayMs: 600_000 })
    const waiting = api.call('POST', '/orders', oneRadio).then(
      () => 'answered',
      () => 'broken',
    )
    await vi.waitFor(() => expect(store.faults.hits).toBe(1))
    await store.close()
    expect(await waiting).toBe('broken')
    await expect(fetch(`${store.url}/health`)).rejects.toThrow('fetch failed')
  })
})

describe('the document', () => {
  interface Described {
    openapi: string
    info: { title: string; version: string }
    servers: { url: string }[]
    paths: Record<string, Record<string, { responses: object }>>
  }
  const document = () => api.read<Described>('/openapi.json')

  test('is valid and describes every operation', async () => {
    const described = await document()
    await validate(structuredClone(described))
    const { info: _, ...incomplete } = structuredClone(described)
    await expect(validate(incomplete as Described)).rejects.toThrow(/schema validation|info/)
    const scheme = { type: 'apiKey', in: 'header', name: 'X-Store-Key' }
    const components = { securitySchemes: { storeKey: scheme } }
    expect(described).toMatchObject({ info: { title: 'Sample Store' }, servers: [{ url: store.url }], components })
    expect(Object.keys(described.paths).filter((path) => path.startsWith('/__'))).toEqual([])
    const operations = Object.values(described.paths).flatMap((path) => Object.values(path))
    expect(operations).toHaveLength(19)
    for (const operation of operations) {
      expect(operation).toMatchObject({
        operationId: expect.stringMatching(/^[a-z]+[A-Z]\w+$/),
        summary: expect.stringMatching(/\S/),
        description: expect.stringMatching(/\.$/),
        tags: [expect.stringMatching(/\S/)],
      })
    }
  })

  test('is the same in YAML', async () => {
    const yaml = await fetch(`${store.url}/openapi.yaml`)
    expect(load(await yaml.text())).toEqual(await document())
  })

  test('is not sent again to who holds it', async () => {
    const etag = (await askDocument('"other"')).headers.get('ETag') ?? ''
    expect(etag).toMatch(/^"[\w-]{43}"$/)
    const held = await askDocument(`"other", ${etag}`)
    expect([held.status, await held.text(), held.headers.get('ETag')]).toEqual([304, '', etag])
    expect((await askDocument('"other"')).status).toBe(200)
  })
})
