import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { seeds } from './fuzz/seeds.ts'
import { survive } from './fuzz/survive.ts'

const { FUZZ_RUNS, FUZZ_DOCS } = process.env

/** The documents of a folder and the folders in it. */
function documentsIn(folder: string): unknown[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(json|ya?ml)$/.test(name))
    .map((name) => readFileSync(resolve(folder, name), 'utf8'))
    .map((text) => (text.trimStart().startsWith('{') ? JSON.parse(text) : load(text, { json: true })))
}

// FUZZ_RUNS says how many, FUZZ_DOCS names a folder of documents to take besides our own.
describe.skipIf(!FUZZ_RUNS && !FUZZ_DOCS)('documents with something wrong in them', () => {
  const documents = FUZZ_DOCS ? documentsIn(FUZZ_DOCS) : seeds
  const runs = Number(FUZZ_RUNS ?? 2000)

  it(`are read or refused, never more: ${runs} times`, { timeout: runs * 10_000 }, async () => {
    for (let seed = 0; seed < runs; seed++) {
      const began = performance.now()
      await survive(documents, seed)
      expect(performance.now() - began, `seed ${seed}`).toBeLessThan(10_000)
    }
  })
})
