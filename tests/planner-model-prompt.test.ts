import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { insertEndpoints } from '../src/catalog/store.ts'
import { type Callable, nameFunctions } from '../src/planner/model/functions.ts'
import { tokensOf } from '../src/planner/model/tokens.ts'
import { describeFunction, plainText } from '../src/planner/model/words.ts'
import { planMessage } from '../src/planner/service.ts'
import type { Operation, Parameter } from '../src/specs/operation.ts'
import { newTenant, testEnv } from './helpers.ts'
import type { ChatRequest } from './upstreams/openai.ts'

const NOUNS =
  'invoice order shipment customer refund ticket project issue album playlist message contract device report'.split(' ')
const LONG = 'Only those that are so, as the ledger of the department says, in the order in which they were entered. '

function operationOf(number: number, more: Partial<Operation> = {}): Operation {
  const noun = NOUNS[number % NOUNS.length] ?? ''
  const parameters = Array.from({ length: 12 }, (_, n): Parameter => {
    const name = n === 0 ? `${noun}Id` : `${noun}_filter_${n}`
    return { name, in: n === 0 ? 'path' : 'query', required: n === 0, description: LONG, schema: { type: 'string' } }
  })
  return {
    method: 'GET',
    path: `/group${number}/${noun}s/{${noun}Id}`,
    operationId: `get_${noun}_of_group_${number}`,
    summary: `Show the ${noun} of group ${number}`,
    description: LONG.repeat(5),
    tags: [noun],
    deprecated: false,
    parameters,
    requestBody: null,
    response: { type: 'object', properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])) },
    effect: 'read',
    security: null,
    server: null,
    pagination: null,
    ...more,
  }
}

function callableOf(operation: Operation, slug = 'api'): Callable {
  const connection = { id: 'con_1', slug, baseUrl: 'https://api.example.com' }
  return { endpoint: { ...operation, id: 'end_1', connectionId: 'con_1', manual: false }, connection }
}

describe('the prompt', () => {
  it('is under 8,000 tokens with 10,000 operations connected, the correction included', async () => {
    const tenant = await newTenant()
    const endpoints = [{ method: 'GET', path: '/health', summary: 'Health' }]
    const api = await tenant.call('POST', '/api/apis', { name: 'Api', baseUrl: testEnv.UPSTREAMS, endpoints })
    for (let from = 0; from < 10_000; from += 500) {
      const added = Array.from({ length: 500 }, (_, n) => ({
        operation: operationOf(from + n),
        hash: `${from + n}`,
        id: `end_${from + n}`,
      }))
      const [first, ...rest] = insertEndpoints(tenant.ctx, api.data.id, added, true)
      if (first) await tenant.ctx.db.batch([first, ...rest])
    }
    const name = `invents:${crypto.randomUUID()}`
    const model = { baseUrl: `${testEnv.UPSTREAMS}/openai/v1`, apiKey: 'model-key', name }
    const ctx = { ...tenant.ctx, config: { ...tenant.ctx.config, model } }
    const began = Date.now()
    const plan = await planMessage(ctx, { message: 'Show me the invoice 4711 of group 17, then the late shipments' })
    const took = Date.now() - began
    const sent: ChatRequest[] = await (
      await fetch(`${testEnv.UPSTREAMS}/openai/requests/${encodeURIComponent(name)}`)
    ).json()
    const tokens = sent.map((request) => tokensOf(JSON.stringify(request)))
    const told = sent[0]?.messages[0]?.content.match(/^\w+: [A-Z]+ \//gm)?.length ?? 0
    console.log(
      `10,000 operations: ${tokens.join(' and ')} tokens, ${told} operations told of, ${took} ms with the model`,
    )
    expect(tokens).toHaveLength(2)
    for (const count of tokens) expect(count).toBeLessThan(8000)
    expect(told).toBeGreaterThan(15)
    expect(plan.planner).toBe('embedded')
  }, 120_000)

  it('leaves a request alone that by itself is too long for it', async () => {
    const tenant = await newTenant()
    const endpoints = [{ method: 'GET', path: '/orders', summary: 'List orders' }]
    await tenant.call('POST', '/api/apis', { name: 'Api', baseUrl: testEnv.UPSTREAMS, endpoints })
    const model = { baseUrl: `${testEnv.UPSTREAMS}/openai/v1`, apiKey: 'model-key', name: 'good' }
    const ctx = { ...tenant.ctx, config: { ...tenant.ctx.config, model } }
    const plan = await planMessage(ctx, { message: `List orders ${'訂單'.repeat(4000)}` })
    expect([plan.planner, plan.notice]).toEqual(['embedded', expect.stringContaining('too long')])
  })
})

describe('an operation as a function', () => {
  const word = fc.string({ minLength: 1, maxLength: 90, unit: 'binary' })
  const callables = fc.uniqueArray(
    fc.record({ slug: fc.stringMatching(/^[a-z][a-z-]{0,47}$/), path: word, operationId: fc.option(word) }),
    { selector: ({ slug, path }) => `${slug} ${path}`, maxLength: 40 },
  )

  it('has a name of its own that endpoints take, the same in every order', () => {
    fc.assert(
      fc.property(callables, (given) => {
        const all = given.map(({ slug, path, operationId }) =>
          callableOf(operationOf(1, { path: `/${path}`, operationId }), slug),
        )
        const named = nameFunctions(all)
        expect(named.size).toBe(all.length)
        for (const name of named.keys()) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
        const turned = nameFunctions(all.toReversed())
        for (const [name, callable] of named) expect(turned.get(name)).toBe(callable)
      }),
    )
  })

  it('is cut to what there is room for, what it needs last', () => {
    const callable = callableOf(operationOf(3))
    const asked = new Set(['customer'])
    const lengths = [1000, 300, 120, 60].map((budget) => describeFunction('f', callable, asked, budget))
    for (const text of lengths.filter((one) => one !== null)) expect(text).toContain('customerId*')
    expect(lengths.map((text) => (text === null ? 0 : tokensOf(text)))).toEqual(
      lengths.map((text) => (text === null ? 0 : tokensOf(text))).toSorted((a, b) => b - a),
    )
    expect(describeFunction('f', callable, asked, 5)).toBeNull()
  })

  it('is described on one line, without the marks of the fence', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(plainText(text)).not.toMatch(/[<>\n\r\u2028\u2029\p{Cc}]/u)
      }),
    )
  })
})
