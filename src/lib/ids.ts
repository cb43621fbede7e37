const ALPHABET = '0123456789abcdefghijkmnpqrstvwxy'

/** Prefixes of every kind of id, so that an id met in a log says what it names. */
export type IdPrefix =
  | 'usr'
  | 'ses'
  | 'acc'
  | 'ver'
  | 'wsp'
  | 'mem'
  | 'inv'
  | 'key'
  | 'con'
  | 'spv'
  | 'end'
  | 'pln'
  | 'wfl'
  | 'run'
  | 'req'
  | 'aud'
  | 'dek'
  | 'ing'
  | 'ntc'
  | 'afw'

/**
 * A new id: prefix, then 9 characters of time (milliseconds, base 32), then 13 random ones.
 * Ids of one prefix sort by creation time, so a primary key doubles as a list order.
 */
export function newId(prefix: IdPrefix, now: number = Date.now()): string {
  let time = ''
  for (let rest = now, i = 0; i < 9; i++) {
    time = ALPHABET[rest % 32] + time
    rest = Math.floor(rest / 32)
  }
  let random = ''
  for (const byte of crypto.getRandomValues(new Uint8Array(13))) random += ALPHABET[byte % 32]
  return `${prefix}_${time}${random}`
}
