import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { confidenceOf, SIGNS } from '../src/planner/show/confidence.ts'
import { type Tenant, tenantWithStore } from './helpers.ts'

type Told = { status: string; confidence: number }

const signs = fc.tuple(
  fc.double({ min: 0, max: 5, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.integer({ min: 0, max: 8 }),
  fc.double({ min: 0, max: 5, noNaN: true }),
  fc.constantFrom(0, 1),
  fc.integer({ min: 0, max: 3 }),
  fc.constant(1),
)
const at = (name: (typeof SIGNS)[number]) => SIGNS.indexOf(name)

describe('how sure a plan is', () => {
  it('is a share, and the more so the further its operations lead and the more values it was given', () => {
    fc.assert(
      fc.property(signs, fc.constantFrom(at('lead'), at('sureness'), at('values')), (given, sign) => {
        const sure = confidenceOf(given)
        expect(sure > 0 && sure < 1).toBe(true)
        expect(confidenceOf(given.with(sign, (given[sign] ?? 0) + 1))).toBeGreaterThan(sure)
      }),
    )
  })

  it('tells a clear request from a vague one', async () => {
    const store = await tenantWithStore()
    const clear = await plan(store, 'Create a customer named "Ada Byron" with the email ada.byron@example.com')
    const vague = await plan(store, 'Something about the things that customers had with us at some point, maybe')
    expect(clear.confidence).toBeGreaterThan(0.6)
    expect(vague.confidence).toBeLessThan(clear.confidence - 0.1)
    expect((await plan(store, 'Fly to the moon')).confidence).toBe(0)
  })
})

async function plan(store: Tenant, message: string): Promise<Told> {
  return (await store.call('POST', '/api/chat', { message })).data
}
