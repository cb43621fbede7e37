import type { StemVector } from './vectors.ts'
import type { WordNet } from './wordnet.ts'

// Of the absolute values, this share fits without being cut off.
const FITTING = 0.99
const STEPS = 7

/** Vectors as base64, two dimensions a byte, each from -7 to 7 and written plus 8; the first is in the upper half. */
export function packVectors(all: readonly StemVector[]): string {
  const values = all.flatMap(({ vector }) => [...vector])
  const sorted = values.map(Math.abs).toSorted((a, b) => a - b)
  const top = sorted[Math.floor(sorted.length * FITTING)] ?? 1
  const steps = values.map((value) => Math.max(-STEPS, Math.min(STEPS, Math.round((value / top) * STEPS))) + 8)
  const bytes = Uint8Array.from(
    { length: steps.length / 2 },
    (_, at) => (steps[at * 2] ?? 8) * 16 + (steps[at * 2 + 1] ?? 8),
  )
  return Buffer.from(bytes).toString('base64')
}

/**
 * WordNet's pairs of stems as text: a row for each stem, joined by commas, with the later stems that it is related to as
 * base-36 steps from one to the next, joined by spaces. A pair stands once.
 */
export function packPairs(
  pairs: WordNet['pairs'],
  stems: readonly string[],
  stem: (word: string) => string,
): { rows: string; count: number } {
  const index = new Map(stems.map((each, at) => [each, at]))
  const rows = stems.map(() => new Set<number>())
  for (const { one, other } of pairs) {
    const ends = [index.get(stem(one)), index.get(stem(other))].filter((end) => end !== undefined)
    const [low = 0, high = 0] = ends.toSorted((a, b) => a - b)
    if (ends.length === 2 && low !== high) rows[low]?.add(high)
  }
  const written = rows.map((row, at) => {
    let last = at
    return [...row]
      .toSorted((a, b) => a - b)
      .map((other) => {
        const step = (other - last).toString(36)
        last = other
        return step
      })
      .join(' ')
  })
  return { rows: written.join(','), count: rows.reduce((sum, row) => sum + row.size, 0) }
}
