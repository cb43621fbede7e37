import { sha256 } from '../lib/hash.ts'
import { contractOf } from './diff/contract.ts'
import { diffContracts } from './diff/compare-contracts.ts'
import { operationName, type Operation, type Parameter } from './operation.ts'

/** One difference between two versions of a document, graded by what it does to those who call the API. */
export type Change = {
  /** `GET /orders/{id}`. */
  operation: string
  kind: 'added' | 'removed' | 'changed'
  breaking: boolean
  /** What changed, as a sentence. */
  message: string
  /** Where in the operation: a JSON pointer such as `/parameters/limit` or `/response/properties/total`; empty for the whole. */
  path: string
}

const MAX_CHANGES = 500

/**
 * What a new version of a document changes for those who call it; words alone are no change. Breaking ones come first.
 * An operation that changed goes by the name it had. It is the same one when only its path parameters are called
 * otherwise. Past `limit` changes the last one says how many more there are, and is breaking when one of them is.
 */
export function diffOperations(
  before: readonly Operation[],
  after: readonly Operation[],
  limit: number = MAX_CHANGES,
): Change[] {
  const { pairs, removed, added } = match(before, after)
  const changes: Change[] = removed.map((operation) => whole(operation, 'removed', 'the operation is gone'))
  for (const [old, now] of pairs) {
    if (isSame(old, now)) continue
    const name = operationName(old)
    const [oldParts, nowParts] = differingParts(old, now)
    diffContracts(contractOf(oldParts), contractOf(nowParts), (breaking, message, path) =>
      changes.push({ operation: name, kind: 'changed', breaking, message, path }),
    )
  }
  for (const operation of added) changes.push(whole(operation, 'added', 'the operation is new'))
  const sorted = [...changes.filter(({ breaking }) => breaking), ...changes.filter(({ breaking }) => !breaking)]
  return sorted.length > limit ? shorten(sorted, limit) : sorted
}

/**
 * SHA-256, in hexadecimal, of what of an operation matters to callers. Operations with equal hashes have no changes;
 * with different ones they have some, unless part of a schema is not known.
 */
export function operationHash(operation: Operation): Promise<string> {
  return sha256(JSON.stringify(contractOf(operation)))
}

type Match = { pairs: [Operation, Operation][]; removed: Operation[]; added: Operation[] }

/** By name first, then by a path that differs in the names of its parameters alone. */
function match(before: readonly Operation[], after: readonly Operation[]): Match {
  const byName = new Map(after.map((operation) => [operationName(operation), operation]))
  const names = new Set(before.map(operationName))
  const byShape = new Map<string, Operation[]>()
  for (const operation of after)
    if (!names.has(operationName(operation))) {
      const shape = shapeName(operation)
      byShape.set(shape, [...(byShape.get(shape) ?? []), operation])
    }
  const pairs: Match['pairs'] = []
  const removed: Operation[] = []
  for (const operation of before) {
    const same = byName.get(operationName(operation)) ?? byShape.get(shapeName(operation))?.shift()
    if (same) pairs.push([operation, same])
    else removed.push(operation)
  }
  const taken = new Set(pairs.map(([, operation]) => operation))
  return { pairs, removed, added: after.filter((operation) => !taken.has(operation)) }
}

function shapeName({ method, path }: Operation): string {
  return `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`
}

function whole(operation: Operation, kind: 'added' | 'removed', message: string): Change {
  return { operation: operationName(operation), kind, breaking: kind === 'removed', message, path: '' }
}

function shorten(changes: readonly Change[], limit: number): Change[] {
  const kept = changes.slice(0, Math.max(0, limit - 1))
  const rest = changes.slice(kept.length)
  const breaking = rest.filter((change) => change.breaking).length
  const message = `${rest.length} more changes${breaking > 0 ? `, ${breaking} of them breaking` : ''}`
  return [...kept, { operation: '', kind: 'changed', breaking: breaking > 0, message, path: '' }]
}

/** Both operations without the schemas that are the same in them: only what differs is worth reading. */
function differingParts(a: Operation, b: Operation): [Operation, Operation] {
  const sameBody = isSame(a.requestBody, b.requestBody)
  const sameResponse = isSame(a.response, b.response)
  const shared = new Set(a.parameters.filter((one) => b.parameters.some((other) => isSame(one, other))).map(idOf))
  const cut = (operation: Operation): Operation => ({
    ...operation,
    parameters: operation.parameters.filter((one) => !shared.has(idOf(one))),
    requestBody: sameBody ? null : operation.requestBody,
    response: sameResponse ? null : operation.response,
  })
  return [cut(a), cut(b)]
}

const idOf = (parameter: Parameter) => `${parameter.in} ${parameter.name}`

/** Whether two JSON values are equal: most operations of a new version are, and need no closer look. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every(
    (key) => Object.hasOwn(b, key) && isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  )
}
