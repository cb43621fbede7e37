import { isNounOf } from '../../links/short-nouns.ts'
import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { isFreeText } from '../../links/slot-kinds.ts'
import { type Slot, slotKey, slotsOf } from '../../links/slots.ts'
import { fitWords, spokenText } from '../fill/fit-words.ts'
import { DETERMINERS, STATIVE_VERBS } from '../language/lexicon.ts'
import { baseOf } from '../language/verbs.ts'
import type { Attempt } from '../plan/attempt.ts'
import { affinity } from '../rank/likeness.ts'
import { STRONG, vocabularyOf } from '../rank/relevance.ts'
import type { Clause } from '../understand/clause.ts'
import { deniesSomething } from '../understand/denials.ts'
import { isBehindNoun, wordsAsName } from '../understand/entities.ts'
import { type Entity, isNameLike, isNumbered } from '../understand/entity.ts'
import { isPlainRead } from './producers.ts'
import type { Search } from './search.ts'

// "The number of customers": what is asked of them, and not what they are found by.
const COUNTING = new Set(['number', 'count', 'total', 'amount'])

// "That cost more than 100": what is compared, and not what is looked for.
const MEASURING = new Set('cost price worth less fewer greater higher lower cheaper dearer expensive least'.split(' '))

const LIKE = /\b(?:similar|related|identical) to(?: (?:the|an?))?(?: \p{L}+)?$/u

/** "The device Kitchen": whether an entity is the name of one of what a noun says. */
export function isCalled(entity: Entity, noun: string | null): boolean {
  const [article = '', said = ''] = entity.before.slice(-2)
  return isNameLike(entity) && DETERMINERS.has(article) && isNounOf(noun, said)
}

/** "Similar to Ada": whether an entity only tells what another is like. */
export function isLikened({ before }: Entity): boolean {
  return LIKE.test(before.join(' '))
}

/** Keeps the entities apart that different id slots mean: "two headphones for Alan" has a product and a customer. */
export function reserve(
  open: readonly Slot[],
  siblings: readonly Slot[],
  entities: readonly Entity[],
): Map<string, Entity> {
  const taken = new Map<string, Entity>()
  const wishes = open
    .filter((slot) => slot.noun !== null)
    .flatMap((slot) =>
      entities.filter(isNameLike).map((entity) => ({ slot, entity, score: affinity(slot, entity, siblings) })),
    )
    .toSorted((a, b) => b.score - a.score)
  for (const { slot, entity } of wishes)
    if (!taken.has(slotKey(slot)) && ![...taken.values()].includes(entity)) taken.set(slotKey(slot), entity)
  return taken
}

/**
 * The entities an operation may take, and for one that searches by words also the clause's words that mean nothing
 * else here: "find jazz records" has no capital letters to go by.
 */
export function available(
  endpoint: Endpoint,
  { clause, depth, said, naming, reads }: Search,
  entities: readonly Entity[],
  covered: ReadonlySet<string>,
): readonly Entity[] {
  if (!isPlainRead(endpoint) || entities.some(({ kind }) => kind !== 'number') || !slotsOf(endpoint).some(isFreeText))
    return entities
  // What is not meant is not searched for.
  if (deniesSomething(spokenText(clause))) return entities
  const vocabulary = vocabularyOf(endpoint)
  const own = (word: string) =>
    (vocabulary.get(stem(word)) ?? 0) >= (depth === 0 ? 0.55 : STRONG) ||
    covered.has(stem(word)) ||
    // What the operation itself is about is nothing to find for it.
    (depth > 0 && said.has(stem(word)))
  // "Garden products": a choice that the words make is nothing to search for as well.
  const chosen = new Set(slotsOf(endpoint).flatMap((slot) => fitWords(slot, clause)?.words ?? []))
  const isMeasured = entities.some(({ kind }) => kind === 'number')
  // "The big orders": what the orders are is nothing to find customers by.
  const ofHead = depth === 0 ? null : beforeHead(clause)
  // What a number or an id tells one of, "in ward 5".
  const numbered = new Set(clause.entities.flatMap((entity) => (isNumbered(entity) ? entity.before.slice(-1) : [])))
  const phrase = clause.content.filter(
    (word) =>
      !own(word) &&
      !chosen.has(singular(word)) &&
      !numbered.has(word) &&
      !naming.has(stem(word)) &&
      !(clause.counts && COUNTING.has(word)) &&
      stem(word) !== clause.verb &&
      stem(word) !== clause.head &&
      word !== ofHead &&
      !STATIVE_VERBS.has(baseOf(word)) &&
      !(isMeasured && MEASURING.has(singular(word))),
  )
  if (phrase.length === 0 || (!reads && depth > 0 && !isWhose(phrase, clause))) return entities
  const text = phrase.map(singular).join(' ')
  return [...entities, wordsAsName(text)]
}

/** "The tank alpha": what a thing is called, which is its id where nothing finds it by its name. */
export function namedAsId({ noun, in: place }: Slot, entities: readonly Entity[], { used }: Attempt): Entity | null {
  const isNamed = (entity: Entity) =>
    entity.kind === 'quoted' && isBehindNoun(entity) && isNounOf(noun, entity.before.at(-1) ?? '')
  return (place === 'path' && entities.find((entity) => isNamed(entity) && !used.has(entity))) || null
}

/** "The order of ada lovelace": whether words say whose something is, and not what it is about. */
function isWhose(phrase: readonly string[], { text }: Clause): boolean {
  const said = words(text).join(' ')
  return new RegExp(
    `\\b(?:of|for|from|by|to) (?:the )?(?:\\p{L}+ )?${phrase.join(' ')}\\b|\\b${phrase.join(' ')} s\\b`,
    'u',
  ).test(said)
}

/** The word right before the noun that a clause is about. */
function beforeHead({ text, head }: Clause): string | null {
  const said = words(text)
  return said[said.findIndex((word) => stem(word) === head) - 1] ?? null
}
