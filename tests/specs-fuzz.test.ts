import { beforeAll, describe, expect, it } from 'vitest'
import { seeds } from './fuzz/seeds.ts'
import { survive } from './fuzz/survive.ts'
import { newStore } from './helpers.ts'

const CHUNKS = 20
const RUNS = 500

// More of them, and over documents of one's own: see node-specs-fuzz.test.ts.
describe('documents with something wrong in them', () => {
  const documents: unknown[] = [...seeds, ...seeds]

  beforeAll(async () => {
    const { url } = await newStore()
    documents.push(await (await fetch(`${url}/openapi.json`)).json())
  })

  it.each(Array.from({ length: CHUNKS }, (_, chunk) => [chunk * RUNS, (chunk + 1) * RUNS]))(
    'are read or refused, never more: %i to %i',
    async (from, to) => {
      const outcomes = new Map<string | null, number>()
      for (let seed = from; seed < to; seed++) {
        const began = Date.now()
        const code = await survive(documents, seed)
        outcomes.set(code, (outcomes.get(code) ?? 0) + 1)
        // Time stands still in a Worker until it waits for something.
        if (seed % 50 === 0) await scheduler.wait(1)
        expect(Date.now() - began).toBeLessThan(10_000)
      }
      expect(outcomes.get(null)).toBeGreaterThan(RUNS / 10)
    },
    120_000,
  )
})
