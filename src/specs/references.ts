import { AppError } from '../errors.ts'
import { toPointer } from '../lib/json-pointer.ts'

// An `object` is what OpenAPI or JSON Schema defines, `names` holds such objects under names of the author's own, and
// in `data` nothing has a meaning.
type Kind = 'object' | 'names' | 'data'

/** Where something stands in a document; `token` of the outermost is its own JSON pointer. */
export type Place = { value: object; kind: Kind; depth: number; token: string | number; parent: Place | null }

/** What of a document was walked already. */
export type Seen = Record<Kind, WeakSet<object>>

const MAX_NESTING = 500

const NAMES = new Set(
  (
    'properties patternProperties dependentSchemas $defs definitions schemas responses parameters requestBodies ' +
    'headers securitySchemes links callbacks pathItems mediaTypes webhooks content encoding variables'
  ).split(' '),
)
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const'])

export function newSeen(): Seen {
  // YAML aliases make one value stand in several places, or in itself.
  return { object: new WeakSet(), names: new WeakSet(), data: new WeakSet() }
}

/**
 * Every object of a value that OpenAPI or JSON Schema gives a meaning, in the order of the document; what was seen before
 * is passed over. A `$ref` in an example, a default, an enumeration or an extension is data, and one under `properties`
 * is the name of a property.
 * @param at the JSON pointer of the value.
 * @throws AppError SPEC_INVALID when it is nested too deeply to be worked with.
 */
export function* placesIn(value: unknown, seen: Seen, at = ''): Generator<Place> {
  const places: Place[] = isContainer(value) ? [{ value, kind: 'object', depth: 0, token: at, parent: null }] : []
  for (let place = places.pop(); place; place = places.pop()) {
    if (seen[place.kind].has(place.value)) continue
    seen[place.kind].add(place.value)
    if (place.depth > MAX_NESTING) throw nestedTooDeeply()
    if (place.kind === 'object' && !Array.isArray(place.value)) yield place
    pushInner(places, place)
  }
}

/** Whether a member of an object of OpenAPI is an extension, which says nothing that is read here. */
export function isExtension(name: string): boolean {
  return name.startsWith('x-')
}

export function pointerOf(place: Place): string {
  const tokens: (string | number)[] = []
  let at = place
  for (; at.parent; at = at.parent) tokens.push(at.token)
  return `${at.token}${toPointer(tokens.reverse())}`
}

/** The problem of a document that no walk should follow to its end. */
export function nestedTooDeeply(): AppError {
  return new AppError('SPEC_INVALID', `The document is nested too deeply: more than ${MAX_NESTING} levels.`, {
    errors: [
      {
        path: '',
        code: 'nested_too_deeply',
        message: `is nested more than ${MAX_NESTING} levels deep`,
        fix: 'Move what is nested into components and refer to it.',
      },
    ],
  })
}

/** Puts what is in a place on the stack, the last first, so that places come in the order of the document. */
function pushInner(places: Place[], parent: Place): void {
  const depth = parent.depth + 1
  if (Array.isArray(parent.value)) {
    for (let token = parent.value.length - 1; token >= 0; token--) {
      const value: unknown = parent.value[token]
      if (isContainer(value)) places.push({ value, kind: parent.kind, depth, token, parent })
    }
    return
  }
  for (const [token, value] of Object.entries(parent.value).reverse())
    if (isContainer(value)) places.push({ value, kind: kindOf(parent.kind, token, value), depth, token, parent })
}

function kindOf(parent: Kind, name: string, value: object): Kind {
  if (parent === 'data') return 'data'
  if (parent === 'names') return 'object'
  if (DATA.has(name) || isExtension(name)) return 'data'
  return NAMES.has(name) && !Array.isArray(value) ? 'names' : 'object'
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null
