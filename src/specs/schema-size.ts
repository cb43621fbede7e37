const MAX_VALUE_DEPTH = 50
// What JSON writes as it is.
const UNESCAPED = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/

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
