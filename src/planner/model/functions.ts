import type { Endpoint } from '../../catalog/service.ts'
import type { ConnectionName } from '../../connections/targets.ts'
import { words } from '../../lib/words.ts'
import { operationName } from '../../specs/operation.ts'

/** An operation with the connection it is called through. */
export type Callable = { endpoint: Endpoint; connection: ConnectionName }

// What OpenAI takes as the name of a function: letters, digits, "_" and "-", at most 64.
const MAX_NAME = 64
const HASH_CHARS = 8

/**
 * Operations by the names that a model calls them by. A name follows from the operation alone, so that it is the same in
 * every prompt, but for operations that would share one: those get a hash of what they are behind it.
 */
export function nameFunctions(callables: readonly Callable[]): Map<string, Callable> {
  const sharing = new Map<string, number>()
  for (const callable of callables) {
    const name = plainName(callable)
    sharing.set(name, (sharing.get(name) ?? 0) + 1)
  }
  const named = new Map<string, Callable>()
  for (const callable of callables) {
    const plain = plainName(callable)
    let name = sharing.get(plain) === 1 ? plain : withHash(plain, keyOf(callable))
    for (let turn = 2; named.has(name); turn++) name = withHash(plain, `${keyOf(callable)} ${turn}`)
    named.set(name, callable)
  }
  return named
}

/** What an operation is called in definitions, with its API: unique in a workspace. */
export function keyOf({ endpoint, connection }: Callable): string {
  return `${connection.slug} ${operationName(endpoint)}`
}

function plainName(callable: Callable): string {
  const { endpoint, connection } = callable
  const own = endpoint.operationId ?? words(`${endpoint.method} ${endpoint.path}`).join('_')
  const name = `${connection.slug}_${own}`.replaceAll(/[^\w-]+/g, '_')
  return name.length <= MAX_NAME ? name : withHash(name, keyOf(callable))
}

function withHash(name: string, key: string): string {
  return `${name.slice(0, MAX_NAME - HASH_CHARS - 1)}_${fnv1a(key)}`
}

/** FNV-1a, 32 bits, in hexadecimal: to tell names apart, nothing more. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(HASH_CHARS, '0')
}
