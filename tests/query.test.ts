import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costs } from '../src/limits/costs.ts'
import type { Planned } from '../src/planner/schema.ts'
import { choosePlan, type Contender } from '../src/query/compare.ts'
import { tableOf } from '../src/query/rows.ts'
import type { QueryRequest } from '../src/query/schema.ts'
import { answerQuery } from '../src/query/service.ts'
import { keyFor, ledgerOf, newTenant, tenantWithStore, testEnv } from './helpers.ts'

const tenant = await tenantWithStore()
const query = async (prompt: string, more: object = {}) =>
  (await tenant.call('POST', '/api/v1/query', { prompt, ...more })).data

/** Asks with models that answer as their names say. */
function queryWith(names: string[], prompt: string, more: Partial<QueryRequest>) {
  const models = names.map((name) => ({ baseUrl: `${testEnv.UPSTREAMS}/openai/v1`, apiKey: 'model-key', name }))
  const ctx = { ...tenant.ctx, config: { ...tenant.ctx.config, models, model: models[0] ?? null } }
  return answerQuery(ctx, { prompt, mode: 'quality', max_models: 3, input: {}, ...more })
}

describe('a question', () => {
  it('is answered in words and rows, with its sources, by a run like any other', async () => {
    const answer = await query('Show me the late orders')
    expect(answer).toMatchObject({ status: 'answered', total: 4, planners: [], why: null })
    expect(answer.rows).toHaveLength(4)
    expect(answer.rows[0]).toMatchObject({ status: expect.any(String), customerId: expect.any(String) })
    expect(answer.answer).toMatch(/^4 orders from store: ord_\d+, ord_\d+, ord_\d+, ord_\d+\.$/)
    expect(answer.sources).toMatchObject([{ api: 'store', operation: 'GET /orders' }])
    const run = await tenant.call('GET', `/api/executions/${answer.executionId}`)
    expect([run.data.status, run.data.trigger]).toEqual(['succeeded', 'chat'])
    expect((await tenant.call('POST', '/api/chat/execute', { planId: answer.plan.id })).status).toBe(409)
  })

  it.each([
    ['How many customers are in London?', /^The answer is \d+\.$/],
    ['show order ord_3013', /^Order from store: id ord_3013, /],
    ['show orders since 2999-01-01', /^No orders from store\.$/],
  ])('“%s” is answered as what it is', async (prompt, words) => {
    const answer = await query(prompt)
    expect([answer.status, answer.answer]).toEqual(['answered', expect.stringMatching(words)])
  })

  it('of what is to be had every Monday is given now, with how to have it then', async () => {
    const answer = await query('Show me the late orders every Monday at 9')
    expect(answer).toMatchObject({ status: 'answered', total: 4, plan: { schedule: { cron: '0 9 * * 1' } } })
    expect(answer.answer).toContain(`To have this every Monday at 09:00: POST /api/chat/schedule`)
    const { status } = await tenant.call('POST', '/api/chat/schedule', { planId: answer.plan.id })
    expect(status).toBe(201)
  })

  it('leaves nothing in the list of workflows until its workflow is taken up', async () => {
    const { executionId } = await query('Show me the late orders')
    const { workflowId } = (await tenant.call('GET', `/api/executions/${executionId}`)).data
    const ids = async (search: string) =>
      (await tenant.call('GET', `/api/workflows${search}`)).data.map(({ id }: { id: string }) => id)
    expect(await ids('')).not.toContain(workflowId)
    expect(await ids('?listed=false')).toContain(workflowId)
    const kept = await tenant.call('PATCH', `/api/workflows/${workflowId}`, { listed: true })
    expect(kept.data).toMatchObject({ listed: true, tags: [], version: 1 })
    expect(await ids('')).toContain(workflowId)
    expect(await ids('?listed=false')).not.toContain(workflowId)
    const takenUp = [
      ['PATCH', '', { tags: ['late'] }],
      ['POST', '/schedules', { cron: '0 6 * * *' }],
      ['POST', '/hooks', {}],
    ] as const
    for (const [method, path, body] of takenUp) {
      expect((await tenant.call('PATCH', `/api/workflows/${workflowId}`, { listed: false })).status).toBe(200)
      expect(await ids('')).not.toContain(workflowId)
      expect((await tenant.call(method, `/api/workflows/${workflowId}${path}`, body)).status).toBeLessThan(300)
      expect(await ids('')).toContain(workflowId)
    }
  })

  it('with effects reads what it may, changes nothing, and comes back to be confirmed', async () => {
    const before = await ledgerOf(tenant.store)
    const answer = await query('delete customer Annie Easley')
    expect(answer).toMatchObject({
      status: 'needs_confirmation',
      rows: [{ name: 'Annie Easley' }],
      sources: [{ operation: 'GET /customers' }],
      plan: { status: 'ready', executionId: null, effects: ['read', 'delete'] },
    })
    expect(answer.answer).toMatch(/Nothing is changed yet\. To be confirmed: .*DELETE \/customers/)
    expect(await ledgerOf(tenant.store)).toEqual(before)
    const confirmed = await tenant.call('POST', '/api/chat/execute?wait=10', { planId: answer.plan.id })
    expect([confirmed.status, confirmed.data.steps.length]).toEqual([202, 2])
  })

  it('that begins with an effect runs nothing at all', async () => {
    const answer = await query('cancel order ord_3013')
    expect(answer).toMatchObject({ status: 'needs_confirmation', rows: [], executionId: null })
  })

  it('asks for what it does not say, and takes it', async () => {
    const ask = (input: Record<string, unknown>) =>
      queryWith(['asks-which'], 'Show the order', { mode: 'balanced', input })
    const asked = await ask({})
    expect([asked.status, asked.answer, asked.executionId]).toEqual(['needs_input', 'Still needed: order.', null])
    const answer = await ask({ order: 'ord_3013', other: 1 })
    expect([answer.status, answer.rows[0]?.['id']]).toEqual(['answered', 'ord_3013'])
  })

  it('says that it needs an API, that nothing does it, and that a call failed', async () => {
    expect((await query("What's the weather in Paris?")).status).toBe('needs_api')
    expect((await query('send an email to Ada')).status).toBe('not_found')
    const failed = await query('show order ord_9999')
    expect([failed.status, failed.answer]).toEqual(['failed', expect.stringMatching(/404/)])
  })

  it('goes on with a chat', async () => {
    const { plan } = await query('Show the orders')
    const answer = await query('only the late ones', { chatId: plan.chatId })
    expect([answer.total, answer.plan.turn]).toEqual([4, 2])
  })

  it('needs the scope "execute", and stays in its workspace', async () => {
    const key = await keyFor(tenant, ['read', 'write'])
    const headers = { 'x-api-key': key }
    expect((await tenant.call('POST', '/api/query', { prompt: 'Show the orders' }, headers)).status).toBe(403)
    const other = await newTenant()
    const { data } = await other.call('POST', '/api/query', { prompt: 'Show me the late orders' })
    expect([data.status, data.rows]).toEqual(['needs_api', []])
  })
})

describe('the mode', () => {
  it('"balanced" plans with the model, and without one says so', async () => {
    const answer = await queryWith(['good'], 'Show me the late orders', { mode: 'balanced' })
    expect([answer.status, answer.plan.planner, answer.total]).toEqual(['answered', 'model', 4])
    expect((await query('Show me the late orders', { mode: 'balanced' })).plan.notice).toMatch(/No model is configured/)
  })

  it('"quality" compares plans, and says who planned what and why one was taken', async () => {
    const answer = await queryWith(['loops-and-decides', 'good'], 'Show me the late orders', {})
    expect(answer.planners.map(({ model, operations }) => [model, operations.length])).toEqual([
      ['loops-and-decides', 2],
      ['good', 1],
      [null, 1],
    ])
    expect(answer.planners.map(({ chosen }) => chosen).filter(Boolean)).toHaveLength(1)
    expect([answer.planners[0]?.chosen, answer.why]).toEqual([false, expect.stringMatching(/was taken: /)])
    expect(answer.status).toBe('answered')
  })

  it('"quality" asks no more planners than it may, and does without those that fail', async () => {
    const answer = await queryWith(['rate-limited', 'good', 'down'], 'Show me the late orders', { max_models: 2 })
    expect(answer.planners).toMatchObject([
      { model: 'rate-limited', status: null, trouble: 'it is rate limited', chosen: false },
      { planner: 'embedded', model: null, chosen: true },
    ])
    expect(answer.status).toBe('answered')
  })

  it('never runs an effect that only one of several planners came to', async () => {
    const before = await ledgerOf(tenant.store)
    const answer = await queryWith(['obeys-anybody'], 'Show me the late orders', {})
    expect([answer.plan.effects, answer.status]).toEqual([['read'], 'answered'])
    expect(await ledgerOf(tenant.store)).toEqual(before)
  })
})

it('counts as much as a plan does, since it makes one', async () => {
  const who = await newTenant()
  const used = async () => (await who.call('GET', '/api/usage')).data.month.units
  const before = await used()
  await who.call('POST', '/api/v1/query', { prompt: 'Show me the late orders' })
  // The question, and asking what it came to.
  expect((await used()) - before).toBe(costs.plan + 1)
})

describe('the comparison of plans', () => {
  const contender = fc
    .record({
      calls: fc.array(fc.constantFrom('GET /a', 'POST /b'), { maxLength: 2 }),
      findings: fc.nat(2),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      runs: fc.boolean(),
    })
    .map(({ calls, findings, confidence, runs }): Contender => ({
      name: 'one',
      planned: {
        status: runs ? 'ready' : 'not_found',
        planner: 'model',
        explanation: '',
        confidence,
        steps: calls.map((operation, index) => ({
          id: `s${index}`,
          title: '',
          type: 'api_call',
          api: 'api',
          operation,
          effect: operation.startsWith('GET') ? 'read' : 'create',
          reach: '',
          bindings: [],
        })),
        effects: calls.map((operation) => (operation.startsWith('GET') ? 'read' : 'create')),
        assumptions: [],
        missing: [],
        findings: Array.from({ length: findings }, () => ({
          path: '',
          code: '',
          message: '',
          verdict: 'unproven' as const,
        })),
        nearest: [],
        considered: [],
        definition: runs ? { name: 'x', steps: [{ id: 's0', type: 'transform', value: 1 }] } : null,
      } satisfies Planned,
    }))

  it('takes one that can run wherever there is one, and always says why', () => {
    fc.assert(
      fc.property(fc.array(contender, { minLength: 1, maxLength: 5 }), (given) => {
        const [first, ...rest] = given
        if (!first) return
        const { winner, why } = choosePlan([first, ...rest])
        expect(given).toContain(winner)
        expect(winner.planned.definition !== null).toBe(given.some(({ planned }) => planned.definition !== null))
        expect(why).toMatch(/was taken: /)
      }),
    )
  })
})

describe('a table', () => {
  it.each([
    ['a list', [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 2 }], 2],
    ['a page', { items: [{ a: 1 }], total: 7 }, [{ a: 1 }], 7],
    ['a page in an answer', { status: 200, headers: {}, body: { data: [{ a: 1 }], next: null } }, [{ a: 1 }], null],
    ['one thing', { id: 1, lines: [{ a: 1 }] }, [{ id: 1, lines: [{ a: 1 }] }], 1],
    ['texts', ['x'], [{ value: 'x' }], 1],
    [
      'what a loop gives',
      [
        { status: 200, body: [{ a: 1 }] },
        { status: 200, body: [{ a: 2 }] },
      ],
      [{ a: 1 }, { a: 2 }],
      2,
    ],
  ])('is made of %s', (_name, output, rows, total) => {
    expect(tableOf(output)).toMatchObject({ rows, total })
  })

  it('is made of nothing else, and of anything without fail', () => {
    expect(tableOf(5)).toBeNull()
    fc.assert(fc.property(fc.jsonValue(), (value) => void tableOf(value)))
  })
})
