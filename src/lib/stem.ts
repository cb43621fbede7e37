import { stemmer } from 'stemmer'
import { singular } from './words.ts'

const stems = new Map<string, string>()
const MAX_KEPT = 20_000

/** The stem under which a word is compared: its singular, then Porter's. */
export function stem(word: string): string {
  const known = stems.get(word)
  if (known !== undefined) return known
  const made = stemmer(singular(word))
  // Kept for the life of the isolate: the same words come again with every operation.
  if (stems.size < MAX_KEPT && word.length < 40) stems.set(word, made)
  return made
}
