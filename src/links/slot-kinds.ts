import { takesText, type Slot } from './slots.ts'

/** Names of parameters that take any words. */
export const FREE_TEXT = new Set('q query search term keyword text find lookup phrase'.split(' '))

// Names of parameters that cap how many items come back.
const LIMITS = new Set('limit count size top max maximum perpage pagesize first take'.split(' '))

const SEARCHES = new Set(['q', 'query', 'search', 'term', 'find', 'text'])

// Written in a way of their own: never only a number, and never any text.
const WRITTEN = new Set('url uri link email date language currency country city ip'.split(' '))

/** Whether the name of a slot tells how its values are written: an address, a date, a code. */
export function isWritten(slot: Slot): boolean {
  return slot.words.some((word) => WRITTEN.has(word))
}

/** Whether a slot takes a telephone number. */
export function isPhone(slot: Slot): boolean {
  return slot.words.some((word) => word === 'phone' || word === 'telephone' || word === 'mobile')
}

/** Whether a slot takes free words to search by. */
export function isFreeText(slot: Slot): boolean {
  return takesText(slot) && slot.in !== 'path' && slot.words.some((word) => FREE_TEXT.has(word))
}

/** Whether a slot searches: "query" does, where "with keywords" merely filters by words. */
export function isSearch(slot: Slot): boolean {
  const [word = ''] = slot.words
  // A text in a body is rather one to work on.
  return isFreeText(slot) && slot.words.length === 1 && SEARCHES.has(word) && !(word === 'text' && slot.in === 'body')
}

/** Whether a slot caps the number of items. */
export function isLimit(slot: Slot): boolean {
  const joined = slot.words.join('')
  return (
    slot.in === 'query' &&
    (LIMITS.has(joined) || (slot.words.length < 3 && slot.words.some((word) => word === 'limit')))
  )
}

/** Whether a slot says in which order items come. */
export function isSort(slot: Slot): boolean {
  return slot.words.some((word) => word === 'sort' || word === 'order' || word === 'orderby')
}

/** Whether a slot takes an address of e-mail. */
export function isEmailSlot(slot: Slot): boolean {
  return slot.schema['format'] === 'email' || slot.words.some((word) => word === 'email' || word === 'mail')
}
