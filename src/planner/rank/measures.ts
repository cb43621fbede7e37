import { FUNCTION_WORDS } from '../language/lexicon.ts'
import type { Company, Deed } from './need.ts'
import type { Profile } from './profile.ts'

/** Whether what is wished for is done to the same thing by another operation, and not by this one. */
export function hasTwin(wish: string, deed: Deed, deeds: ReadonlySet<Deed> | undefined): boolean {
  return wish !== deed && (deeds?.has(wish as Deed) ?? false)
}

/** The best that any of some words comes to; 0 for none. */
export function most(words: Iterable<string>, measure: (word: string) => number): number {
  let best = 0
  for (const word of words) {
    const value = measure(word)
    if (value > best) best = value
  }
  return best
}

/** The share of words of which something holds, the rarer ones counting more. */
export function share(words: readonly string[], holds: (word: string) => boolean, rarity: Company['rarity']): number {
  let [sum, total] = [0, 0]
  for (const word of words) {
    if (FUNCTION_WORDS.has(word)) continue
    const weight = rarity(word)
    total += weight
    if (holds(word)) sum += weight
  }
  return total === 0 ? 0 : sum / total
}

/** The share of neighbouring terms that are neighbours in the name, too. */
export function adjacency(terms: readonly string[], name: readonly string[]): number {
  if (terms.length < 2) return 0
  const pairs = new Set(name.slice(1).map((word, at) => `${name[at]} ${word}`))
  return terms.slice(1).filter((term, at) => pairs.has(`${terms[at]} ${term}`)).length / (terms.length - 1)
}

/** How much of the whole message an operation knows, wherever it knows it. */
export function contextual(
  context: ReadonlySet<string>,
  { called, takes, mentions }: Profile,
  rarity: Company['rarity'],
): number {
  let [sum, total] = [0, 0]
  for (const term of context) {
    const weight = rarity(term)
    total += weight
    sum += weight * (called.has(term) ? 1 : takes.has(term) ? 0.6 : mentions.has(term) ? 0.4 : 0)
  }
  return total === 0 ? 0 : sum / total
}

/** What an operation is about, so far as its path tells: its last fixed segment, and whether one or many. */
export function thingOf({ last, single }: Profile): string {
  return `${last.join(' ')}${single ? ' 1' : ''}`
}
