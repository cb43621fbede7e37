import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import type { SignatureMode } from './schema.ts'

/** What came in: the headers, and the body byte for byte as it was signed. */
export type SignedRequest = { headers: Headers; body: Bytes }

type Bytes = Uint8Array<ArrayBuffer>

const PREFIX = 'whsec_'
const SECRET_BYTES = 32
const WINDOW_SECONDS = 300
const MAX_ID = 256
// A sender that rotates its keys signs with each of them.
const MAX_SIGNATURES = 10

/** A new secret as Standard Webhooks writes it. */
export function newSecret(): string {
  return PREFIX + toBase64(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))
}

/** @throws AppError VALIDATION_FAILED unless a given secret is one for the mode (Standard Webhooks, section on secrets). */
export function checkSecret(mode: SignatureMode, secret: string): void {
  if (mode.type === 'body') return
  const bytes = secret.startsWith(PREFIX) ? fromBase64(secret.slice(PREFIX.length)) : null
  if (bytes && bytes.length >= 24 && bytes.length <= 64) return
  const message = `must be ${PREFIX} followed by 24 to 64 bytes in base64`
  throw new AppError('VALIDATION_FAILED', `/secret ${message}.`, {
    errors: [{ path: '/secret', code: 'custom', message }],
  })
}

/**
 * Holds a request against the secrets of a hook, in constant time, and says which event it tells of. `now` is in
 * milliseconds since 1970.
 * @throws AppError SIGNATURE_INVALID
 */
export async function verifySignature(
  mode: SignatureMode,
  secrets: readonly string[],
  request: SignedRequest,
  now: number,
): Promise<{ messageId: string }> {
  return mode.type === 'standard' ? verifyStandard(secrets, request, now) : verifyBody(mode, secrets, request)
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Verifying webhook authenticity". */
async function verifyStandard(secrets: readonly string[], { headers, body }: SignedRequest, now: number) {
  const messageId = headers.get('webhook-id') ?? ''
  const timestamp = headers.get('webhook-timestamp') ?? ''
  const sent = headers.get('webhook-signature')
  if (messageId === '' || messageId.length > MAX_ID || !sent || !/^\d{1,12}$/.test(timestamp))
    throw refused('webhook-id, webhook-timestamp (seconds since 1970) and webhook-signature are needed')
  if (Math.abs(now / 1000 - Number(timestamp)) > WINDOW_SECONDS)
    throw refused(`webhook-timestamp is more than ${WINDOW_SECONDS} seconds from now`)
  const signatures = sent
    .split(' ')
    .slice(0, MAX_SIGNATURES)
    .flatMap((part) => (part.startsWith('v1,') ? (fromBase64(part.slice(3)) ?? []) : []))
  const signed = concat(encode(`${messageId}.${timestamp}.`), body)
  const keys = secrets.flatMap((secret) => fromBase64(secret.slice(PREFIX.length)) ?? [])
  if (!(await fits(keys, signatures, signed))) throw refused('no signature in webhook-signature fits')
  return { messageId }
}

async function verifyBody(
  mode: Extract<SignatureMode, { type: 'body' }>,
  secrets: readonly string[],
  { headers, body }: SignedRequest,
) {
  const sent = headers.get(mode.header)
  if (!sent?.startsWith(mode.prefix)) throw refused(`the header ${mode.header} is needed, beginning "${mode.prefix}"`)
  const text = sent.slice(mode.prefix.length)
  const signature = mode.encoding === 'hex' ? fromHex(text) : fromBase64(text)
  const keys = secrets.map(encode)
  if (!signature || !(await fits(keys, [signature], body)))
    throw refused(`the signature in ${mode.header} does not fit`)
  if (!mode.idHeader) return { messageId: await sha256(body) }
  const messageId = headers.get(mode.idHeader) ?? ''
  if (messageId === '' || messageId.length > MAX_ID) throw refused(`the header ${mode.idHeader} is needed`)
  return { messageId }
}

/** WebCrypto compares in constant time. */
async function fits(keys: readonly Bytes[], signatures: readonly Bytes[], data: Bytes): Promise<boolean> {
  for (const bytes of keys) {
    const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
    for (const signature of signatures) if (await crypto.subtle.verify('HMAC', key, signature, data)) return true
  }
  return false
}

function refused(reason: string): AppError {
  return new AppError('SIGNATURE_INVALID', `The event was refused: ${reason}.`)
}

function concat(first: Bytes, second: Bytes): Bytes {
  const whole = new Uint8Array(first.length + second.length)
  whole.set(first)
  whole.set(second, first.length)
  return whole
}

function encode(text: string): Bytes {
  return Uint8Array.from(new TextEncoder().encode(text))
}

function toBase64(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes))
}

function fromBase64(text: string): Bytes | null {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  } catch {
    return null
  }
}

function fromHex(text: string): Bytes | null {
  if (!/^([0-9a-f]{2})+$/i.test(text)) return null
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
