import { AwsV4Signer } from 'aws4fetch'
import type { KmsConfig } from '../config.ts'
import { backoff } from '../lib/backoff.ts'
import { fromBase64 } from './vault.ts'

/** Why AWS KMS did not do it; the message is ours, what KMS said is in `type` and goes to the log. */
export class KmsError extends Error {
  override readonly name = 'KmsError'
  readonly reason: 'credentials' | 'key' | 'ciphertext' | 'unreachable'
  /** The exception's name in KMS's answer, or null where there was no answer. */
  readonly type: string | null

  constructor(reason: KmsError['reason'], type: string | null, cause?: unknown) {
    const said = type === null ? '' : ` (${type})`
    super(`${MEANING[reason]}${said}`, cause === undefined ? undefined : { cause })
    this.reason = reason
    this.type = type
  }
}

/** How KMS is reached: its settings, and what calls it. */
export type KmsAccess = { kms: KmsConfig; fetch: typeof fetch }

/** What a ciphertext is bound to (KMS's encryption context): additional data, readable in CloudTrail, no secret. */
export type EncryptionContext = Readonly<Record<string, string>>

const MEANING = {
  credentials: 'AWS KMS does not accept the credentials',
  key: 'AWS KMS does not let the credentials use the key',
  ciphertext: 'AWS KMS does not open the ciphertext',
  unreachable: 'AWS KMS did not answer as it should',
} as const

// Exceptions common to all of AWS, and those of KMS's Encrypt and Decrypt; anything else counts as unreachable.
const REASONS: Readonly<Record<string, KmsError['reason']>> = {
  UnrecognizedClientException: 'credentials',
  InvalidSignatureException: 'credentials',
  InvalidClientTokenId: 'credentials',
  IncompleteSignature: 'credentials',
  IncompleteSignatureException: 'credentials',
  MissingAuthenticationToken: 'credentials',
  MissingAuthenticationTokenException: 'credentials',
  ExpiredTokenException: 'credentials',
  AccessDeniedException: 'key',
  NotFoundException: 'key',
  DisabledException: 'key',
  KMSInvalidStateException: 'key',
  InvalidKeyUsageException: 'key',
  InvalidGrantTokenException: 'key',
  IncorrectKeyException: 'ciphertext',
  InvalidCiphertextException: 'ciphertext',
}

const TIMEOUT_MS = 5000
const TRIES = 2

/** Encrypts up to 4096 bytes under the configured key. Returns the ARN of the key with it. @throws KmsError */
export async function encryptWithKms(
  access: KmsAccess,
  plain: Uint8Array,
  context: EncryptionContext,
): Promise<{ keyId: string; ciphertext: string }> {
  const answer = await callKms(access, 'Encrypt', {
    KeyId: access.kms.keyId,
    Plaintext: btoa(String.fromCharCode(...plain)),
    EncryptionContext: context,
  })
  return { keyId: field(answer, 'KeyId'), ciphertext: field(answer, 'CiphertextBlob') }
}

/** Decrypts what `encryptWithKms` made under the key of this ARN, with the same context. @throws KmsError */
export async function decryptWithKms(
  access: KmsAccess,
  keyId: string,
  ciphertext: string,
  context: EncryptionContext,
): Promise<Uint8Array<ArrayBuffer>> {
  const request = { KeyId: keyId, CiphertextBlob: ciphertext, EncryptionContext: context }
  return fromBase64(field(await callKms(access, 'Decrypt', request), 'Plaintext'))
}

/** One of KMS's operations; both can be repeated, so what may pass is tried once more. */
async function callKms(access: KmsAccess, operation: 'Encrypt' | 'Decrypt', input: object): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(access, operation, input)
    } catch (error) {
      if (!(error instanceof KmsError) || error.reason !== 'unreachable' || attempt === TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, backoff(attempt, Math.random(), 100)))
    }
  }
}

/**
 * Speaks AWS JSON 1.1, signed by Signature Version 4 with every header that is sent. The endpoint is the operator's own
 * setting, and `keys:rotate` speaks to it outside of a Worker, so this does not go through `outbound.ts`.
 */
async function send({ kms, fetch }: KmsAccess, operation: string, input: object): Promise<unknown> {
  const signed = await new AwsV4Signer({
    method: 'POST',
    url: kms.endpoint,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` },
    body: JSON.stringify(input),
    accessKeyId: kms.accessKeyId,
    secretAccessKey: kms.secretAccessKey,
    ...(kms.sessionToken === null ? {} : { sessionToken: kms.sessionToken }),
    service: 'kms',
    region: kms.region,
    allHeaders: true,
  }).sign()
  const { method, headers, body = null } = signed
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  let answer: { status: number; text: string }
  try {
    const response = await fetch(signed.url.href, { method, headers, body, redirect: 'manual', signal })
    answer = { status: response.status, text: await response.text() }
  } catch (error) {
    throw new KmsError('unreachable', null, error)
  }
  const json = readJson(answer.text)
  if (answer.status === 200) return json
  // Some services put a namespace in front: `com.amazonaws.kms#NotFoundException`.
  const type = /(?:^|#)(\w{1,100})$/.exec(textOf(json, '__type') ?? '')?.[1] ?? String(answer.status)
  throw new KmsError(REASONS[type] ?? 'unreachable', type)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function field(answer: unknown, name: string): string {
  const text = textOf(answer, name)
  if (text === null) throw new KmsError('unreachable', `no ${name}`)
  return text
}

function textOf(value: unknown, name: string): string | null {
  const inner = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : null
  return typeof inner === 'string' ? inner : null
}
