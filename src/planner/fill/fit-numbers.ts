import { stem } from '../../lib/stem.ts'
import { singular } from '../../lib/words.ts'
import { isLimit, isPhone } from '../../links/slot-kinds.ts'
import type { Slot } from '../../links/slots.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { DETERMINERS, FUNCTION_WORDS, VERBS } from '../language/lexicon.ts'
import { BEFORE_NOUNS } from '../language/noun-phrases.ts'
import type { Clause } from '../understand/clause.ts'
import { comparisonOf } from '../understand/comparisons.ts'
import type { Entity } from '../understand/entity.ts'
import { measureOf, unitOf } from './evidence.ts'
import type { Fit } from './filling.ts'
import { fitNumberedId, isSpokenSo } from './fit-ids.ts'

// Behind a number: it counts things, and is no sum of money.
const COUNTING = /^(?:in stock|left|available|remaining|pieces?|items?|units?)\b/

/** The slot's own name stands right behind the entity: "10 in stock". */
function isFollowed(slot: Slot, entity: Entity): boolean {
  // Not beyond "and": what stands there names the next one.
  const after = entity.trail.slice(0, 2).map(singular)
  return slot.words.length > 0 && slot.words.length <= after.length && slot.words.every((word) => after.includes(word))
}

/** How well a number fills a slot; `named` says that the slot's own name stands beside it. */
export function fitNumber(slot: Slot, entity: Entity, named: boolean, clause: Clause): Fit | null {
  const types = typesOf(slot.schema)
  if (!types.includes('integer') && !types.includes('number'))
    return isPhone(slot) && /^\d{9,15}$/.test(entity.text)
      ? { value: entity.text, score: 0.8 }
      : fitNumberedId(slot, entity)
  const value = Number(entity.value)
  if (types.includes('integer') && !types.includes('number') && !Number.isInteger(value)) return null
  if (named || isFollowed(slot, entity)) return { value, score: 0.95 }
  const compared = comparisonOf(entity)
  const [isLeast, isMost] = [compared.startsWith('>'), compared.startsWith('<')]
  const low = slot.words.some((word) => ['min', 'minimum', 'from'].includes(word))
  const high = slot.words.some((word) => ['max', 'maximum', 'to'].includes(word))
  if (low || high) {
    if (isLimit(slot) || (SUMS.some((word) => slot.words.includes(word)) && isCount(entity))) return null
    return (low && isLeast) || (high && isMost) ? { value, score: 0.85 } : null
  }
  if (isLimit(slot) && value > MOST_AT_ONCE) return null
  if (isLimit(slot))
    return !unitOf(entity) && entity.before.some((word) => ['first', 'top', 'last', 'latest'].includes(word))
      ? { value, score: 0.8 }
      : countsHead(entity, clause)
        ? { value, score: 0.75 }
        : null
  if (slot.noun !== null) {
    // "The deals of company 4" are no deal 4.
    const isIts = (word: string) => isSpokenSo(slot, word)
    const isOther = isNumberOfThing(entity) && !isIts(entity.before.at(-1) ?? '')
    // "A payment of 50" is no payment 50.
    const isAmount = entity.before.at(-1) === 'of' && isIts(entity.before.at(-2) ?? '')
    return !isOther && !isAmount && entity.before.some(isIts) ? { value, score: 0.85 } : null
  }
  if (entity.money || isLeast || isMost)
    return SUMS.some((word) => slot.words.includes(word)) && !isCount(entity) ? { value, score: 0.85 } : null
  if (isNumberOfThing(entity)) return null
  return slot.words.some((word) => ['quantity', 'count', 'number', 'qty', 'amount'].includes(word))
    ? { value, score: isMeasured(slot, entity) ? 0.75 : 0.5 }
    : null
}

/** "To the user 7": whether a number tells which one of the things that stand before it, and counts nothing. */
function isNumberOfThing({ before, after, money }: Entity): boolean {
  const [joint = '', noun = ''] = before.slice(-2)
  // "From build 5" builds nothing.
  const isNoun = !VERBS.has(noun) || BEFORE_NOUNS.has(joint)
  const isThing = !FUNCTION_WORDS.has(noun) && isNoun && !SAID_OF_SUMS.has(noun)
  const ends = after[0] === undefined || FUNCTION_WORDS.has(after[0])
  return !money && ends && noun !== '' && isThing && (DETERMINERS.has(joint) || FUNCTION_WORDS.has(joint))
}

const SAID_OF_SUMS = new Set('amount sum total quantity count value price number least most about around by'.split(' '))
// Nobody asks for more of a list than this; what is larger tells something else.
const MOST_AT_ONCE = 10_000
const SUMS = ['amount', 'price', 'total', 'cost', 'fee', 'value']

/** "Fewer than 5", "5 in stock": whether a number can only count things. */
function isCount({ money, before, trail }: Entity): boolean {
  return !money && (before.slice(-3).includes('fewer') || COUNTING.test(trail.join(' ')))
}

/** Whether a number is not said to be of another kind than a slot's: "a rate of 5" is no amount. */
function isMeasured(slot: Slot, entity: Entity): boolean {
  const measure = measureOf(entity)
  return measure === null || slot.words.includes(measure)
}

/** "Three interesting facts": how many of what is asked for. */
function countsHead(entity: Entity, { head, effect }: Clause): boolean {
  return (
    effect === 'read' &&
    !entity.money &&
    !entity.percent &&
    unitOf(entity) === null &&
    head !== null &&
    entity.trail.some((word) => stem(word) === head)
  )
}
