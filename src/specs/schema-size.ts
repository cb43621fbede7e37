/** How much of one schema is kept, in characters; `partial` leaves members out rather than fail. */
export type Detail = { text: number; value: number; list: number; partial: boolean }

/** How many characters of JSON one schema may take. */
export const MAX_CHARS = 20_000
const MAX_VALUE_DEPTH = 50
// What JSON writes as it is.
const UNESCAPED = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/

export const WHOLE: Detail = { text: 240, value: 2000, list: MAX_CHARS, partial: false }
// For a schema that is too large without anything of what it refers to.
export const SHORTENED: readonly Detail[] = [
  { text: 60, value: 200, list: 2000, partial: false },
  { text: 0, value: 200, list: 500, partial: false },
  { text: 0, value: 200, list: 500, partial: true },
]

/** The first items of a list, as many as take at most `max` characters as JSON. */
export function firstThatFit(list: readonly unknown[], max: number): unknown[] {
  let size = '[]'.length
  const end = list.findIndex((item) => (size += sizeOf(item, max) + ','.length) > max)
  return end === -1 ? [...list] : list.slice(0, end)
}

/** How many characters a value takes as JSON, or Infinity as soon as that is more than `max`. */
export function sizeOf(value: unknown, max: number, depth = MAX_VALUE_DEPTH): number {
  if (typeof value === 'string') return value.length > max ? Infinity : textSize(value)
  if (typeof value !== 'object' || value === null) return String(value).length
  if (depth === 0 || (Array.isArray(value) && value.length > max)) return Infinity
  let size = '{}'.length
  for (const [key, item] of Object.entries(value)) {
    size += (Array.isArray(value) ? ','.length : memberSize(key)) + sizeOf(item, max - size, depth - 1)
    if (size > max) return Infinity
  }
  return size
}

/** What a member takes besides its value: its name, the colon and the comma. */
export function memberSize(name: string): number {
  return textSize(name) + ':,'.length
}

function textSize(text: string): number {
  return UNESCAPED.test(text) ? text.length + '""'.length : JSON.stringify(text).length
}
