import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { understand } from '../src/planner/understand/understand.ts'
import { tenantWithStore } from './helpers.ts'

const { call } = await tenantWithStore()
const planOf = async (message: string) => (await call('POST', '/api/chat', { message })).data
type Step = { operation: string | null; bindings: { source: string; value: string }[] }

describe('two things that are compared', () => {
  it.each([
    ['Which order is more expensive, ord_3001 or ord_3002?', 'GET /orders/{orderId}', ['ord_3001', 'ord_3002']],
    [
      'Compare the orders of Ada Lovelace with the orders of Grace Hopper',
      'GET /customers',
      ['Ada Lovelace', 'Grace Hopper'],
    ],
    ['Who has more orders, Ada Lovelace or Grace Hopper?', 'GET /customers', ['Ada Lovelace', 'Grace Hopper']],
    ['Ada Lovelace or Grace Hopper: who has more orders?', 'GET /customers', ['Ada Lovelace', 'Grace Hopper']],
  ])('are both looked up: %s', async (message, operation, names) => {
    const plan = await planOf(message)
    const found = (plan.steps as Step[]).filter((step) => step.operation === operation)
    const said = found.flatMap(({ bindings }) => bindings.filter(({ source }) => source === 'literal'))
    expect([plan.status, plan.effects]).toEqual(['ready', ['read']])
    expect(said.map(({ value }) => value)).toEqual(names)
  })

  it.each([
    ['Is Ada older than Bo?', ['Ada', 'Bo']],
    ['Who is older, Ada Byron or Bo Lund?', ['Ada Byron', 'Bo Lund']],
    ['Which ship is longer, The Star of the Sea or Aurora?', ['The Star of the Sea', 'Aurora']],
    ['Show the birthday of Ada Byron and the birthday of Bo Lund', ['Ada Byron', 'Bo Lund']],
  ])('are asked about alike: %s', (message, names) => {
    const [clause, ...others] = understand(message)
    expect(others).toEqual([])
    expect(clause?.entities.map(({ text }) => text)).toEqual(names)
  })

  it('leaves other questions as they are', () => {
    for (const message of ['Which order is late?', 'Is Ada in London or in Paris?', 'Who has the most orders?'])
      expect(understand(message)[0]?.text).toBe(message.replace(/\?$/, ''))
  })

  it('takes any text of its kind in time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('Ada', 'or', 'The', 'the', 'Of', 'of', 'than', 'is', 'older', ','), { maxLength: 60 }),
        (said) => {
          expect(understand(`Is ${said.join(' ')}`).length).toBeLessThan(15)
        },
      ),
    )
  })
})
