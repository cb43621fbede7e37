import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import type { PlannedCall } from './planned-call.ts'

/** A way to do what was asked, as far as it is worked out. The call that does it comes last. */
export type Attempt = {
  calls: readonly PlannedCall[]
  used: ReadonlySet<Entity>
  /** How well the used entities fit where they went, added up. */
  fit: number
  /** Stems that a value was chosen by. */
  covered: ReadonlySet<string>
  assumptions: readonly string[]
  cost: number
}

/** The best attempt at a clause with its worth; null when nothing connected answers it. */
export type Answer = {
  attempt: Attempt
  score: number
  sure: number
  margin: number
  /** The part of the clause that the last call answers, where the calls before find what the rest tells of. */
  about?: Clause
} | null
