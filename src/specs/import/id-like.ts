// No name is longer.
const MAX_WORD = 200
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const HEX = /^(?=.*\d)[\da-f]{12,}$/i
const EMAIL = /^[^@\s/]+@[^@\s/]+\.[^@\s/]+$/
// ORD-1042, inv_20394
const NUMBERED = /^(?:[A-Z]{1,10}[-_]?\d{2,}|[a-z]{1,10}[-_]\d{3,})$/

/** Whether a path segment or a key names one thing of many: a number, UUID, hash, address or an opaque token. */
export function isIdLike(segment: string): boolean {
  if (segment.length > MAX_WORD) return true
  if (/^-?\d+$/.test(segment) || UUID.test(segment) || HEX.test(segment) || EMAIL.test(segment)) return true
  return NUMBERED.test(segment) || isOpaque(segment)
}

/** Whether a text is made of characters drawn at random rather than of words: letters and digits in turn. */
export function isOpaque(text: string): boolean {
  return text.split(/[-_.:~=%]+/).some((part) => part.length >= 10 && turnsOf(part) >= 3)
}

function turnsOf(text: string): number {
  return [...text.matchAll(/\d+/g)].length + [...text.matchAll(/[a-z]+/gi)].length - 1
}
