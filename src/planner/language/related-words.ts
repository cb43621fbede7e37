import { stem } from '../../lib/stem.ts'
import { ADJECTIVES_OF_ENGLISH, DIMENSIONS, STEMS, SYNONYMS, VECTORS, VERBS_OF_ENGLISH } from './related-words.data.ts'

const SYNONYM = 0.85
// A cosine up to here is that of any two words.
const UNRELATED = 0.3
const MAX_KEPT = 50_000

type Lexicon = {
  index: ReadonlyMap<string, number>
  vectors: Int8Array
  lengths: Float64Array
  rows: readonly string[]
  synonyms: Map<number, ReadonlySet<number>>
  verbs: ReadonlySet<string>
  adjectives: ReadonlySet<string>
}

let lexicon: Lexicon | null = null
const known = new Map<string, number>()

/**
 * How much two stems mean alike by a general English lexicon, from 0 to 1: 1 for a stem and itself, 0.85 for synonyms,
 * less for words that stand in the same company. What the lexicon does not know is related to nothing.
 */
export function relatedness(one: string, other: string): number {
  if (one === other) return 1
  const key = one < other ? `${one} ${other}` : `${other} ${one}`
  const before = known.get(key)
  if (before !== undefined) return before
  const found = compare((lexicon ??= readLexicon()), one, other)
  if (known.size >= MAX_KEPT) known.clear()
  known.set(key, found)
  return found
}

/** Whether an English word, in its base form, is a verb before it is anything else. */
export function isMostlyVerb(word: string): boolean {
  lexicon ??= readLexicon()
  return lexicon.verbs.has(word)
}

/** Whether an English word is an adjective before it is anything else. */
export function isMostlyAdjective(word: string): boolean {
  lexicon ??= readLexicon()
  return lexicon.adjectives.has(word)
}

/** Whether the lexicon knows a word: thousands of stems, the common ones. */
export function isCommon(word: string): boolean {
  lexicon ??= readLexicon()
  return lexicon.index.has(stem(word))
}

function compare({ index, vectors, lengths, rows, synonyms }: Lexicon, one: string, other: string): number {
  const [a, b] = [index.get(one), index.get(other)]
  if (isShort(one, other, index) || isShort(other, one, index)) return SYNONYM
  if (a === undefined || b === undefined) return 0
  const [low, high] = a < b ? [a, b] : [b, a]
  let row = synonyms.get(low)
  if (!row) synonyms.set(low, (row = readRow(rows[low] ?? '', low)))
  if (row.has(high)) return SYNONYM
  let sum = 0
  for (let axis = 0; axis < DIMENSIONS; axis++)
    sum += (vectors[a * DIMENSIONS + axis] ?? 0) * (vectors[b * DIMENSIONS + axis] ?? 0)
  const cosine = sum / ((lengths[a] ?? 1) * (lengths[b] ?? 1))
  return Math.max(0, Math.min(SYNONYM, (cosine - UNRELATED) / (1 - UNRELATED)))
}

/** Whether a stem is no word by itself but another one cut short: config, configur. */
function isShort(one: string, other: string, index: ReadonlyMap<string, number>): boolean {
  return one.length > 3 && other.length > one.length + 1 && other.startsWith(one) && !index.has(one)
}

/** Reads what `src/cli/lexicon/table.ts` packed. */
function readLexicon(): Lexicon {
  const packed = atob(VECTORS)
  const vectors = new Int8Array(packed.length * 2)
  for (let at = 0; at < packed.length; at++) {
    const byte = packed.charCodeAt(at)
    vectors[at * 2] = (byte >> 4) - 8
    vectors[at * 2 + 1] = (byte & 15) - 8
  }
  const stems = STEMS.split(' ')
  const lengths = Float64Array.from(stems, (_, at) =>
    Math.hypot(...vectors.subarray(at * DIMENSIONS, (at + 1) * DIMENSIONS)),
  )
  return {
    index: new Map(stems.map((stem, at) => [stem, at])),
    vectors,
    lengths,
    rows: SYNONYMS.split(','),
    synonyms: new Map(),
    verbs: new Set(VERBS_OF_ENGLISH.split(' ')),
    adjectives: new Set(ADJECTIVES_OF_ENGLISH.split(' ')),
  }
}

function readRow(row: string, from: number): ReadonlySet<number> {
  let last = from
  return new Set(row === '' ? [] : row.split(' ').map((step) => (last += Number.parseInt(step, 36))))
}
