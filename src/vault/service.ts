import type { World } from '../context.ts'
import { openV1, openWith, readEnvelope, sealWith, type Sealed } from '../platform/vault.ts'
import { newestKeyId, openingKey, sealingKey } from './data-keys.ts'
import { noteOpening } from './openings.ts'

/**
 * Encrypts a secret of a workspace with its newest data key; it opens again only for the same workspace and owner (the
 * row it is stored in), so that a row copied elsewhere stays shut.
 * @throws AppError VAULT_UNAVAILABLE when the data key cannot be unwrapped, or the first one not be wrapped.
 */
export async function sealSecret(world: World, workspaceId: string, owner: string, plain: string): Promise<Sealed> {
  const { id, key } = await sealingKey(world, workspaceId)
  return sealWith(id, key, plain, `${workspaceId}/${owner}`)
}

/**
 * Decrypts what `sealSecret` made. With the data key at hand it asks neither the database nor KMS. That a secret was
 * opened is recorded in the audit log, see `noteOpening`.
 * @throws AppError VAULT_UNAVAILABLE; Error when it was altered, or belongs to another workspace or owner.
 */
export async function openSecret(world: World, workspaceId: string, owner: string, sealed: Sealed): Promise<string> {
  const plain = await open(world, workspaceId, owner, sealed)
  noteOpening(world, workspaceId, owner)
  return plain
}

/**
 * The same secret sealed with the workspace's newest data key; the very same text when it already is, so that its owner
 * knows whether there is something to store. To be stored only where the row still holds what was given.
 * @throws AppError VAULT_UNAVAILABLE; Error when it was altered, or belongs to another workspace or owner.
 */
export async function resealSecret(world: World, workspaceId: string, owner: string, sealed: Sealed): Promise<Sealed> {
  const { keyId } = readEnvelope(sealed)
  if (keyId !== null && keyId === (await newestKeyId(world, workspaceId))) return sealed
  return sealSecret(world, workspaceId, owner, await open(world, workspaceId, owner, sealed))
}

async function open(world: World, workspaceId: string, owner: string, sealed: Sealed): Promise<string> {
  const envelope = readEnvelope(sealed)
  const place = `${workspaceId}/${owner}`
  if (envelope.keyId !== null) return openWith(await openingKey(world, workspaceId, envelope.keyId), envelope, place)
  const { encryptionKey, encryptionKeysOld } = world.config
  return openV1([encryptionKey, ...encryptionKeysOld], envelope, place)
}
