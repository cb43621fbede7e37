const ALPHABET = '0123456789abcdefghijkmnpqrstvwxy'
const TIME = 9
const RANDOM = 13
const PART = 4

// Bytes are drawn for a hundred ids at a time, since asking for them costs more than all the rest of an id.
const pool = new Uint8Array(100 * RANDOM)
let drawn = pool.length

/** Prefixes of every kind of id, so that an id met in a log says what it names. */
export type IdPrefix =
  | 'usr'
  | 'ses'
  | 'acc'
  | 'ver'
  | 'tfa'
  | 'wsp'
  | 'mem'
  | 'inv'
  | 'key'
  | 'con'
  | 'spv'
  | 'end'
  | 'pln'
  | 'cht'
  | 'wfl'
  | 'run'
  | 'req'
  | 'aud'
  | 'dek'
  | 'ing'
  | 'ntc'
  | 'afw'
  | 'sch'
  | 'hok'
  | 'bat'

/**
 * A new id: prefix, then 9 characters of time (milliseconds, base 32), then 13 random ones.
 * Ids of one prefix sort by creation time, so a primary key doubles as a list order.
 */
export function newId(prefix: IdPrefix, now: number = Date.now()): string {
  if (drawn + RANDOM > pool.length) {
    crypto.getRandomValues(pool)
    drawn = 0
  }
  let random = ''
  for (const end = drawn + RANDOM; drawn < end; drawn++) random += ALPHABET[(pool[drawn] ?? 0) % 32]
  return `${prefix}_${inBase32(now, TIME)}${random}`
}

/**
 * The one id of `prefix` that belongs to `owner` at a time, so that making it twice makes the same: it sorts by `now` as
 * other ids do, and has the random part of the owner's id behind it.
 */
export function idAt(prefix: IdPrefix, owner: string, now: number): string {
  return `${prefix}_${inBase32(now, TIME)}${owner.slice(-RANDOM)}`
}

/** The one id of `prefix` that belongs to the part numbered `index` (below 1,048,576) of `owner`. */
export function idOfPart(prefix: IdPrefix, owner: string, index: number): string {
  const own = owner.slice(-(TIME + RANDOM))
  return `${prefix}_${own.slice(0, -PART)}${inBase32(index, PART)}`
}

function inBase32(value: number, length: number): string {
  let text = ''
  for (let rest = value, i = 0; i < length; i++) {
    text = ALPHABET[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return text
}
