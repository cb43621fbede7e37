import { resolvePointer } from '../lib/json-pointer.ts'
import type { JsonSchema } from './operation.ts'
import { firstThatFit, MAX_CHARS, memberSize, SHORTENED, sizeOf, WHOLE, type Detail } from './schema-size.ts'
import { MAX_HOPS, memoOf, newReach, type Copy, type SliceMemo } from './slice-memo.ts'

type Source = Readonly<Record<string, unknown>>
type Result = Record<string, unknown>

const MAX_DEPTH = 8
// With less room than this, trying one more property is not worth the time.
const LEAST_ROOM = 32

const TEXTS = new Set(['title', 'description'])
// Keywords that say what a value is; the rest (xml, externalDocs, extensions) only costs space.
const KEPT = (
  'type format title description enum const default example required nullable readOnly writeOnly minimum maximum ' +
  'exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern minItems maxItems uniqueItems'
).split(' ')
const NESTED = ['items', 'additionalProperties', 'not'] as const
const COMPOSED = ['allOf', 'anyOf', 'oneOf'] as const
const LISTS = [...COMPOSED, 'prefixItems'] as const
const MEMBERS = ['properties', ...NESTED, ...LISTS] as const

/**
 * The part of a schema that one operation needs, references resolved, as deep as fits the guard: a document whose
 * schemas refer to each other grows many times over when it is resolved whole. Where the guard, a cycle or the end of
 * the document stops it, the `$ref` stays and stands for "not known from here". A schema too large even without what it
 * refers to is shortened, and never looks closed where properties are left out.
 *
 * Slices of a document hold what they have in common only once: neither they nor the document may change afterwards.
 */
export function sliceSchema(document: unknown, schema: unknown): JsonSchema {
  const memo = memoOf(document)
  let best: JsonSchema | null = null
  for (let depth = 1; depth <= MAX_DEPTH; depth++) {
    const copier = new Copier(document, WHOLE, memo)
    const slice = copier.slice(schema, depth)
    // What references lead to may be shorter than they are: a first level that is too large does not settle it.
    if (slice === null && depth > 1) break
    best = slice ?? best
    if (!copier.stopped) break
  }
  for (const detail of SHORTENED) best ??= new Copier(document, detail).slice(schema, 1)
  return best ?? {}
}

/** Copies one schema, counting what it writes and stopping as soon as that is too much. */
class Copier {
  readonly #document: unknown
  readonly #detail: Detail
  readonly #memo: SliceMemo | null
  readonly #incomplete: WeakSet<object>
  #reach = newReach()
  #left = MAX_CHARS

  /** A memo holds copies of one detail that leave no members out. */
  constructor(document: unknown, detail: Detail, memo: SliceMemo | null = null) {
    this.#document = document
    this.#detail = detail
    this.#memo = memo
    this.#incomplete = memo?.incomplete ?? new WeakSet()
  }

  /** Whether the depth or the size stopped it. */
  get stopped(): boolean {
    return this.#reach.stopped
  }

  /** The schema with so many levels of what is in it, or null when that is too large. */
  slice(schema: unknown, depth: number): JsonSchema | null {
    const slice = this.#copy(schema, depth, [])
    if (this.#left >= 0) return slice
    this.#reach.stopped = true
    return null
  }

  #copy(schema: unknown, depth: number, trail: readonly string[]): Result {
    this.#left -= '{}'.length
    if (this.#left < 0 || !isObject(schema)) return {}
    const ref = schema['$ref']
    if (typeof ref === 'string') return this.#follow(ref, depth, trail)
    const result = this.#values(schema)
    if (depth > 0) this.#addMembers(result, schema, depth, trail)
    else if (MEMBERS.some((keyword) => typeof schema[keyword] === 'object' || schema[keyword] === false)) {
      this.#reach.stopped = true
      this.#incomplete.add(result)
    }
    if (COMPOSED.some((keyword) => listOf(result[keyword]).some((member) => this.#incomplete.has(member))))
      this.#incomplete.add(result)
    if (this.#incomplete.has(result)) {
      const open = unclose(result)
      this.#incomplete.add(open)
      return open
    }
    return result
  }

  #follow(ref: string, depth: number, trail: readonly string[]): Result {
    const made = this.#memo?.find(ref, depth, trail, this.#left)
    if (made) {
      this.#left -= made.size
      return this.#join(made, trail)
    }
    const target = ref.startsWith('#') ? resolvePointer(this.#document, ref) : undefined
    if (target === undefined) return this.#leave(ref)
    if (trail.includes(ref)) this.#reach.circular.add(ref)
    else if (trail.length >= MAX_HOPS) this.#reach.hops = Infinity
    else if (depth > 0) return this.#copyTarget(target, ref, depth, trail)
    else {
      this.#reach.followed.add(ref)
      this.#reach.hops = Math.max(this.#reach.hops, trail.length + 1)
      this.#reach.stopped = true
    }
    return this.#leave(ref)
  }

  #leave(ref: string): Result {
    const result = { $ref: ref }
    this.#left -= sizeOf(result, MAX_CHARS)
    this.#incomplete.add(result)
    return result
  }

  #copyTarget(target: unknown, ref: string, depth: number, trail: readonly string[]): Result {
    const outer = this.#reach
    const room = this.#left
    this.#reach = newReach()
    const result = this.#copy(target, depth, [...trail, ref])
    const { followed, circular, hops, ...rest } = this.#reach
    followed.add(ref)
    circular.delete(ref)
    const made = {
      ...rest,
      followed,
      circular,
      hops: Math.max(hops - trail.length, 1),
      size: room - this.#left,
      result: this.#left < 0 ? null : result,
    }
    this.#memo?.keep(ref, depth, made)
    this.#reach = outer
    return this.#join(made, trail)
  }

  /** Takes over what a copy came upon as if it had been made here. */
  #join({ result, size, followed, circular, hops, stopped }: Copy, trail: readonly string[]): Result {
    const reach = this.#reach
    for (const ref of followed) reach.followed.add(ref)
    for (const ref of circular) reach.circular.add(ref)
    reach.hops = Math.max(reach.hops, trail.length + hops)
    reach.stopped ||= stopped
    reach.shared += size
    return result ?? {}
  }

  /** The keywords that hold no schemas. */
  #values(source: Source): Result {
    const result: Result = {}
    for (const keyword of KEPT) {
      const written = source[keyword]
      const value = written === undefined ? undefined : this.#shorten(keyword, written)
      if (value === undefined) continue
      result[keyword] = value
      this.#left -= memberSize(keyword) + sizeOf(value, MAX_CHARS)
    }
    return result
  }

  /** What is kept of a keyword's value: only words may be cut short, part of anything else would say something else. */
  #shorten(keyword: string, value: unknown): unknown {
    const { text, value: most, list } = this.#detail
    if (TEXTS.has(keyword)) return typeof value === 'string' ? value.slice(0, text) || undefined : undefined
    if (keyword === 'example' && typeof value === 'object') return undefined
    if (keyword === 'required') return Array.isArray(value) ? firstThatFit(value.filter(isText), list) : undefined
    if (keyword === 'type') return Array.isArray(value) ? value.filter(isText) : isText(value) ? value : undefined
    const max = keyword === 'enum' ? list : most
    return value !== undefined && sizeOf(value, max) <= max ? value : undefined
  }

  #addMembers(result: Result, source: Source, depth: number, trail: readonly string[]): void {
    const copy = (schema: unknown) => this.#copy(schema, depth - 1, trail)
    if (isObject(source['properties'])) this.#addProperties(result, source, source['properties'], copy)
    for (const keyword of NESTED) {
      const value = source[keyword]
      if (typeof value === 'object') this.#add(result, keyword, () => copy(value))
      else if (typeof value === 'boolean' && keyword !== 'not') this.#add(result, keyword, () => value)
    }
    for (const keyword of LISTS) {
      const list = source[keyword]
      // What all apply is the same value seen again, and no level deeper.
      const copyMember = keyword === 'allOf' ? (schema: unknown) => this.#copy(schema, depth, trail) : copy
      if (Array.isArray(list)) this.#add(result, keyword, () => this.#copyList(list, copyMember))
    }
  }

  #copyList(list: unknown[], copy: (schema: unknown) => Result): Result[] {
    const result: Result[] = []
    for (const schema of list) {
      if (this.#left < 0) break
      this.#left--
      result.push(copy(schema))
    }
    return result
  }

  /** Required ones come first where not all of them fit. */
  #addProperties(result: Result, source: Source, properties: Source, copy: (schema: unknown) => Result): void {
    const entries = Object.entries(properties)
    const required = new Set<unknown>(Array.isArray(source['required']) ? source['required'] : [])
    if (this.#detail.partial) entries.sort(([a], [b]) => Number(required.has(b)) - Number(required.has(a)))
    const kept: [string, Result][] = []
    this.#left -= memberSize('properties')
    for (const [name, schema] of entries) {
      const value = this.#fits(result, name, () => copy(schema))
      if (value !== undefined) kept.push([name, value])
      else if (!this.#detail.partial || this.#left < LEAST_ROOM) break
    }
    result['properties'] = Object.fromEntries(kept)
  }

  #add(result: Result, keyword: string, make: () => unknown): void {
    const value = this.#fits(result, keyword, make)
    if (value !== undefined) result[keyword] = value
  }

  /** What is made, where there is room for it; where there is not, `owner` is incomplete. */
  #fits<T>(owner: Result, name: string, make: () => T): T | undefined {
    const before = this.#left
    if (before < 0) return undefined
    const value = make()
    this.#left -= memberSize(name) + (typeof value === 'boolean' ? 'false'.length : 0)
    if (this.#left >= 0) return value
    if (this.#detail.partial) this.#left = before
    this.#incomplete.add(owner)
    return undefined
  }
}

/** Without saying that there is nothing but what is written: something may have been left out. */
function unclose(schema: Result): Result {
  const open = { ...schema }
  if (open['additionalProperties'] === false) delete open['additionalProperties']
  if (open['items'] === false) delete open['items']
  for (const keyword of COMPOSED) if (keyword in open) open[keyword] = listOf(open[keyword]).map(unclose)
  return open
}

const isText = (value: unknown) => typeof value === 'string'
const isObject = (value: unknown): value is Source => typeof value === 'object' && value !== null
const listOf = (value: unknown): Result[] => (Array.isArray(value) ? (value as Result[]) : [])
