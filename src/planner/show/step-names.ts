import { words } from '../../lib/words.ts'
import type { Operation } from '../../specs/operation.ts'

/** An id for the call of each operation: the operation's own where it is a plain word, else made from method and resource; unique. */
export function stepIds(operations: readonly Operation[]): string[] {
  const taken = new UniqueNames([])
  return operations.map((endpoint) => {
    const made = words(`${endpoint.method} ${endpoint.path.replaceAll(/\{[^}]*\}/g, '')}`).join('_')
    const plain = (endpoint.operationId ?? made)
      .replaceAll(/\W+/g, '_')
      .replace(/^(?=\d)/, '_')
      .slice(0, 56)
    return taken.take(plain in Object.prototype ? `${plain}_1` : plain)
  })
}

/** Names that are given out once. */
export class UniqueNames {
  readonly #taken: Set<string>

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken)
  }

  /** A name, with a number behind it where it is taken. */
  take(wanted: string): string {
    let name = wanted
    for (let n = 2; this.#taken.has(name); n++) name = `${wanted}_${n}`
    this.#taken.add(name)
    return name
  }
}

const RESERVED = new Set([
  'input',
  'steps',
  'run',
  'index',
  'and',
  'or',
  'in',
  'true',
  'false',
  'null',
  'function',
  'item',
])

/** What expressions call an item of a loop by. */
export function variableFor(noun: string): string {
  const name = words(noun)
    .join('_')
    .replaceAll(/[^a-z0-9_]/g, '')
    .replace(/^(?=\d)/, '_')
    .slice(0, 40)
  return name === '' || RESERVED.has(name) || name in Object.prototype ? 'one' : name
}
