import { sha256 } from '../lib/hash.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz'
const SHAPE = /^apiq_([a-z]+)_([0-9A-Za-z]{32})([0-9a-f]{8})$/

/**
 * A new API key: `apiq_<env>_<random><checksum>`. 32 characters drawn from 54 (about 184 bits), then the first
 * 8 hexadecimal digits of the SHA-256 of all before them, so that a mistyped key is refused without a look-up and
 * secret scanners can tell a real key from a lookalike.
 */
export async function generateToken(environment: string): Promise<string> {
  let random = ''
  while (random.length < 32) {
    for (const byte of crypto.getRandomValues(new Uint8Array(48))) {
      // Bytes past the largest multiple of 54 would favour the alphabet's start.
      if (byte < 216 && random.length < 32) random += ALPHABET[byte % 54]
    }
  }
  const body = `apiq_${environment}_${random}`
  return body + (await sha256(body)).slice(0, 8)
}

/** Whether a text has the shape and the checksum of an API key. */
export async function isWellFormed(token: string): Promise<boolean> {
  const match = SHAPE.exec(token)
  if (!match) return false
  return (await sha256(token.slice(0, -8))).startsWith(match[3] ?? '-')
}
