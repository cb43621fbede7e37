import { Buffer } from 'node:buffer'

/**
 * An encrypted secret as it is stored: `v2.<data key id>.<iv>.<ciphertext>`, base64url parts. Only the vault opens it.
 * Older ones read `v1.local.<iv>.<ciphertext>` and are sealed with the key-encryption key itself.
 */
export type Sealed = string & { readonly __sealed: true }

/** What an envelope says of itself before it is opened; `keyId` is null in one of version 1. */
export type Envelope = { keyId: string | null; iv: Uint8Array<ArrayBuffer>; cipher: Uint8Array<ArrayBuffer> }

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const IV_BYTES = 12
// An IV of 12 bytes, and a ciphertext that has at least its tag of 16.
const SHAPE = /^(?:v1\.local|v2\.([a-z]{3}_[0-9a-z]+))\.([\w-]{16})\.([\w-]{22,})$/

/** Takes a column's text back as what `sealWith` returned. */
export function asSealed(text: string): Sealed {
  return text as Sealed
}

/** Bytes in base64url without padding (RFC 4648, section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

/** The bytes of a text in base64 or base64url. Characters outside of both are skipped. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, 'base64'))
}

/** A key of 32 bytes for AES-256-GCM, which nobody can read out again. */
export function importAesKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/** AES-GCM under a fresh 96-bit IV (NIST SP 800-38D), as `<iv>.<ciphertext>` in base64url. */
export async function encrypt(key: CryptoKey, plain: Uint8Array, boundTo: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const cipher = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: encoder.encode(boundTo) },
    key,
    plain,
  )
  return `${toBase64Url(iv)}.${toBase64Url(new Uint8Array(cipher))}`
}

/** The reverse of `encrypt`. @throws DOMException when anything was altered, or was bound to something else. */
export async function decrypt(
  key: CryptoKey,
  { iv, cipher }: Pick<Envelope, 'iv' | 'cipher'>,
  boundTo: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: 'AES-GCM', iv, additionalData: encoder.encode(boundTo) }
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, cipher))
}

/**
 * Seals a text under a data key. `boundTo` is the additional data: where the row lives (workspace and owner id), so
 * that a ciphertext copied to another row does not open there.
 */
export async function sealWith(keyId: string, key: CryptoKey, plain: string, boundTo: string): Promise<Sealed> {
  return asSealed(`v2.${keyId}.${await encrypt(key, encoder.encode(plain), boundTo)}`)
}

/** Reads an envelope without opening it. @throws Error when it is of no known version, or cut off. */
export function readEnvelope(sealed: Sealed): Envelope {
  const [, keyId = null, iv, cipher] = SHAPE.exec(sealed) ?? []
  if (!iv || !cipher) throw new Error('unknown envelope of a sealed secret')
  return { keyId, iv: fromBase64(iv), cipher: fromBase64(cipher) }
}

/** Opens an envelope with its data key. @throws Error when it was altered, or belongs to another row or key. */
export async function openWith(key: CryptoKey, envelope: Envelope, boundTo: string): Promise<string> {
  return decoder.decode(await decrypt(key, envelope, boundTo))
}

const imported = new WeakMap<Uint8Array, Promise<CryptoKey>>()

/**
 * Opens an envelope of version 1, which was sealed with a key-encryption key, with the first of these that fits.
 * @throws Error when none fits, it was altered, or it belongs to another row.
 */
export async function openV1(
  keys: readonly Uint8Array<ArrayBuffer>[],
  envelope: Envelope,
  boundTo: string,
): Promise<string> {
  let failure: unknown
  for (const bytes of keys) {
    let key = imported.get(bytes)
    if (!key) imported.set(bytes, (key = importAesKey(bytes)))
    try {
      return await openWith(await key, envelope, boundTo)
    } catch (error) {
      failure = error
    }
  }
  throw failure
}
