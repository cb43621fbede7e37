import { sha256 } from '../lib/hash.ts'
import { decrypt, encrypt, fromBase64, importAesKey } from './vault.ts'

type KeyBytes = Uint8Array<ArrayBuffer>

const FINGERPRINT_DIGITS = 16

/** The name of a key-encryption key: the first 8 bytes of its SHA-256 in hexadecimal. It tells nothing of the key. */
export async function fingerprintOf(key: KeyBytes): Promise<string> {
  return (await sha256(key)).slice(0, FINGERPRINT_DIGITS)
}

/** Wraps a data key with AES-256-GCM under a key-encryption key held here; it unwraps for the same `boundTo` only. */
export async function wrapLocally(key: KeyBytes, dataKey: KeyBytes, boundTo: string): Promise<string> {
  return encrypt(await importAesKey(key), dataKey, boundTo)
}

/** The reverse of `wrapLocally`. @throws Error when it was altered, or belongs to another key or place. */
export async function unwrapLocally(key: KeyBytes, wrapped: string, boundTo: string): Promise<KeyBytes> {
  const [iv = '', cipher = ''] = wrapped.split('.')
  return decrypt(await importAesKey(key), { iv: fromBase64(iv), cipher: fromBase64(cipher) }, boundTo)
}
