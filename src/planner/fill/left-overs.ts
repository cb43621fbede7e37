import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { isFreeText, isPhone, isWritten } from '../../links/slot-kinds.ts'
import { type Slot, takesText } from '../../links/slots.ts'
import type { Operation } from '../../specs/operation.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { FILLERS, FUNCTION_WORDS, PLACES, REMARKS } from '../language/lexicon.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import { elementOf } from './evidence.ts'
import type { Filling } from './filling.ts'
import { takesIds } from './fit-ids.ts'
import { calledBy } from './values.ts'

/** How sure a value is that nothing names. */
export const LEFT_OVER = 0.5
// Letters and digits as nobody would name anything.
const OPAQUE = /^(?=(?:.*\d){2})(?=.*[A-Za-z])[\w-]{6,}$/
const MOST_WORDS = 3
// What things are sorted by: the word before says which.
const KINDS = new Set('category genre cuisine topic style'.split(' '))
const ABOUT = new Set('for about on of with in to'.split(' '))

/** What nothing named goes, in its order, to the slots that have to be filled and take its kind: "the GCD of 120 and 180". */
export function leftOvers(operation: Operation, open: readonly Slot[], entities: readonly Entity[]): Filling[] {
  const required = open.filter((slot) => slot.required && !Array.isArray(slot.schema['enum']))
  const numbers = entities.filter(({ kind }) => kind === 'number')
  const numeric = required.filter((slot) => isNumeric(slot) && slot.noun === null)
  const lists = open.filter((slot) => takesTexts(slot) && !takesIds(slot))
  const isText = ({ kind }: Entity) => kind === 'quoted' || kind === 'name'
  const isListed = (one: Entity) => isText(one) && entities.filter(({ list }) => list === one.list).length > 1
  const several = lists.length === 1 ? entities.filter(isListed) : []
  const texts = entities.filter((one) => isText(one) && !several.includes(one))
  // A reason is written out: a name alone is none.
  const isRemark = (slot: Slot) => slot.words.some((word) => REMARKS.has(word))
  const named = texts.some(({ kind }) => kind === 'name')
  const textual = required.filter((slot) => takesAnyText(slot) && !(named && isRemark(slot)))
  const [list] = lists
  const listed = several.map(({ value }) => value)
  return [
    ...(numbers.length >= numeric.length ? inOrder(numeric, numbers) : []),
    ...(list && several.length > 0 ? [leftOver(list, listed, several)] : []),
    ...(texts.length === textual.length ? inOrder(textual, texts) : []),
    ...leftOverId(operation, open, entities),
  ]
}

/** An id that nothing names, in the one place that could take it, that of a thing the operation is called by: "the profile of U012AB3CD". */
function leftOverId(operation: Operation, open: readonly Slot[], entities: readonly Entity[]): Filling[] {
  const called = calledBy(operation)
  const [id, ...otherIds] = entities.filter(({ kind, text }) => kind === 'id' && OPAQUE.test(text))
  const [slot, ...otherSlots] = open.filter((each) => called.has(each.words.join(' ')) && takesAnyId(each))
  return id && slot && otherIds.length === 0 && otherSlots.length === 0 ? [leftOver(slot, id.value, [id])] : []
}

/** Whether a slot may take an id: it is no text of a kind that is told otherwise. */
function takesAnyId(slot: Slot): boolean {
  return takesAnyText(slot) && !Array.isArray(slot.schema['enum']) && !isFreeText(slot)
}

/**
 * The clause's own words that the operation does not know, for the one text it needs: "the sales of laptops". Only where a
 * clause asks to read, and of few words: longer ones are no value.
 */
export function unsaidWords(operation: Operation, open: readonly Slot[], clause: Clause): Filling | null {
  const [slot, ...others] = open.filter((each) => each.required && !Array.isArray(each.schema['enum']))
  if (!slot || others.length > 0 || !takesAnyText(slot) || slot.words.some((word) => REMARKS.has(word))) return null
  if (clause.effect !== 'read' && operation.effect !== 'read') return null
  const own = new Set([...calledBy(operation), ...words(operation.description).map(singular)].map(stem))
  const left = clause.content.filter((word) => !own.has(stem(word)) && stem(word) !== clause.verb)
  const phrase = left.join(' ')
  if (left.length === 0 || left.length > MOST_WORDS || clause.refersBack) return null
  const [, before = '', after = ''] =
    new RegExp(`(\\p{L}*) ${phrase}(?: (\\p{L}*))?`, 'u').exec(` ${words(clause.text).join(' ')} `) ?? []
  // "For laptops", "technology news": what something is about, or what kind it is.
  if (!ABOUT.has(before) && !own.has(stem(after))) return null
  const note = `“${phrase}” is taken as the ${slot.words.join(' ')}`
  return { slot, value: phrase, entities: [], words: left, score: LEFT_OVER, note }
}

/** "In the electronics category": the word before what a thing is sorted by, where the operation is not called by it. */
export function kindsSaid(operation: Operation, open: readonly Slot[], clause: Clause): Filling[] {
  const own = calledBy(operation)
  const said = ` ${words(clause.text).join(' ')} `
  return open.flatMap((slot): Filling[] => {
    const last = slot.words.at(-1) ?? ''
    if (!KINDS.has(last) || !takesAnyText(slot) || Array.isArray(slot.schema['enum'])) return []
    const [, kind = ''] = new RegExp(` (?:the|a|an|in|of|any) (\\p{L}+) ${last} `, 'u').exec(said) ?? []
    const isTelling = kind !== '' && !own.has(singular(kind)) && !FILLERS.has(kind) && !FUNCTION_WORDS.has(kind)
    return isTelling ? [{ slot, value: kind, entities: [], words: [kind], score: LEFT_OVER, note: null }] : []
  })
}

/** A value as a slot's type takes it, whatever it is. */
export function takesKind(slot: Slot, { kind }: Entity): boolean {
  return kind === 'number' ? isNumeric(slot) : takesText(slot)
}

function inOrder(slots: readonly Slot[], entities: readonly Entity[]): Filling[] {
  return slots.flatMap((slot, index) => {
    const entity = entities[index]
    return entity ? [leftOver(slot, entity.value, [entity])] : []
  })
}

function leftOver(slot: Slot, value: unknown, entities: readonly Entity[]): Filling {
  return { slot, value, entities, words: entities.flatMap(({ text }) => words(text)), score: LEFT_OVER, note: null }
}

function isNumeric(slot: Slot): boolean {
  return typesOf(slot.schema).some((type) => type === 'integer' || type === 'number')
}

function takesTexts(slot: Slot): boolean {
  const element = elementOf(slot)
  return element !== null && takesText(element) && !Array.isArray(element.schema['enum'])
}

/** Whether a slot takes a text that nothing tells more of: no id, no place, nothing that is written in a way of its own. */
function takesAnyText(slot: Slot): boolean {
  const special = typeof slot.schema['format'] === 'string' || isWritten(slot) || isPhone(slot)
  return slot.noun === null && takesText(slot) && !special && !slot.words.some((word) => PLACES.has(word))
}
