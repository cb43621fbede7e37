import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { isSort } from '../../links/slot-kinds.ts'
import { resourceOf } from '../../links/slots.ts'
import { GENERAL_VERBS } from '../language/lexicon.ts'
import { blankQuotes } from '../language/quotes.ts'
import { relatedness } from '../language/related-words.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import { isPlural } from '../rank/profile.ts'
import { STRONG, vocabularyOf } from '../rank/relevance.ts'
import type { Clause } from '../understand/clause.ts'
import { isExcluding } from '../understand/denials.ts'

// As near as "purchases" is to "orders": said in another word, but said.
const ALIKE = 0.5
// They tell of the asking rather than of what is asked for.
const SAYS_LITTLE = new Set(
  'new current own actual final real general basic main full entire only simple quick brief short total other same next past recent latest'.split(
    ' ',
  ),
)
const PREDICATE =
  /\b(?:that|which|who)\s+(?:is|are|was|were|have been|has been)\s+(?:(?:still|already|now|currently|not)\s+)*(\p{L}+)/giu

// "Who have not ordered", "without a phone": only a test of each thing tells those.
const LACKING =
  /\b(?:who|that|which)\s+(?:have|has|had|did|do|does|are|is|were|was)\s+(?:not|never)\s+[^,.;?!]+|\bwithout\s+(?:an?\s+|any\s+)?(?!\p{L}+ing\b)\p{L}+/iu
// "The most orders" orders by how many there are, unless it is a field.
const MOST_OF = /\b(?:most|fewest|least)\s+(\p{L}+)/iu
// "Refund half of it": no operation does a part of what it does by itself.
const PARTLY = /\b(?:half|a third|a quarter|part|most|some)\s+of\b|\bpartial(?:ly)?\b/iu

/**
 * The words that say which of the things are meant, "open orders" or "orders that are open", and find no place in what is
 * planned: nothing that is called is known by them, takes them or answers with them, and no value was chosen by them.
 */
export function unplacedWords(clause: Clause, calls: readonly PlannedCall[], covered: ReadonlySet<string>): string[] {
  const isPlaced = placing(clause, calls, covered)
  const things = new Set(calls.flatMap(({ endpoint }) => words(resourceOf(endpoint.path)).map(stem)))
  const text = blankQuotes(clause.text)
  const said = words(text)
  const before = said.filter((_, at) => at > 0 && things.has(stem(said[at + 1] ?? '')))
  const behind = [...text.matchAll(PREDICATE)].flatMap(([, word = '']) => words(word))
  // "Open" is a verb elsewhere.
  const tells = (word: string) => clause.content.includes(word) || GENERAL_VERBS.has(word)
  const single = [...before, ...behind].filter(
    (word) => tells(word) && !SAYS_LITTLE.has(word) && !word.endsWith('ly') && !isPlaced(stem(word)),
  )
  return [...new Set([...unplacedPhrases(clause, calls), ...single])]
}

/**
 * Whether all that is said of a thing finds a place, for something to be done to it: in "the latest order about shoes" the
 * shoes do not. Only what the thing is called may be said in another word.
 */
export function isAllPlaced(clause: Clause, calls: readonly PlannedCall[], covered: ReadonlySet<string>): boolean {
  const { terms, order, verb, action, head, content } = clause
  const isPlaced = placing(clause, calls, covered)
  const known = new Set([...covered, ...(order?.by ?? []).map(stem), verb, action])
  for (const { endpoint } of calls) for (const [word] of vocabularyOf(endpoint)) known.add(word)
  const little = new Set(content.filter((word) => SAYS_LITTLE.has(word)).map(stem))
  return terms.every((term) => known.has(term) || little.has(term) || (term === head && isPlaced(term)))
}

function placing(
  { verb, action }: Clause,
  calls: readonly PlannedCall[],
  covered: ReadonlySet<string>,
): (word: string) => boolean {
  const vocabularies = calls.map(({ endpoint }) => vocabularyOf(endpoint))
  const strong = vocabularies.flatMap((vocabulary) =>
    [...vocabulary].flatMap(([word, weight]) => (weight >= STRONG ? [word] : [])),
  )
  return (word) =>
    covered.has(word) ||
    word === verb ||
    word === action ||
    vocabularies.some((vocabulary) => vocabulary.has(word)) ||
    strong.some((known) => relatedness(word, known) >= ALIKE)
}

/** The phrases that only a test of each thing, or an order of all of them, could tell, and none does. */
function unplacedPhrases(clause: Clause, calls: readonly PlannedCall[]): string[] {
  const { order, effect } = clause
  const text = blankQuotes(clause.text)
  const isTested = calls.some(({ pick }) => (pick?.where.length ?? 0) > 0)
  const isOrdered =
    order !== null || calls.some(({ pick, bindings }) => pick?.order || bindings.some(({ slot }) => isSort(slot)))
  const [most, counted = ''] = MOST_OF.exec(text) ?? []
  // `without_genres` takes what is left out.
  const leavesOut = calls.some(({ bindings }) => bindings.some(({ slot }) => isExcluding(slot)))
  const lacking = isTested || leavesOut ? undefined : LACKING.exec(text)?.[0]
  const partly = effect === 'read' || effect === 'create' ? undefined : PARTLY.exec(text)?.[0]
  return [lacking, partly, isOrdered || !isPlural(counted) ? undefined : most].flatMap((phrase) => phrase ?? [])
}
