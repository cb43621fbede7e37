import { describe, expect, it } from 'vitest'
import { planMessage } from '../src/planner/service.ts'
import { newTenant, type Reply, type Tenant, tenantWithStore, testEnv } from './helpers.ts'

const tenant = await tenantWithStore()

/** Says one thing after the other in one chat; the plans that come of it. */
async function talk(messages: string[], who: Tenant = tenant): Promise<Reply['data'][]> {
  const plans: Reply['data'][] = []
  for (const message of messages) {
    const chatId: string | undefined = plans[0]?.chatId
    const reply = await who.call('POST', '/api/chat', { message, ...(chatId && { chatId }) })
    expect([message, reply.status]).toEqual([message, 201])
    plans.push(reply.data)
  }
  return plans
}

type Shown = { operation: string | null; bindings: { target: string; source: string; value: string }[] }
const operations = ({ steps }: { steps: Shown[] }) => steps.map(({ operation }) => operation)
const literals = ({ steps }: { steps: Shown[] }) =>
  Object.fromEntries(
    steps
      .flatMap(({ bindings }) => bindings)
      .filter(({ source }) => source === 'literal')
      .map(({ target, value }) => [target, value]),
  )

describe('a chat', () => {
  it.each([
    [['Show the orders', 'only the late ones'], ['GET /orders'], { status: 'late' }],
    [['Show the orders', 'only the pending ones', 'limit it to 5'], ['GET /orders'], { status: 'pending', limit: '5' }],
    [['Show the first 5 orders', 'only 3'], ['GET /orders'], { limit: '3' }],
    [['List products under 40 euros', 'cheapest first'], ['GET /products'], { maxPrice: '4000', sort: 'price' }],
    [
      ["Show Ada Lovelace's orders", 'just the late ones'],
      ['GET /customers', 'GET /orders'],
      { search: 'Ada Lovelace', status: 'late' },
    ],
    [
      ['Show order ord_3013', 'cancel it'],
      ['GET /orders/{orderId}', 'POST /orders/{orderId}/cancel'],
      { orderId: 'ord_3013' },
    ],
    [['Show the orders', 'not that one, use the customers'], ['GET /customers'], {}],
    [['Show the late orders', 'How many customers are in London?'], ['GET /customers', null], { city: 'London' }],
  ])('%j', async (messages, expected, values) => {
    const plan = (await talk(messages)).at(-1)
    expect([plan.status, plan.turn, operations(plan), literals(plan)]).toEqual([
      'ready',
      messages.length,
      expected,
      values,
    ])
  })

  it('shows which steps came, went and changed', async () => {
    const [first, second, third] = await talk(['Show order ord_3013', 'cancel it', 'List the late orders'])
    expect([first.diff, second.diff]).toEqual([null, { added: ['cancelOrder'], removed: [], changed: [] }])
    expect(third.diff).toMatchObject({ added: ['listOrders'], removed: [{ id: 'getOrder' }, { id: 'cancelOrder' }] })
    const [, other] = await talk(['cancel order ord_3013', 'not that one'])
    expect(operations(other)).not.toContain('POST /orders/{orderId}/cancel')
  })

  it('says what it leaves out, as it needs an API that is not connected', async () => {
    const [, plan] = await talk(['Show the late orders', 'post them to Slack too'])
    expect([plan.status, plan.unconnected, operations(plan)]).toEqual(['ready', ['Slack'], ['GET /orders']])
    expect(plan.notice).toMatch(/No connected API mentions “Slack”/)
  })

  it('that is not there, or of somebody else, is not found', async () => {
    const reply = await tenant.call('POST', '/api/chat', { message: 'only the late ones', chatId: 'cht_none' })
    expect([reply.status, reply.body.code]).toEqual([404, 'NOT_FOUND'])
  })

  it('is told to a model, with the plan before', async () => {
    const model = { baseUrl: `${testEnv.UPSTREAMS}/openai/v1`, apiKey: 'model-key', name: 'sorts-too' }
    const ctx = { ...tenant.ctx, config: { ...tenant.ctx.config, model } }
    const first = await planMessage(ctx, { message: 'Show the late orders' })
    const second = await planMessage(ctx, { message: 'limit it to 2', chatId: first.chatId })
    expect(second).toMatchObject({ planner: 'model', turn: 2, diff: { changed: [{ changes: ['limit: 2'] }] } })
  })
})

describe('a message with two readings', () => {
  it('is asked back where they differ in what they do, and either can be confirmed', async () => {
    const who = await newTenant()
    const endpoints = [
      { method: 'POST', path: '/reports/{id}/retire', summary: 'Retire a report' },
      { method: 'DELETE', path: '/retire/reports/{id}', summary: 'Retire a report' },
    ]
    await who.call('POST', '/api/apis', { name: 'Reports', baseUrl: testEnv.UPSTREAMS, endpoints })
    const [plan] = await talk(['retire the report r7'], who)
    expect([plan.status, plan.definition, plan.choices.length]).toEqual(['needs_choice', null, 2])
    expect(plan.choices.flatMap(({ effects }: { effects: string[] }) => effects).toSorted()).toEqual([
      'create',
      'delete',
    ])
    const refused = await who.call('POST', '/api/chat/execute', { planId: plan.id })
    expect(refused.status).toBe(422)
    for (const { planId, effects } of plan.choices) {
      const reading = (await who.call('GET', `/api/chat/${planId}`)).data
      expect([reading.status, reading.effects]).toEqual(['ready', effects])
      expect((await who.call('POST', '/api/chat/execute', { planId })).status).toBe(202)
    }
  })

  it('is not asked back where both only read', async () => {
    const who = await newTenant()
    const endpoints = ['/reports', '/archive/reports'].map((path) => ({ method: 'GET', path, summary: 'List reports' }))
    await who.call('POST', '/api/apis', { name: 'Reports', baseUrl: testEnv.UPSTREAMS, endpoints })
    expect((await talk(['List the reports'], who))[0].status).toBe('ready')
  })
})

describe('the time zone of who asks', () => {
  const dayIn = (timeZone: string) => new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' }).format(Date.now())
  const since = async (timeZone?: string) =>
    (await tenant.call('POST', '/api/chat', { message: 'orders since today', timeZone })).data.definition.steps[0]
      .parameters

  it('says which day today is', async () => {
    // 26 hours apart, they never have the same day.
    const [west, east] = ['Etc/GMT+12', 'Pacific/Kiritimati']
    expect([await since(west), await since(east)]).toMatchObject([{ since: dayIn(west) }, { since: dayIn(east) }])
    expect(await since()).toMatchObject({ since: dayIn('UTC') })
  })

  it.each(['Mars/Base', '+02:00', ''])('has to be one there is, and not “%s”', async (timeZone) => {
    const asked = await tenant.call('POST', '/api/chat', { message: 'orders since today', timeZone })
    const queried = await tenant.call('POST', '/api/v1/query', { prompt: 'orders since today', timeZone })
    for (const { status, body } of [asked, queried])
      expect([status, body.errors[0].path, body.errors[0].message]).toEqual([
        422,
        '/timeZone',
        expect.stringMatching(/no time zone/),
      ])
  })
})

describe('a plan over server-sent events', () => {
  async function stream(message: object): Promise<{ event: string; data: Reply['data'] }[]> {
    const reply = await tenant.call('POST', '/api/chat', message, { accept: 'text/event-stream' })
    expect(reply.headers.get('content-type')).toMatch(/^text\/event-stream/)
    return (reply.body as string)
      .trim()
      .split('\n\n')
      .map((block) => ({
        event: /^event: (.*)$/m.exec(block)?.[1] ?? '',
        data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null'),
      }))
  }

  it('ends with the plan', async () => {
    const events = await stream({ message: 'Show the late orders' })
    expect(events.at(-1)).toMatchObject({ event: 'plan', data: { status: 'ready', turn: 1 } })
  })

  it('ends with the problem where there is one', async () => {
    const events = await stream({ message: 'Show the late orders', chatId: 'cht_none' })
    expect(events).toMatchObject([{ event: 'problem', data: { status: 404, code: 'NOT_FOUND' } }])
  })
})
