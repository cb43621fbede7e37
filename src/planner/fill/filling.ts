import type { Slot } from '../../links/slots.ts'
import type { Entity } from '../understand/entity.ts'

/** A slot with the value that a clause gives it. */
export type Filling = {
  slot: Slot
  value: unknown
  /** What the value is made of; none where the clause's own words choose it. */
  entities: readonly Entity[]
  /** The words that chose it. */
  words: readonly string[]
  /** How sure it is, from 0 to 1. */
  score: number
  note: string | null
}

/** A value for a slot and how sure it is, from 0 to 1; `note` is set when it was converted. */
export type Fit = { value: string | number | boolean; score: number; note?: string }
