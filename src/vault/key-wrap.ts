import type { KeyConfig } from '../config.ts'
import { AppError } from '../errors.ts'
import { decryptWithKms, encryptWithKms, KmsError, type KmsAccess } from '../platform/kms.ts'
import { fingerprintOf, unwrapLocally, wrapLocally } from '../platform/local-kek.ts'

/** A data key as it is stored. `kekId` names what wrapped it: a fingerprint, or the ARN of KMS's key. */
export type WrappedKey = {
  id: string
  workspaceId: string
  provider: 'local' | 'aws-kms'
  kekId: string
  wrapped: string
}

/** What wrapping takes: the keys, and the way to KMS. A `World` is one. */
export type KeyAccess = { config: KeyConfig; fetch: typeof fetch }

/** The name of a key-encryption key. */
export type KekName = Pick<WrappedKey, 'provider' | 'kekId'>

// A key's policy may ask for the names of the context, so the probe has them too.
const NOWHERE = { workspace: 'none', key: 'none' }

const DETAIL = {
  credentials:
    'AWS KMS does not accept the credentials. Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
  key: 'AWS KMS does not let the credentials use the key. Check AWS_KMS_KEY_ID, the state of the key, and its policy.',
  ciphertext: 'AWS KMS does not open the data key: it was altered, moved, or wrapped with another key.',
  unreachable: 'AWS KMS did not answer as it should. Try again.',
} as const

/**
 * Wraps a data key under the current key-encryption key, bound to its workspace and id. It is unwrapped once before it
 * is returned: credentials that may encrypt but not decrypt would lock everything in.
 * @throws AppError VAULT_UNAVAILABLE
 */
export async function wrapDataKey(
  access: KeyAccess,
  workspaceId: string,
  id: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<WrappedKey> {
  const made = await wrap(access, workspaceId, id, bytes)
  const proof = await unwrapDataKey(access, made)
  if (proof.length !== bytes.length || proof.some((byte, at) => byte !== bytes[at]))
    throw new Error(`the data key ${id} unwraps to something else`)
  proof.fill(0)
  return made
}

/** Wraps a data key anew under the current key-encryption key. @throws AppError VAULT_UNAVAILABLE */
export async function rewrapDataKey(access: KeyAccess, row: WrappedKey): Promise<WrappedKey> {
  const bytes = await unwrapDataKey(access, row)
  try {
    return await wrapDataKey(access, row.workspaceId, row.id, bytes)
  } finally {
    bytes.fill(0)
  }
}

async function wrap(
  access: KeyAccess,
  workspaceId: string,
  id: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<WrappedKey> {
  const { keyProvider: provider, encryptionKey } = access.config
  if (provider === 'local') {
    const [kekId, wrapped] = await Promise.all([
      fingerprintOf(encryptionKey),
      wrapLocally(encryptionKey, bytes, placeOf(workspaceId, id)),
    ])
    return { id, workspaceId, provider, kekId, wrapped }
  }
  const kms = kmsOf(access)
  const made = await told(() => encryptWithKms(kms, bytes, { workspace: workspaceId, key: id }))
  return { id, workspaceId, provider, kekId: made.keyId, wrapped: made.ciphertext }
}

/**
 * The 32 bytes of a data key, whichever configured key-encryption key wrapped it.
 * @throws AppError VAULT_UNAVAILABLE when that key is not configured, KMS is down or refuses, or the row was altered.
 */
export async function unwrapDataKey(access: KeyAccess, row: WrappedKey): Promise<Uint8Array<ArrayBuffer>> {
  if (row.provider === 'aws-kms') {
    const kms = kmsOf(access)
    return told(() => decryptWithKms(kms, row.kekId, row.wrapped, { workspace: row.workspaceId, key: row.id }))
  }
  const { encryptionKey, encryptionKeysOld } = access.config
  for (const key of [encryptionKey, ...encryptionKeysOld]) {
    if ((await fingerprintOf(key)) !== row.kekId) continue
    try {
      return await unwrapLocally(key, row.wrapped, placeOf(row.workspaceId, row.id))
    } catch (cause) {
      throw new AppError('VAULT_UNAVAILABLE', `The data key ${row.id} does not open: it was altered, or moved.`, {
        cause,
      })
    }
  }
  throw new AppError(
    'VAULT_UNAVAILABLE',
    `The data key ${row.id} is wrapped with the key ${row.kekId}, which is not configured. Put it into ENCRYPTION_KEYS_OLD.`,
  )
}

/**
 * What wraps from now on. A configured KMS key may be an alias, so KMS itself is asked, by encrypting a byte.
 * @throws AppError VAULT_UNAVAILABLE
 */
export async function currentKek(access: KeyAccess): Promise<KekName> {
  const { keyProvider: provider, encryptionKey } = access.config
  if (provider === 'local') return { provider, kekId: await fingerprintOf(encryptionKey) }
  const kms = kmsOf(access)
  return { provider, kekId: (await told(() => encryptWithKms(kms, new Uint8Array(1), NOWHERE))).keyId }
}

/** Additional data of a wrapped key. What version 1 sealed with the same key is bound to `<workspace>/<owner>`. */
function placeOf(workspaceId: string, id: string): string {
  return `data-key/${workspaceId}/${id}`
}

function kmsOf({ config, fetch }: KeyAccess): KmsAccess {
  if (config.kms) return { kms: config.kms, fetch }
  throw new AppError('VAULT_UNAVAILABLE', 'A data key is wrapped with AWS KMS, which is not configured here any more.')
}

async function told<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    if (!(cause instanceof KmsError)) throw cause
    throw new AppError('VAULT_UNAVAILABLE', DETAIL[cause.reason], { cause })
  }
}
