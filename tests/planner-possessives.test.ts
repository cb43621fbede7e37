import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withOwnerBehind } from '../src/planner/language/possessives.ts'
import { tenantWithNursery } from './nursery.ts'

describe('which of somebody’s things is meant', () => {
  it.each([
    ["save Ada Holm's newest plant", 'save the newest plant of Ada Holm'],
    ["Show Robert Eggers' latest film and its cast", 'Show the latest film of Robert Eggers and its cast'],
    ["list Ada's three most recent orders, please", 'list the three most recent orders of Ada, please'],
    ["where was Ada's latest film screened?", 'where was the latest film of Ada screened?'],
    ["show Ada O'Brien's latest order", "show the latest order of Ada O'Brien"],
  ])('is said in one way: %s', (said, plain) => {
    expect(withOwnerBehind(said)).toBe(plain)
  })

  it.each([
    "Ada's orders",
    "what's first on the list",
    "It's first of all late",
    'the latest album',
    "the ship's oldest sail",
    "play Guns N' Roses' latest album",
    'the latest Marvel films',
  ])('is left as it is where nothing tells which, or nobody is named: %s', (said) =>
    expect(withOwnerBehind(said)).toBe(said),
  )

  it('takes no longer with whatever is written', () => {
    const parts = fc.constantFrom('Ab', "Ab's", "s'", 'the', 'newest', 'most', 'x', ',', '’s', '5', 'two', ' ')
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 400 }), (said) => {
        expect(typeof withOwnerBehind(said.join(' '))).toBe('string')
      }),
      { interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true, numRuns: 200 },
    )
  })

  it('is found as it is said', async () => {
    const nursery = await tenantWithNursery()
    const calls = async (message: string) => {
      const { steps } = await nursery.plan(message)
      return steps.flatMap(({ operation }: { operation: string | null }) => operation ?? [])
    }
    const saved = ['GET /growers', 'GET /growers/{growerId}/plants', 'PUT /me/plants']
    expect(await calls("save Ada Holm's newest plant")).toEqual(saved)
    // Growers have plants of their own, so the name between is whose they are.
    expect(await calls('save the newest Ada Holm plant')).toEqual(saved)
  })
})
