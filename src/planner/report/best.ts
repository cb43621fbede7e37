import { plural, singular, words } from '../../lib/words.ts'
import * as patterns from './patterns.ts'
import { numberOf, phrase } from './phrases.ts'
import type { ReportWish } from './wish.ts'

const BY_TIME: Record<string, string> = { first: 'earliest', last: 'latest' }

/** "The most expensive product in each category", "the two latest orders of each customer". */
export function readBest(asked: string): ReportWish | null {
  const by = patterns.BEST_BY_OF_EACH.exec(asked)?.groups
  const found = by ?? patterns.BEST_OF_EACH.exec(asked)?.groups ?? patterns.EACH_BEST.exec(asked)?.groups
  if (!found) return null
  const { things = '', order = '', count, number } = found
  const field = by ? ` ${phrase(by['field'] ?? '')}` : ''
  return {
    kind: 'best',
    things: inPlural(phrase(things)),
    by: phrase(found['by'] ?? ''),
    order: `${BY_TIME[order.toLowerCase()] ?? order}${field}`,
    limit: numberOf(count ?? number) ?? 1,
  }
}

function inPlural(said: string): string {
  const last = words(said).at(-1) ?? ''
  return singular(last) === last ? plural(said) : said
}
