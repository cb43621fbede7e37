/** An encrypted secret as it is stored: `v1.<key id>.<iv>.<ciphertext>`, base64url parts. Only the vault opens it. */
export type Sealed = string & { readonly __sealed: true }

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const KEY_ID = 'local'

const imported = new WeakMap<Uint8Array, Promise<CryptoKey>>()

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  let key = imported.get(bytes)
  if (!key) imported.set(bytes, (key = crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])))
  return key
}

/** Takes a column's text back as what `seal` returned. */
export function asSealed(text: string): Sealed {
  return text as Sealed
}

/**
 * Encrypts with AES-256-GCM under a fresh 96-bit IV (NIST SP 800-38D). `boundTo` is the additional data: where the row
 * lives (workspace and owner id), so that a ciphertext copied to another row does not open there.
 */
export async function seal(keyBytes: Uint8Array<ArrayBuffer>, plain: string, boundTo: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const key = await importKey(keyBytes)
  const cipher = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: encoder.encode(boundTo) },
    key,
    encoder.encode(plain),
  )
  return asSealed(
    `v1.${KEY_ID}.${iv.toBase64({ alphabet: 'base64url' })}.${new Uint8Array(cipher).toBase64({ alphabet: 'base64url' })}`,
  )
}

/**
 * Decrypts what `seal` made.
 * @throws Error when the envelope is not of a known version, was altered, or belongs to another row.
 */
export async function unseal(keyBytes: Uint8Array<ArrayBuffer>, sealed: Sealed, boundTo: string): Promise<string> {
  const [version, keyId, iv, cipher] = sealed.split('.')
  if (version !== 'v1' || keyId !== KEY_ID || !iv || !cipher) throw new Error('unknown envelope of a sealed credential')
  const plain = await crypto.subtle.decrypt(
    {
      name: 'AES-GCM',
      iv: Uint8Array.fromBase64(iv, { alphabet: 'base64url' }),
      additionalData: encoder.encode(boundTo),
    },
    await importKey(keyBytes),
    Uint8Array.fromBase64(cipher, { alphabet: 'base64url' }),
  )
  return decoder.decode(plain)
}
