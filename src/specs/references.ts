import { AppError } from '../errors.ts'
import { resolvePointer, toPointer } from '../lib/json-pointer.ts'

/** A reference of a document: the JSON pointer of the object that it stands in for, and what it says. */
export type Reference = { pointer: string; ref: string }

// An `object` is what OpenAPI or JSON Schema defines, `names` holds such objects under names of the author's own, and
// in `data` nothing has a meaning.
type Kind = 'object' | 'names' | 'data'
type Place = { value: object; kind: Kind; depth: number; token: string | number; parent: Place | null }

const MAX_NESTING = 500

const NAMES = new Set(
  (
    'properties patternProperties dependentSchemas $defs definitions schemas responses parameters requestBodies ' +
    'headers securitySchemes links callbacks pathItems webhooks content encoding variables'
  ).split(' '),
)
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const'])

/**
 * Every reference of a parsed document, in its order. A `$ref` in an example, a default, an enumeration or an extension
 * is data, and one under `properties` is the name of a property.
 * @throws AppError SPEC_INVALID when the document is nested too deeply to be worked with.
 */
export function* referencesIn(document: unknown): Generator<Reference> {
  // YAML aliases make one value stand in several places, or in itself.
  const seen: Record<Kind, WeakSet<object>> = { object: new WeakSet(), names: new WeakSet(), data: new WeakSet() }
  const places: Place[] = isContainer(document)
    ? [{ value: document, kind: 'object', depth: 0, token: '', parent: null }]
    : []
  for (let place = places.pop(); place; place = places.pop()) {
    if (seen[place.kind].has(place.value)) continue
    seen[place.kind].add(place.value)
    if (place.depth > MAX_NESTING) throw nestedTooDeeply()
    const ref = place.kind === 'object' && '$ref' in place.value ? place.value.$ref : undefined
    if (typeof ref === 'string') yield { pointer: pointerOf(place), ref }
    pushInner(places, place)
  }
}

/** Whether a reference leads out of the document it stands in. */
export function isExternal(ref: string): boolean {
  return ref !== '' && !ref.startsWith('#')
}

/** Whether a member of an object of OpenAPI is an extension, which says nothing that is read here. */
export function isExtension(name: string): boolean {
  return name.startsWith('x-')
}

/** Whether a reference leads to something within its document. */
export function isResolvable(document: unknown, ref: string): boolean {
  return ref.startsWith('#') && resolvePointer(document, ref) !== undefined
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

function pointerOf(place: Place): string {
  const tokens: (string | number)[] = []
  for (let at = place; at.parent; at = at.parent) tokens.push(at.token)
  return toPointer(tokens.reverse())
}

function nestedTooDeeply(): AppError {
  return new AppError('SPEC_INVALID', `The document is nested too deeply: more than ${MAX_NESTING} levels.`, {
    errors: [{ path: '', code: 'nested_too_deeply', message: 'is nested too deeply' }],
  })
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null
