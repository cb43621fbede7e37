import { singular } from '../../lib/words.ts'
import { NUMBER_WORDS, SUPERLATIVES } from '../language/lexicon.ts'
import { isLastOfAll } from '../language/noun-phrases.ts'
import type { Clause } from './clause.ts'

/** "The cheapest", "the latest": the order that words ask for; null where they ask for none. */
export function readOrder(all: readonly string[]): Clause['order'] {
  // "More expensive than 50" compares.
  const at = all.findIndex((word, index) => SUPERLATIVES.has(word) && !/^(?:more|less|as)$/.test(all[index - 1] ?? ''))
  const found = SUPERLATIVES.get(all[at] ?? '')
  if (!found) return isLastOfAll(all) ? (SUPERLATIVES.get('latest') ?? null) : null
  const descending = found.descending !== (all[at - 1] === 'least')
  return { by: found.by.length > 0 ? found.by : all.slice(at + 1, at + 2), descending }
}

/** "The first", "the top 3": how many are asked for; null for all. */
export function readLimit(text: string): number | null {
  const match =
    /\b(?:first|top|last|latest|newest|oldest|cheapest|most recent|most expensive|highest|largest|biggest|lowest|smallest)\s+(\d{1,4}|[a-z]+)?/i.exec(
      text,
    )
  if (!match) return null
  const word = match[1]?.toLowerCase() ?? ''
  const count = NUMBER_WORDS.get(word) ?? Number.parseInt(word, 10)
  if (count > 0) return count
  return word !== '' && singular(word) === word ? 1 : null
}
