import { singular, words } from '../../lib/words.ts'
import { type Slot, slotsOf, takesText } from '../../links/slots.ts'
import type { Operation } from '../../specs/operation.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { NUMBER_WORDS } from '../language/lexicon.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import type { Filling } from './filling.ts'
import { fitEntity } from './fit.ts'
import { calledBy } from './values.ts'

/** So many of something: "2 apples". */
type Portion = { count: number; what: string; entities: Entity[] }

const SCORE = 0.9
const MOST = 20
const QUANTITIES = new Set('quantity qty count amount number piece unit'.split(' '))
// "2 apples", "3 x pears", "a "Red Lamp"", up to what ends a thing that is counted.
const PORTION =
  /(?<![\p{L}\p{N}.,])(\d{1,6}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+(?:(?:x|×|(?:(?:pieces?|units?) )?of)\s+)?("[^"]+"|\p{L}[\p{L}'-]*(?:\s+(?!(?:and|or|for|to|from|at|in|with|by|on|of|as)\b)\p{L}[\p{L}'-]*){0,3})/giu

// "2 of", "3 x", "two pieces of": how many, right before an id.
const COUNT_BEFORE =
  /(?<![\p{L}\p{N}.,])(\d{1,6}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+(?:(?:x|×|(?:pieces?|units?)|of|the|\p{L}+s?)\s+){0,3}$/iu

/**
 * The objects of a list in a body, one for each thing of which it is said how many: "an order with 2 apples and 3 pears". Only
 * where an object is no more than what and how many. Pure.
 */
export function fitLists(operation: Operation, clause: Clause, entities: readonly Entity[]): Filling[] {
  const lists = Map.groupBy(
    slotsOf(operation).filter(({ path }) => path.filter((part) => typeof part === 'number').length === 1),
    ({ path }) => path.slice(0, path.indexOf(0)).join('.'),
  )
  const [slots, ...others] = [...lists.values()]
  if (!slots || others.length > 0) return []
  const quantity = slots.find((slot) => isNumeric(slot) && slot.words.some((word) => QUANTITIES.has(word)))
  const [what, ...more] = slots.filter(
    (slot) => takesText(slot) && !Array.isArray(slot.schema['enum']) && (slot.required || slots.length === 2),
  )
  if (!quantity || !what || more.length > 0 || typeof what.schema['format'] === 'string') return []
  if (slots.some((slot) => slot.required && slot !== quantity && slot !== what)) return []
  const portions =
    what.noun === null ? portionsOf(operation, clause, entities) : portionsById(what, operation, clause, entities)
  return portions.flatMap((portion, index) => [
    filling(at(what, index), portion.what, portion.entities),
    filling(at(quantity, index), portion.count, []),
  ])
}

/** "2 of prd_1 and 3 prd_2": what is counted, by its id. */
function portionsById(what: Slot, { effect }: Operation, clause: Clause, entities: readonly Entity[]): Portion[] {
  let from = 0
  const portions = entities.flatMap((entity): Portion[] => {
    const fit = entity.kind === 'id' ? fitEntity(what, entity, clause, effect) : null
    const at = clause.text.indexOf(entity.text, from)
    if (!fit || at === -1) return []
    const [, amount] = COUNT_BEFORE.exec(clause.text.slice(from, at)) ?? []
    from = at + entity.text.length
    const number = entities.find(({ kind, text }) => kind === 'number' && text === amount)
    const count = amount === undefined ? 1 : (NUMBER_WORDS.get(amount.toLowerCase()) ?? (Number(amount) || 1))
    return [{ count, what: String(fit.value), entities: [entity, ...(number && amount !== undefined ? [number] : [])] }]
  })
  return portions.some(({ entities: used }) => used.length > 1) ? portions.slice(0, MOST) : []
}

function portionsOf(operation: Operation, { text }: Clause, entities: readonly Entity[]): Portion[] {
  const called = calledBy(operation)
  const portions: Portion[] = []
  for (const [, amount = '', said = ''] of text.matchAll(PORTION)) {
    const what = said.startsWith('"') ? said.slice(1, -1) : inSingular(said)
    const number = entities.find(
      (entity) => entity.kind === 'number' && entity.text.toLowerCase() === amount.toLowerCase(),
    )
    if (number?.money || number?.percent || words(said).some((word) => called.has(singular(word)))) continue
    const names = entities.filter(
      ({ kind, text: name }) => (kind === 'name' || kind === 'quoted') && said.includes(name),
    )
    const count = NUMBER_WORDS.get(amount.toLowerCase()) ?? (/^an?$/i.test(amount) ? 1 : Number(amount))
    portions.push({ count, what, entities: [...(number ? [number] : []), ...names] })
  }
  // "A note" alone is a word with its article; a number says that things are counted.
  return portions.some(({ entities: used }) => used.length > 0) ? portions.slice(0, MOST) : []
}

function inSingular(said: string): string {
  const parts = said.split(/\s+/)
  return [...parts.slice(0, -1), singular(parts.at(-1) ?? '')].join(' ')
}

/** The same slot of another object of its list. */
function at(slot: Slot, index: number): Slot {
  return { ...slot, path: slot.path.map((part) => (typeof part === 'number' ? index : part)) }
}

function filling(slot: Slot, value: string | number, entities: readonly Entity[]): Filling {
  return { slot, value, entities, words: typeof value === 'string' ? words(value) : [], score: SCORE, note: null }
}

function isNumeric(slot: Slot): boolean {
  return typesOf(slot.schema).some((type) => type === 'integer' || type === 'number')
}
