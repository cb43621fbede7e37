import { singular } from '../../lib/words.ts'
import { type Slot, takesText } from '../../links/slots.ts'
import type { Operation } from '../../specs/operation.ts'
import { fieldName, type PlainField } from '../fill/fields.ts'
import { saidWords } from '../fill/minor-units.ts'
import { contentSlot } from './contents.ts'

/** A field of an item that a clause names in words, the slot it goes to, and the words that say so. */
export type Worded = { slot: Slot; field: PlainField; phrase: string }

const OPENS = '(?:(?:with|using|by|that says|which says|saying|containing|reading)\\s+)?'

/**
 * "Create an alarm with its subject", "… with their name as the title": fields of the item at hand that fill a slot. `noun`
 * is what an item is called. Pure.
 */
export function fieldsInWords(
  text: string,
  fields: readonly PlainField[],
  target: Operation,
  open: readonly Slot[],
  noun: string,
): Worded[] {
  const whose = `(?:its|their|his|her|the same|(?:the|each|every)\\s+${escape(noun)}(?:'s|’s))`
  const found: Worded[] = []
  for (const field of fields) {
    const name = [fieldName(field), saidWords(field.slot).join(' ')].map(escape).join('|')
    const match = new RegExp(
      `${OPENS}${whose}\\s+(?:${name})\\b(?:\\s+as\\s+(?:the\\s+|its\\s+|a\\s+)?(\\p{L}+(?:\\s\\p{L}+)?))?`,
      'iu',
    ).exec(text)
    if (!match) continue
    const free = open.filter((slot) => !found.some((other) => other.slot === slot))
    const slot = slotFor(match[1], field, target, free)
    if (slot) found.push({ slot, field, phrase: match[0] })
  }
  return found
}

/** The slot that is named, or is called as the field is, or is the one that holds what is said. */
function slotFor(
  as: string | undefined,
  { slot: own }: PlainField,
  target: Operation,
  open: readonly Slot[],
): Slot | null {
  const named = as?.toLowerCase().split(/\s+/).map(singular)
  if (named) return open.find(({ words }) => words.every((word) => named.includes(word))) ?? null
  const same = open.find(({ words }) => words.join(' ') === own.words.join(' '))
  if (same) return same
  const texts = open.filter(
    (slot) => slot.required && takesText(slot) && slot.noun === null && slot.schema['format'] === undefined,
  )
  return contentSlot(target, open) ?? (texts.length === 1 ? (texts[0] ?? null) : null)
}

function escape(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} ]/gu, '').replaceAll(/ +/g, '\\s+')
}
