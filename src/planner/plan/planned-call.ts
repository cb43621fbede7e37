import type { Endpoint } from '../../catalog/service.ts'
import type { Slot } from '../../links/slots.ts'
import type { FieldTest } from '../fill/field-test.ts'
import type { Compared } from '../understand/comparisons.ts'
import type { Report } from './report.ts'

/** Where the value of a slot comes from. */
export type Source =
  | { kind: 'literal'; value: unknown }
  /** `like` is the input of an earlier call that is the same value. */
  | { kind: 'input'; like?: { step: number; slot: Slot } }
  /** `step` is the position in the attempt; `path` goes under its result. A number that goes where text does is written out;
   * where `all` of a list go, `path` is that of the first, and they are a list or a text with commas. */
  | {
      kind: 'step'
      step: number
      path: string
      words: string
      asText?: boolean
      change?: Change
      all?: 'list' | 'text'
    }
  /** All that an earlier call answers, as text: what a message is to say. */
  | { kind: 'answer'; step: number; fields: readonly Told[]; words: string }
  /** Of the item at hand, for a call that is made for each of a list. */
  | { kind: 'item'; path: string; words: string; asText?: boolean; change?: Change }

/** One call of a plan in the making. */
export type PlannedCall = {
  endpoint: Endpoint
  bindings: readonly { slot: Slot; source: Source }[]
  /** Which of the items that it lists are meant, where not all as they come. */
  pick?: Pick
  /** It is made once for each item of an earlier list. */
  each?: Each
  /** It is made only if something holds. */
  only?: Only
  /** What is worked out of what it lists and calls before it list: that stands for its answer. */
  report?: Report
  /** The call itself, where this one tells later calls what is worked out instead of what is answered. */
  called?: PlannedCall
}

/** What has to hold: of fields of an earlier answer, of how many there are in a list, or, where no answer tells, as is said. */
export type Condition =
  | { kind: 'fields'; step: number; tests: readonly FieldTest[] }
  | { kind: 'count'; step: number; is: Compared; count: number }
  | { kind: 'asked'; text: string }

/** That a call is made only if a condition holds, or with `holds` false only if it does not. */
export type Only = { group: number; holds: boolean; condition: Condition }

/** A field of what is told, with the expression that gives it. */
export type Told = { name: string; path: string }

/** That a call is made once for each item of a list: of the call at `step`, or those of them that `pick` leaves. */
export type Each = {
  step: number
  pick: Pick | null
  noun: string
  /** Of a call that lists: its lists are put together, each item with the item's `id` it was asked for by, as `name`. */
  keeps?: { name: string; id: string }
}

/** Which items of a list are meant, in which order, and how many. */
export type Pick = {
  where: readonly FieldTest[]
  order: { path: string; descending: boolean; words: string } | null
  /** How many at most; null for all. */
  limit: number | null
}

/** How a number becomes another: so many times as much, and so much more or less. */
export type Change = { times: number } | { plus: number }
