import type { Compared } from '../understand/comparisons.ts'

/** What a field has to be: compared with a value, one of several, a text that holds another, or within a day. */
export type FieldTest = {
  path: string
  /** Of a text that goes on in another field, as a name does: where the rest is. */
  next?: string
  is: Compared | 'in' | 'not in' | 'holds'
  value: string | number | boolean | readonly string[]
  /** In words: "status is overdue". */
  words: string
}
