import { resolvePointer, toPointer } from '../lib/json-pointer.ts'
import { namesIn } from './anchors.ts'
import type { Findings } from './finding.ts'
import { asNode, isNode, quoted, type Node } from './node.ts'
import { newSeen, placesIn, pointerOf, type Place } from './references.ts'

/** The member of a document that holds the documents it refers to. */
export const DOCUMENTS = 'x-apiq-documents'

/** A document that has to be fetched, by its URL without fragment, and who refers to it. */
export type Wanted = { url: string; by: Referrer[] }

type Referrer = { source: Source; node: Node; pointer: string; ref: string; fragment: string }

/** One document of the bundle; `prefix` is where it stands in it, as the fragment of a URI, empty for the first one. */
type Source = {
  url: string | null
  root: unknown
  prefix: string
  names: Map<string, string> | null
  known: Set<string>
}

/** References of a document and of those that it refers to, on their way to become pointers into one. */
export class Bundle {
  readonly #findings: Findings
  readonly #first: Source
  readonly #sources = new Map<string, Source>()
  readonly #failed = new Map<string, string>()
  readonly #documents: [string, unknown][] = []
  readonly #seen = newSeen()
  readonly #todo: { source: Source; fragment: string }[]
  #wanted = new Map<string, Wanted>()

  constructor(document: unknown, documentUrl: string | null, findings: Findings) {
    this.#findings = findings
    const self = asNode(document)['$self']
    const base = typeof self === 'string' ? URL.parse(self, documentUrl ?? undefined) : URL.parse(documentUrl ?? '')
    this.#first = { url: withoutHash(base), root: document, prefix: '', names: null, known: new Set() }
    for (const url of [this.#first.url, withoutHash(URL.parse(documentUrl ?? ''))])
      if (url !== null) this.#sources.set(url, this.#first)
    this.#todo = [{ source: this.#first, fragment: '' }]
  }

  /** Follows every reference that can be followed, and returns the documents that the others need. */
  walk(): Wanted[] {
    this.#wanted = new Map()
    for (let next = this.#todo.pop(); next; next = this.#todo.pop()) {
      const { source, fragment } = next
      for (const place of placesIn(resolvePointer(source.root, `#${fragment}`), this.#seen, decoded(fragment))) {
        const ref = (place.value as Node)['$ref']
        if (typeof ref === 'string') this.#settle(source, place, ref)
      }
    }
    return [...this.#wanted.values()]
  }

  /** Takes a document that was wanted. */
  add({ url, by }: Wanted, root: unknown): void {
    const key = this.#keyOf(url)
    const prefix = encoded(toPointer([DOCUMENTS, key]))
    const source: Source = { url, root, prefix, names: null, known: new Set() }
    this.#sources.set(url, source)
    this.#documents.push([key, root])
    for (const referrer of by) this.#enter(referrer, source)
  }

  /** Says why a document that was wanted is not there. */
  fail({ url, by }: Wanted, why: string): void {
    this.#failed.set(url, why)
    for (const referrer of by) this.#tellElsewhere(referrer, why)
  }

  /** Puts the documents that were added into the first one. */
  finish(): void {
    if (isNode(this.#first.root) && this.#documents.length > 0)
      this.#first.root[DOCUMENTS] = Object.fromEntries(this.#documents)
  }

  #settle(source: Source, place: Place, ref: string): void {
    const hash = ref.indexOf('#')
    const address = hash === -1 ? ref : ref.slice(0, hash)
    const fragment = hash === -1 ? '' : ref.slice(hash + 1)
    if (address === '' && hash === 0) {
      if (source.known.has(fragment) && source.prefix === '') return
      const found = inside(source, place, fragment)
      const referrer = { source, node: place.value as Node, pointer: pointerOf(place), ref, fragment }
      return found === null ? this.#tellMissing(referrer) : this.#lead(referrer, source, found)
    }
    const referrer = { source, node: place.value as Node, pointer: pointerOf(place), ref, fragment }
    if (ref === '') return this.#tellMissing(referrer)
    const named = this.#byName(source, place, address, fragment)
    if (named !== null) return this.#lead(referrer, source, named)
    const url = withoutHash(URL.parse(address, source.url ?? undefined))
    if (url === null) return this.#tellElsewhere(referrer, 'this document has no URL of its own')
    const known = this.#sources.get(url)
    if (known) return this.#enter(referrer, known)
    const why = this.#failed.get(url)
    if (why !== undefined) return this.#tellElsewhere(referrer, why)
    const wanted = this.#wanted.get(url) ?? { url, by: [] }
    wanted.by.push(referrer)
    this.#wanted.set(url, wanted)
  }

  /** What an `$id` of the document names, or a schema by nothing but its name, as documents written by hand have it. */
  #byName(source: Source, place: Place, address: string, fragment: string): string | null {
    const names = namesOf(source)
    for (const base of [...basesOf(place), source.url]) {
      const url = withoutHash(URL.parse(address, base === null ? undefined : absolute(base, source.url)))
      const pointer = names.get(url ?? address)
      if (pointer === undefined) continue
      const inner = fragment === '' || fragment.startsWith('/') ? encoded(pointer) + fragment : fragment
      return inside(source, null, inner)
    }
    if (!/^[\w-]+$/.test(address)) return null
    return (
      ['/components/schemas/', '/definitions/'].map((at) => inside(source, null, at + address)).find(Boolean) ?? null
    )
  }

  #enter(referrer: Referrer, target: Source): void {
    const found = inside(target, null, referrer.fragment)
    if (found === null) this.#tellMissing(referrer)
    else this.#lead(referrer, target, found)
  }

  #lead({ node, ref }: Referrer, target: Source, fragment: string): void {
    const pointer = `#${target.prefix}${fragment}`
    if (pointer !== ref) node['$ref'] = pointer
    if (target.known.has(fragment)) return
    target.known.add(fragment)
    if (target.prefix !== '') this.#todo.push({ source: target, fragment })
  }

  #tellMissing(referrer: Referrer): void {
    const { ref } = referrer
    this.#tell(
      referrer,
      `refers to "${quoted(ref)}", which is not in the document`,
      'Add it there, or correct the reference.',
    )
  }

  #tellElsewhere(referrer: Referrer, why: string): void {
    this.#tell(
      referrer,
      `refers to another document, which is not read: ${quoted(referrer.ref)}; ${why}`,
      'Make the other document available at that place, or put what is referred to into this one.',
    )
  }

  #tell({ source, node, pointer, ref }: Referrer, message: string, fix: string): void {
    if (source.prefix === '') return this.#findings.add(pointer, message, fix)
    // Left as it is, it would be taken as a reference into the first document.
    node['$ref'] = URL.parse(ref, source.url ?? undefined)?.href ?? `${source.url}${ref}`
    this.#findings.add(`${source.url}#${pointer}`, message, fix)
  }

  /** Its path from the folder of the first document, else the URL. */
  #keyOf(url: string): string {
    const folder = this.#first.url?.replace(/[^/]*(\?.*)?$/, '')
    return folder && url.startsWith(folder) ? url.slice(folder.length) : url
  }
}

/** The fragment that leads to what a fragment names in a document: a pointer, or an anchor; null where there is nothing. */
function inside(source: Source, place: Place | null, fragment: string): string | null {
  if (fragment === '' || fragment.startsWith('/')) {
    if (resolvePointer(source.root, `#${fragment}`) !== undefined) return fragment
    // A schema with an `$id` is a document of its own, and may count from there.
    for (let at = place; at; at = at.parent) {
      if (typeof (at.value as Node)['$id'] !== 'string') continue
      const inner = encoded(pointerOf(at)) + fragment
      if (resolvePointer(source.root, `#${inner}`) !== undefined) return inner
    }
    return null
  }
  const pointer = namesOf(source).get(`#${decoded(fragment)}`)
  return pointer === undefined ? null : encoded(pointer)
}

function namesOf(source: Source): Map<string, string> {
  source.names ??= namesIn(source.root, source.url)
  return source.names
}

/** The `$id`s of what a place stands in, the nearest first. */
function* basesOf(place: Place): Generator<string> {
  for (let at: Place | null = place; at; at = at.parent) {
    const id = (at.value as Node)['$id']
    if (typeof id === 'string') yield id
  }
}

function absolute(base: string, url: string | null): string {
  return URL.parse(base, url ?? undefined)?.href ?? 'relative:'
}

function withoutHash(url: URL | null): string | null {
  if (!url) return null
  url.hash = ''
  return url.href
}

/** A JSON pointer as the fragment of a URI, which is percent-decoded before it is followed. */
const encoded = (pointer: string): string => pointer.replaceAll('%', '%25')

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
