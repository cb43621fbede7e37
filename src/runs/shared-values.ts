/** Where a value of a log stands: `12/output/body` within the event numbered 12, or `value/3` on its own. */
export type Place = string

type Pointer = readonly (string | number)[]

/** A text with holes: at each pointer belongs what stands at a place. */
export type Encoded = { text: string; refs: readonly (readonly [pointer: Pointer, place: Place])[] }

/** What stands in an answer instead of a large value: where it is to be had whole. */
export type ValueRef = { $ref: string; bytes: number }

type Large = { id: number; bytes: number }
type Holes = [pointer: Pointer, place: Place][]

/** A value of more characters than this stands on its own, is stored once, and is referred to. */
export const LARGE_CHARS = 100_000
// How deep below an event, its output say, single large values are looked for.
const DEPTH = 5
// The run's state has more around an output than its event.
const STATE_DEPTH = DEPTH + 4
const SHARED = ['output', 'items'] as const

/**
 * Writes values so that what is the same object is written once: the output of a step that becomes an item of a loop's
 * result and then the run's output is stored where it first came up. Values must not be changed after they were encoded.
 */
export class SharedValues {
  readonly #places = new WeakMap<object, Place>()
  readonly #largeObjects = new WeakMap<object, Large>()
  readonly #largeTexts = new Map<string, Large>()
  readonly #store: (id: number, value: Encoded) => void
  #last = 0

  /** `store` is called with each value that stands on its own, once. */
  constructor(store: (id: number, value: Encoded) => void) {
    this.#store = store
  }

  /** An event as text; `seq` is its number. */
  encode(event: object, seq: number): Encoded {
    const holes: Holes = []
    const shared = this.#shareKnown(event, holes)
    let text = JSON.stringify(shared)
    if (text.length > LARGE_CHARS)
      text = JSON.stringify(mapValues(shared, (value, name) => this.#takeOut(value, [name], holes, DEPTH)))
    this.adopt(event, seq)
    return { text, refs: holes }
  }

  /** Notes where the values of an event stand that was written before. */
  adopt(event: object, seq: number): void {
    for (const name of SHARED) {
      const value = (event as Record<string, unknown>)[name]
      if (!isObject(value)) continue
      this.#place(value, `${seq}/${name}`)
      const body = value['body']
      if (isObject(body)) this.#place(body, `${seq}/${name}/body`)
    }
  }

  /** Notes a value that stands on its own and was written before. */
  adoptLarge(id: number, value: unknown, bytes: number): void {
    this.#last = Math.max(this.#last, id)
    if (typeof value === 'string') this.#largeTexts.set(value, { id, bytes })
    if (!isObject(value)) return
    this.#largeObjects.set(value, { id, bytes })
    this.#place(value, `value/${id}`)
  }

  /** A state or event with references in place of its large values; `href` says where the value of an id is to be had. */
  lighten<T>(value: T, href: (id: number) => string): T {
    // What is replaced is of no type that the caller may rely on: outputs are unknown.
    return this.#last === 0 ? value : (this.#lighten(value, href, STATE_DEPTH) as T)
  }

  #lighten(value: unknown, href: (id: number) => string, depth: number): unknown {
    const large = this.#largeOf(value)
    if (large) return { $ref: href(large.id), bytes: large.bytes } satisfies ValueRef
    if (!isObject(value) || depth === 0) return value
    return mapValues(value, (inner) => this.#lighten(inner, href, depth - 1))
  }

  #largeOf(value: unknown): Large | undefined {
    if (typeof value === 'string') return value.length > LARGE_CHARS ? this.#largeTexts.get(value) : undefined
    return isObject(value) ? this.#largeObjects.get(value) : undefined
  }

  #place(value: object, place: Place): void {
    if (!this.#places.has(value)) this.#places.set(value, place)
  }

  /** The event without the objects that stand elsewhere already. */
  #shareKnown(event: object, holes: Holes): object {
    return mapValues(event, (value, name) =>
      isObject(value) && SHARED.some((one) => one === name) ? this.#replaceKnown(value, [name], holes, 1) : value,
    )
  }

  #replaceKnown(value: object, pointer: Pointer, holes: Holes, depth: number): unknown {
    const place = this.#places.get(value)
    if (place !== undefined) {
      holes.push([pointer, place])
      return null
    }
    if (depth === 0) return value
    return mapValues(value, (inner, name) =>
      isObject(inner) ? this.#replaceKnown(inner, [...pointer, name], holes, depth - 1) : inner,
    )
  }

  /** Puts every single value that is large on its own, the innermost first, so that what is around it stays small. */
  #takeOut(value: unknown, pointer: Pointer, holes: Holes, depth: number): unknown {
    if (typeof value === 'string' && value.length > LARGE_CHARS) return this.#putAside(value, value, pointer, holes)
    if (!isObject(value) || depth === 0) return value
    const light = Array.isArray(value)
      ? value
      : mapValues(value, (inner, name) => this.#takeOut(inner, [...pointer, name], holes, depth - 1))
    if (JSON.stringify(light).length <= LARGE_CHARS) return light
    return this.#putAside(value, light, pointer, holes)
  }

  #putAside(value: object | string, light: unknown, pointer: Pointer, holes: Holes): null {
    const isWithin = ([at]: Holes[number]) => pointer.every((name, index) => at[index] === name)
    const within = holes.filter(isWithin)
    holes.splice(0, holes.length, ...holes.filter((hole) => !isWithin(hole)))
    let large = this.#largeOf(value)
    if (!large) {
      const encoded = {
        text: JSON.stringify(light),
        refs: within.map(([at, place]) => [at.slice(pointer.length), place] as const),
      }
      large = { id: this.#last + 1, bytes: byteLength(encoded.text) }
      this.adoptLarge(large.id, value, large.bytes)
      this.#store(large.id, encoded)
    }
    holes.push([pointer, `value/${large.id}`])
    return null
  }
}

/** A text read back, its holes filled; `at` gives what stands at a place. */
export function decode({ text, refs }: Encoded, at: (place: Place) => unknown): unknown {
  const value: unknown = JSON.parse(text)
  fill(value, refs, at)
  return value
}

/** Fills the holes of a value; `at` gives what stands at a place. */
export function fill(value: unknown, refs: Encoded['refs'], at: (place: Place) => unknown): void {
  for (const [pointer, place] of refs) {
    const parent = walk(value, pointer.slice(0, -1))
    const name = pointer.at(-1)
    // The hole is a property of its own there, so that no name can reach a prototype.
    if (isObject(parent) && name !== undefined && Object.hasOwn(parent, name)) parent[name] = at(place)
  }
}

/** What stands at names within a value. */
export function walk(value: unknown, names: Pointer): unknown {
  return names.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value)
}

const encoder = new TextEncoder()

/** UTF-8 bytes of a text. */
export function byteLength(text: string): number {
  return encoder.encode(text).byteLength
}

type Indexed = Record<string | number, unknown>

function isObject(value: unknown): value is Indexed {
  return typeof value === 'object' && value !== null
}

/** An object or array with its values changed; the very same where none is. */
function mapValues(value: object, change: (inner: unknown, name: string | number) => unknown): object {
  let copy: Indexed | undefined
  const visit = (name: string | number, inner: unknown) => {
    const changed = change(inner, name)
    if (changed === inner) return
    copy ??= (Array.isArray(value) ? value.slice() : { ...value }) as Indexed
    copy[name] = changed
  }
  if (Array.isArray(value)) value.forEach((inner: unknown, index) => visit(index, inner))
  else for (const [name, inner] of Object.entries(value)) visit(name, inner)
  return copy ?? value
}
