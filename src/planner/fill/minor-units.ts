import { singular } from '../../lib/words.ts'
import type { Slot } from '../../links/slots.ts'
import type { Entity } from '../understand/entity.ts'
import { unitOf } from './evidence.ts'

// How a description says that an amount is in hundredths: "in cents", "in minor units".
const HUNDREDTHS = /\b(?:in|as|of) (?:\p{L}+ )?(?:cents|pence|minor units?|(?:the )?smallest (?:currency )?units?)\b/iu
const CENTS = new Set(['cent', 'pence', 'penny'])

/** Whether the specification says that a slot takes hundredths of a currency. */
export function takesCents({ words, description, schema }: Slot): boolean {
  const told = typeof schema['description'] === 'string' ? schema['description'] : ''
  return words.some((word) => CENTS.has(word)) || HUNDREDTHS.test(description) || HUNDREDTHS.test(told)
}

/** The words of a slot's name that people say: of `priceCents` only "price". */
export function saidWords({ words }: Slot): readonly string[] {
  const said = words.filter((word) => !CENTS.has(word))
  return said.length > 0 ? said : words
}

/**
 * A number as a slot takes it that is in hundredths: "a price of 20" where the API has `priceCents` is 2000. As it is where
 * the slot is in nothing of the kind, or the number is said to be in cents, in percent or in another unit.
 */
export function inCents(slot: Slot, entity: Entity): { entity: Entity; note: string | null } {
  const isCents = entity.trail.slice(0, 1).some((word) => CENTS.has(singular(word)))
  const isSum = entity.kind === 'number' && !entity.percent && !isCents && (entity.money || unitOf(entity) === null)
  if (!isSum || !takesCents(slot) || entity.lead.some((word) => CENTS.has(singular(word))))
    return { entity, note: null }
  const value = Math.round(Number(entity.value) * 100)
  return { entity: { ...entity, value }, note: `${entity.text} is written as ${value} cents` }
}
