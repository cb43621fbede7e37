import { escapeToken, resolvePointer } from '../lib/json-pointer.ts'

export type Node = Record<string, unknown>

/** How a value is copied: as a schema, as a map of schemas by name, or as anything else that may hold references. */
export type Kind = 'schema' | 'schemas' | 'other'

const SCHEMA_PARTS = new Map<string, Kind>([
  ['items', 'schema'],
  ['additionalProperties', 'schema'],
  ['not', 'schema'],
  ['allOf', 'schema'],
  ['anyOf', 'schema'],
  ['oneOf', 'schema'],
  ['properties', 'schemas'],
  ['patternProperties', 'schemas'],
  ['definitions', 'schemas'],
])
// What stands under these is a value of the API: a `$ref` in it is no reference.
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const', 'x-example', 'x-examples'])
// Every schema of a body or a response is named once per media type; a list without end would multiply the document.
const MAX_MEDIA_TYPES = 20
const MAX_HOPS = 50

type Unfilled = { kind: Kind; source: Node | unknown[]; target: Node | unknown[] }

/**
 * The state of one conversion. Copies are handed out empty and filled later from a list, and each source object has one
 * copy: neither depth, nor objects that stand in many places or within themselves, as YAML anchors make them, matter.
 */
export class Upgrade {
  readonly document: Node
  readonly consumes: unknown[]
  readonly produces: unknown[]
  readonly #copies = { schema: new WeakMap(), schemas: new WeakMap(), other: new WeakMap() }
  readonly #made = new Map<string, WeakMap<object, WeakMap<object, unknown>>>()
  readonly #unfilled: Unfilled[] = []

  constructor(document: Node) {
    this.document = document
    this.consumes = list(document['consumes'])
    this.produces = list(document['produces'])
  }

  /** The copy of a value, references rewritten; it is complete after `finish`. */
  copy(kind: Kind, source: unknown): unknown {
    if (!isNode(source) && !Array.isArray(source)) return source
    const known: unknown = this.#copies[kind].get(source)
    if (known !== undefined) return known
    const target = Array.isArray(source) ? [] : {}
    this.#copies[kind].set(source, target)
    this.#unfilled.push({ kind, source, target })
    return target
  }

  /** Fills every copy that was handed out. */
  finish(): void {
    for (let next = this.#unfilled.pop(); next; next = this.#unfilled.pop()) {
      const { kind, source, target } = next
      if (Array.isArray(source)) for (const item of source) (target as unknown[]).push(this.copy(kind, item))
      else this.#fill(kind, source, target as Node)
    }
  }

  /** What `make` gives, made once for a purpose and the two objects it is made from. */
  once<T>(purpose: string, first: object, second: object, make: () => T): T {
    const byFirst = this.#made.get(purpose) ?? new WeakMap<object, WeakMap<object, unknown>>()
    this.#made.set(purpose, byFirst)
    const bySecond = byFirst.get(first) ?? new WeakMap<object, unknown>()
    byFirst.set(first, bySecond)
    if (!bySecond.has(second)) bySecond.set(second, make())
    return bySecond.get(second) as T
  }

  #fill(kind: Kind, source: Node, target: Node): void {
    for (const [key, value] of Object.entries(source)) {
      // Assigning it would set the prototype.
      if (key === '__proto__') continue
      if (kind === 'schemas') target[key] = this.copy('schema', value)
      else if (key === '$ref' && typeof value === 'string') target[key] = moveReference(this.document, value)
      else if (DATA.has(key)) target[key] = value
      else target[key] = this.copy(kind === 'schema' ? (SCHEMA_PARTS.get(key) ?? 'other') : 'other', value)
    }
    if (kind === 'schema') upgradeKeywords(source, target)
  }
}

function upgradeKeywords(source: Node, target: Node): void {
  delete target['collectionFormat']
  if (source['type'] === 'file') Object.assign(target, { type: 'string', format: 'binary' })
  const discriminator = source['discriminator']
  if (typeof discriminator === 'string') target['discriminator'] = { propertyName: discriminator }
  const nullable = source['x-nullable']
  if (typeof nullable !== 'boolean') return
  delete target['x-nullable']
  target['nullable'] = nullable
}

/** Where a reference into the Swagger 2.0 document leads in the OpenAPI 3.0 one; its escaping stays as it is. */
export function moveReference(document: Node, reference: string): string {
  if (!reference.startsWith('#/')) return reference
  const [root = '', ...rest] = reference.slice(2).split('/')
  return ['#', ...newPlace(document, root, rest)].join('/')
}

function newPlace(document: Node, root: string, rest: string[]): string[] {
  const name = rest.slice(0, 1)
  const within = rest.slice(1)
  if (root === 'definitions') return ['components', 'schemas', ...rest]
  if (root === 'securityDefinitions') return ['components', 'securitySchemes', ...rest]
  if (root === 'paths') return [root, ...newPlaceInPaths(document, rest)]
  if (root === 'responses')
    return ['components', 'responses', ...name, ...inContent(within, list(document['produces']))]
  if (root !== 'parameters') return [root, ...rest]
  return follow(document, { $ref: `#/parameters/${name.join('')}` })?.['in'] === 'body'
    ? ['components', 'requestBodies', ...name, ...inContent(within, list(document['consumes']))]
    : ['components', 'parameters', ...name, ...inSchema(within)]
}

function newPlaceInPaths(document: Node, tokens: string[]): string[] {
  const [path = '', method = '', member = '', key = '', ...within] = tokens
  if (within[0] !== 'schema') return tokens
  const operation = asNode(resolvePointer(document, `#/paths/${path}/${method}`))
  if (member === 'responses')
    return [path, method, member, key, ...inContent(within, mediaList(operation['produces'], document['produces']))]
  const parameter = resolvePointer(document, `#/paths/${path}/${method}/${member}/${key}`)
  if (member !== 'parameters' || asNode(parameter)['in'] !== 'body') return tokens
  return [path, method, 'requestBody', ...inContent(within, mediaList(operation['consumes'], document['consumes']))]
}

function inContent(tokens: string[], types: unknown[]): string[] {
  const [type = ''] = mediaTypes(types)
  // A pointer in a URI fragment is percent-decoded when it is resolved.
  return tokens[0] === 'schema' ? ['content', escapeToken(type).replaceAll('%', '%25'), ...tokens] : tokens
}

function inSchema(tokens: string[]): string[] {
  return tokens.length === 0 || tokens[0] === 'schema' ? tokens : ['schema', ...tokens]
}

/** Follows references within the document to an object that is none; undefined where they do not lead to one. */
export function follow(document: Node, value: unknown): Node | undefined {
  let node = value
  for (let hops = 0; hops <= MAX_HOPS; hops++) {
    if (!isNode(node)) return undefined
    const reference = node['$ref']
    if (typeof reference !== 'string') return node
    if (!reference.startsWith('#')) return undefined
    node = resolvePointer(document, reference)
  }
  return undefined
}

/** The media types an operation lists, else those of the document: an empty list of its own counts. */
export function mediaList(own: unknown, global: unknown): unknown[] {
  return Array.isArray(own) ? own : list(global)
}

/** The media types of a list, those that are JSON first; JSON where it has none. */
export function mediaTypes(types: unknown[]): string[] {
  const named = types
    .slice(0, MAX_MEDIA_TYPES)
    .filter((type): type is string => typeof type === 'string' && type !== '')
  const isJson = (type: string) => /^application\/([\w.-]+\+)?json\b/i.test(type)
  const sorted = [...named.filter(isJson), ...named.filter((type) => !isJson(type))]
  return sorted.length > 0 ? sorted : ['application/json']
}

/** An object of the document; not a list, nor what else a parser may make of a text, such as a date. */
export function isNode(value: unknown): value is Node {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

export const asNode = (value: unknown): Node => (isNode(value) ? value : {})
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
