import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { newTenant, tenantWithStore } from './helpers.ts'

type PlannedStep = {
  operation: string | null
  effect: string
  bindings: { target: string; source: string; value: string }[]
}

const { call } = await tenantWithStore()
const ask = async (message: string) => (await call('POST', '/api/chat', { message })).data
const operationsOf = (plan: { steps: PlannedStep[] }) => plan.steps.map((step) => step.operation)
const literalsOf = (plan: { steps: PlannedStep[] }) =>
  Object.fromEntries(
    plan.steps.flatMap((step) =>
      step.bindings.filter((binding) => binding.source === 'literal').map((binding) => [binding.target, binding.value]),
    ),
  )

describe('plans', () => {
  it.each([
    ['Show me the late orders', ['GET /orders'], { status: 'late' }],
    ['What is out of stock?', ['GET /products'], { inStock: 'false' }],
    ['List products under 40 euros', ['GET /products'], { maxPrice: '4000' }],
    ['List products cheaper than 40 euros', ['GET /products'], { maxPrice: '4000' }],
    ['List products that cost no more than 40 euros', ['GET /products'], { maxPrice: '4000' }],
    [
      'Which products are out of stock and cost less than 50 euros?',
      ['GET /products'],
      { inStock: 'false', maxPrice: '5000' },
    ],
    [
      'Find the customer Ada Lovelace and delete her',
      ['GET /customers', 'DELETE /customers/{customerId}'],
      { search: 'Ada Lovelace' },
    ],
    ['List products that cost more than 40 euros', ['GET /products'], { minPrice: '4000' }],
    ['What is the city of Ada Lovelace?', ['GET /customers', null], { search: 'Ada Lovelace' }],
    ['show me the cheapest product', ['GET /products'], { sort: 'price', limit: '1' }],
    ['orders since 2026-03-01', ['GET /orders'], { since: '2026-03-01' }],
    ['list the first 3 customers', ['GET /customers'], { limit: '3' }],
    ['show order ord_3013', ['GET /orders/{orderId}'], { orderId: 'ord_3013' }],
    ['Get the items of order ord_3013', ['GET /orders/{orderId}/items'], { orderId: 'ord_3013' }],
    ['cancel order 3030', ['POST /orders/{orderId}/cancel'], { orderId: 'ord_3030' }],
    [
      "Show Ada Lovelace's orders",
      ['GET /customers', 'GET /customers/{customerId}/orders'],
      { search: 'Ada Lovelace' },
    ],
    [
      'Find the customer Katherine Johnson and show her orders',
      ['GET /customers', 'GET /customers/{customerId}/orders'],
      { search: 'Katherine Johnson' },
    ],
    [
      'show the customer of order ord_3013',
      ['GET /orders/{orderId}', 'GET /customers/{customerId}'],
      { orderId: 'ord_3013' },
    ],
    ['delete customer Annie Easley', ['GET /customers', 'DELETE /customers/{customerId}'], { search: 'Annie Easley' }],
    [
      "Cancel Ada Lovelace's pending order",
      ['GET /customers', 'GET /orders', 'POST /orders/{orderId}/cancel'],
      { search: 'Ada Lovelace', status: 'pending' },
    ],
    [
      'Create a customer named Grace Kelly with email grace@kelly.example',
      ['POST /customers'],
      { name: 'Grace Kelly', email: 'grace@kelly.example' },
    ],
    [
      'set the city of Ada Lovelace to Paris',
      ['GET /customers', 'PATCH /customers/{customerId}'],
      { search: 'Ada Lovelace', city: 'Paris' },
    ],
    ['How many customers are in London?', ['GET /customers', null], { city: 'London' }],
    [
      'Refund 20 euros on order ord_3009 because it is late',
      ['POST /orders/{orderId}/refunds'],
      { orderId: 'ord_3009', amountCents: '2000', reason: 'it is late' },
    ],
  ])('%s', async (message, operations, literals) => {
    const plan = await ask(message)
    expect([plan.status, operationsOf(plan), literalsOf(plan)]).toEqual(['ready', operations, literals])
  })

  it.each([
    'Increase the price of all products by 10 percent',
    'Decrease the price of the product Analytical Engine by 5',
  ])('adds nothing where something is to be changed: %s', async (message) => {
    expect(operationsOf(await ask(message))).not.toContain('POST /products')
  })

  it('takes "it" for what a call before was made for', async () => {
    const plan = await ask('Cancel order ord_3001 and refund it')
    expect(operationsOf(plan)).toEqual(['POST /orders/{orderId}/cancel', 'POST /orders/{orderId}/refunds'])
    expect(plan.definition.steps.map(({ parameters }: { parameters: object }) => parameters)).toEqual([
      { orderId: 'ord_3001' },
      { orderId: 'ord_3001' },
    ])
    expect(plan.missing.map(({ name }: { name: string }) => name)).toEqual(['reason'])
  })

  it('keeps apart what an order is for and what is ordered', async () => {
    const plan = await ask('Order two Studio Headphones for Alan Turing')
    expect(operationsOf(plan)).toEqual(['GET /customers', 'GET /products', 'POST /orders'])
    expect(
      plan.steps.map((step: PlannedStep) =>
        step.bindings.map((binding) => `${binding.target} ${binding.source} ${binding.value}`),
      ),
    ).toEqual([
      ['search literal Alan Turing'],
      ['search literal Studio Headphones'],
      [
        'items.quantity literal 2',
        'customerId step id of the first customer found (listCustomers)',
        'items.productId step id of the first product found (listProducts)',
      ],
    ])
    const body = plan.definition.steps[2].body
    expect(body.items).toEqual([{ quantity: 2, productId: '{{ steps.listProducts.body.items[0].id }}' }])
  })

  it('asks for what the message does not say, and runs once it is given', async () => {
    const plan = await ask('Refund order ord_3015')
    expect([plan.status, plan.missing.map((input: { name: string }) => input.name)]).toEqual([
      'needs_input',
      ['reason'],
    ])
    const without = await call('POST', '/api/chat/execute', { planId: plan.id })
    expect([without.status, without.body.code]).toEqual([422, 'MISSING_INPUT'])
    const run = await call('POST', '/api/chat/execute?wait=10', { planId: plan.id, input: { reason: 'too late' } })
    expect(run.data).toMatchObject({ status: 'succeeded', output: { orderId: 'ord_3015', reason: 'too late' } })
  })

  it('shows the effect of every step and says when nothing is changed', async () => {
    const reading = await ask('Show me the late orders')
    expect([reading.effects, reading.explanation]).toEqual([
      ['read'],
      'List orders (status: late). Nothing is changed.',
    ])
    const paying = await ask("Refund Ada Lovelace's late order because it arrived late")
    expect(paying.effects).toEqual(['read', 'pay'])
    expect(paying.steps.at(-1).reach).toMatch(/^1 × POST \/orders\/\{orderId\}\/refunds at 127\.0\.0\.1:\d+$/)
  })

  it('can be edited before it is confirmed, and is checked again', async () => {
    const plan = await ask('Show me the late orders')
    const [step] = plan.definition.steps
    const edited = (status: string) => ({ ...plan.definition, steps: [{ ...step, parameters: { status } }] })
    const wrong = await call('POST', '/api/chat/execute', { planId: plan.id, definition: edited('lost') })
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([422, '/steps/0/parameters/status'])
    const run = await call('POST', '/api/chat/execute?wait=10', { planId: plan.id, definition: edited('refunded') })
    expect(new Set(run.data.output.items.map((order: { status: string }) => order.status))).toEqual(
      new Set(['refunded']),
    )
  })

  it('says which part of a request it leaves out', async () => {
    const plan = await ask('Show me the late orders and delete them')
    expect(operationsOf(plan)).toEqual(['GET /orders'])
    expect(plan.assumptions).toContain('“delete them” is left out: it does not say what it is about')
    expect((await ask('Show me the late orders, thanks')).assumptions).toEqual([])
  })

  it('looks at the first of a list that is named, and changes none because it is first', async () => {
    const who = await newTenant()
    const report = { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } }
    const id = { name: 'reportId', in: 'path', required: true, schema: { type: 'string' } }
    const answer = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
    const spec = {
      openapi: '3.0.3',
      info: { title: 'Reports', version: '1' },
      servers: [{ url: 'https://reports.example' }],
      paths: {
        '/archive/reports': {
          get: { summary: 'List archived reports', responses: answer({ type: 'array', items: report }) },
        },
        '/reports/{reportId}': {
          get: { summary: 'Get a report', parameters: [id], responses: answer(report) },
          delete: { summary: 'Delete a report', parameters: [id], responses: { 204: { description: 'gone' } } },
        },
      },
    }
    expect((await who.call('POST', '/api/apis', { name: 'Reports', spec })).status).toBe(201)
    const { data } = await who.call('POST', '/api/chat', { message: 'Delete the archived report' })
    expect([data.status, operationsOf(data)]).toEqual(['needs_input', ['DELETE /reports/{reportId}']])
    expect(data.missing.map(({ name }: { name: string }) => name)).toEqual(['reportId'])
  })

  it('is the same every time', async () => {
    const message = "Cancel Ada Lovelace's pending order"
    const [one, two] = [await ask(message), await ask(message)]
    expect(one.definition).toEqual(two.definition)
  })
})

describe('refusals', () => {
  it.each([
    ["What's the weather in Paris?", 'needs_api', ['weather']],
    ['book a flight to Rome', 'needs_api', ['flight']],
    ['send an email to Ada', 'not_found', []],
    ['hello', 'not_found', []],
    ['asdf qwer', 'needs_api', ['asdf', 'qwer']],
  ])('%s', async (message, status, unconnected) => {
    const plan = await ask(message)
    expect([plan.status, plan.unconnected, plan.definition, plan.confidence]).toEqual([status, unconnected, null, 0])
    expect(plan.explanation).toMatch(/^I found no operation for “/)
  })

  it('names the nearest operations', async () => {
    const plan = await ask('paint the orders blue')
    expect(plan.status).toBe('not_found')
    expect(plan.nearest.map((operation: { operation: string }) => operation.operation)).toContain('GET /orders')
  })

  it('finds nothing where nothing is connected', async () => {
    const tenant = await newTenant()
    const { data } = await tenant.call('POST', '/api/chat', { message: 'Show me the late orders' })
    expect([data.status, data.nearest]).toEqual(['needs_api', []])
  })
})

describe('hostile messages', () => {
  it.each([
    ['FTS syntax', 'orders" OR * NEAR(a b) AND scope:x - ^'],
    ['SQL', "orders'; DROP TABLE endpoints; --"],
    ['an expression', 'Create a customer named "{{ $eval(\'1\') }}" with email x@example.com'],
    ['control characters', 'show\u0000 the\u0007 late\u001b[31m orders'],
    ['another language', '显示所有逾期订单 и заказы клиента'],
    ['right-to-left and emoji', '🙏 أرني الطلبات المتأخرة 🛒'],
    ['very many clauses', 'show orders and '.repeat(300)],
  ])('%s: a plan or a clear answer', async (_, message) => {
    const reply = await call('POST', '/api/chat', { message })
    expect(reply.status).toBe(201)
    expect(['ready', 'needs_input', 'not_found', 'needs_api', 'needs_choice']).toContain(reply.data.status)
  })

  it('does not run what somebody wrote between braces', async () => {
    const plan = await ask('Create a customer named "{{ 6 * 7 }}" with email braces@example.com')
    const run = await call('POST', '/api/chat/execute?wait=10', { planId: plan.id })
    expect(run.data.output.name).toBe('{{ 6 * 7 }}')
  })

  it('refuses a message of 100 KB by its size', async () => {
    const reply = await call('POST', '/api/chat', { message: 'orders '.repeat(15_000) })
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, '/message'])
  })

  it('never answers with an error of its own, and what it calls ready is runnable', async () => {
    const word = fc.constantFrom(
      ...'show list refund cancel delete order orders customer Ada Lovelace late first 3 the of and then ord_3013 "x" 40 euros in London for each product price to'.split(
        ' ',
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 6, arbitrary: word }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) }), {
          minLength: 1,
          maxLength: 12,
        }),
        async (parts) => {
          const message = parts.join(' ')
          if (message.trim() === '') return
          const reply = await call('POST', '/api/chat', { message })
          expect(reply.status).toBe(201)
          if (reply.data.definition === null) return
          expect((await call('POST', '/api/workflows', { definition: reply.data.definition })).status).toBe(201)
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)
})
