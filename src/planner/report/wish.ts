/**
 * What a message asks for that no list says by itself. Phrases are as they were said, with what they say of the things:
 * "cancelled orders", "customers in Paris". `things` is null where only their amount is named, `by` where it is "who".
 */
export type ReportWish =
  /** A row for each group of things: what is alike in a field, belongs to the same owner, or is of the same month. */
  | {
      kind: 'groups'
      things: string | null
      by: string | null
      measure: Measure
      order: 'ascending' | 'descending' | null
      limit: number | null
      /** When they came up, where no things are named: "this month". */
      time?: string
      /** It is not said by what they are put in order: "the biggest customers". */
      guessed?: true
    }
  /** The owners who have as many things, or how many of them there are. */
  | { kind: 'having'; things: string; by: string | null; least: number; most: number | null; counts: boolean }
  /** How many in a hundred of all things are those that are meant. */
  | { kind: 'share'; things: string; by: null; of: string }
  /** Each thing with fields of its owner. */
  | { kind: 'joined'; things: string; by: string; fields: string }
  /** The first things of each group in an order, "most expensive", as many as `limit`. */
  | { kind: 'best'; things: string; by: string; order: string; limit: number }
  /** Each owner with its things. */
  | { kind: 'nested'; things: string; by: string }

/** What is worked out of several things: how many there are, or the sum, average, highest or lowest of one of their fields. */
export type Measure = { kind: 'count' } | { kind: 'sum' | 'average' | 'max' | 'min'; field: string }
