import type { World } from '../context.ts'

const MAX_KEYS = 500
const TTL_MS = 5 * 60_000
const PATIENCE_MS = 12_000

// By age of use: the first is the one that nobody asked for the longest.
const kept = new Map<string, { key: CryptoKey; until: number }>()
const coming = new Map<string, Promise<CryptoKey>>()

/** The key under this name, if this isolate has it and it is not too old. */
export function keptKey(name: string, now: number): CryptoKey | null {
  const entry = kept.get(name)
  if (!entry) return null
  kept.delete(name)
  if (entry.until <= now) return null
  kept.set(name, entry)
  return entry.key
}

/** Keeps a key for five minutes, so that a grant revoked in KMS takes effect within them. */
export function keepKey(name: string, key: CryptoKey, now: number): void {
  kept.delete(name)
  kept.set(name, { key, until: now + TTL_MS })
  for (const oldest of kept.keys()) {
    if (kept.size <= MAX_KEYS) return
    kept.delete(oldest)
  }
}

/**
 * The key under this name: kept, on its way for somebody else, or loaded. A request that is cut off may never finish
 * what it began, so nobody waits for another one's load longer than a load can take.
 */
export async function shareKey(world: World, name: string, load: () => Promise<CryptoKey>): Promise<CryptoKey> {
  const known = keptKey(name, world.now())
  if (known) return known
  const others = coming.get(name)
  const shared = others && (await within(others, PATIENCE_MS))
  if (shared) return shared
  const own = load().then((key) => {
    keepKey(name, key, world.now())
    return key
  })
  coming.set(name, own)
  const settled = own
    .catch(() => null)
    .finally(() => {
      if (coming.get(name) === own) coming.delete(name)
    })
  world.defer(settled)
  return own
}

async function within<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
