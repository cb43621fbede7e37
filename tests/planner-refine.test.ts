import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlanStep } from '../src/planner/schema.ts'
import { diffPlans } from '../src/planner/show/diff-plans.ts'
import { refine } from '../src/planner/understand/refine.ts'

const ORDERS = "Show Ada Lovelace's orders."

describe('a message within a chat', () => {
  it.each([
    ['only the open ones', "Show Ada Lovelace's orders open"],
    ['just the late ones', "Show Ada Lovelace's orders late"],
    ['show me only the late ones', "Show Ada Lovelace's orders late"],
    ['pending', "Show Ada Lovelace's orders pending"],
    ['since 2026-03-01', "Show Ada Lovelace's orders since 2026-03-01"],
    ['sorted by price', "Show Ada Lovelace's orders sorted by price"],
    ['newest first', "Show Ada Lovelace's orders newest"],
    ['limit it to 5', "Show Ada Lovelace's orders, first 5"],
    ['max 5', "Show Ada Lovelace's orders, first 5"],
    ['5', "Show Ada Lovelace's orders, first 5"],
    ['only 5', "Show Ada Lovelace's orders, first 5"],
    ['the first 5', "Show Ada Lovelace's orders, first 5"],
    ['post them to Slack too', "Show Ada Lovelace's orders, then post them to Slack"],
    ['and cancel the first', "Show Ada Lovelace's orders, then cancel the first"],
    ['then delete her', "Show Ada Lovelace's orders, then delete her"],
    ['cancel them', "Show Ada Lovelace's orders, then cancel them"],
  ])('“%s” is put to what was asked', (message, request) => {
    expect(refine(message, ORDERS)).toMatchObject({ kind: 'refined', request })
  })

  it.each([
    'List the customers',
    'How many products are there?',
    'Refund order ord_1',
    'late orders',
    'Star the repository',
  ])('“%s” is a request of its own', (message) =>
    expect(refine(message, ORDERS)).toEqual({ kind: 'new', request: message }),
  )

  it.each([
    ['not that one, use the invoices', "Show Ada Lovelace's invoices"],
    ['No, I meant the refunds', "Show Ada Lovelace's refunds"],
    ["that's wrong", "Show Ada Lovelace's orders"],
    ['not that one, list the customers', 'list the customers'],
  ])('“%s” turns down what was planned', (message, request) => {
    const refined = refine(message, ORDERS)
    expect([refined.kind, refined.request.replace('the ', '')]).toEqual(['rejected', request.replace('the ', '')])
  })

  it('takes the place of the number that was said before', () => {
    expect(refine('the first 3', 'Show the first 5 orders')).toEqual({
      kind: 'refined',
      request: 'Show the first 3 orders',
      replaced: 'first 5',
    })
  })

  it('is understood whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ unit: 'binary', maxLength: 200 }),
        (message, request) => {
          expect(typeof refine(message, request).request).toBe('string')
        },
      ),
    )
  })
})

describe('the difference of two plans', () => {
  const step = (id: string, operation: string, values: Record<string, string> = {}): PlanStep => ({
    id,
    title: operation,
    type: 'api_call',
    api: 'store',
    operation,
    effect: 'read',
    reach: '',
    bindings: Object.entries(values).map(([target, value]) => ({ target, in: 'query', source: 'literal', value })),
  })
  const plan = (...steps: PlanStep[]) => ({ steps, definition: null })

  it('says what came, went and changed', () => {
    const before = plan(step('a', 'GET /orders', { status: 'late', page: '1' }), step('b', 'GET /customers'))
    const after = plan(step('a2', 'GET /orders', { status: 'open', limit: '5' }), step('c', 'POST /messages'))
    expect(diffPlans(before, after)).toEqual({
      added: ['c'],
      removed: [{ id: 'b', title: 'GET /customers' }],
      changed: [{ id: 'a2', changes: ['status: late → open', 'page: no longer 1', 'limit: 5'] }],
    })
  })

  it('is none of a plan against itself, and nothing is lost between two', () => {
    const steps = fc.array(
      fc
        .constantFrom('GET /a', 'GET /b', 'POST /c')
        .chain((operation) =>
          fc
            .record({ id: fc.uuid(), value: fc.constantFrom('1', '2') })
            .map(({ id, value }) => step(id, operation, { value })),
        ),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(steps, steps, (left, right) => {
        expect(diffPlans(plan(...left), plan(...left))).toEqual({ added: [], removed: [], changed: [] })
        const { added, removed } = diffPlans(plan(...left), plan(...right))
        expect(left.length - removed.length).toBe(right.length - added.length)
      }),
    )
  })
})
