import { singular, words } from '../lib/words.ts'
import type { JsonSchema, Operation } from '../specs/operation.ts'
import { itemsOf, propertiesOf, typesOf, variants } from '../specs/schema-members.ts'
import { isIdOf } from './short-nouns.ts'

/** A place in an operation's request that takes a value: a parameter, or a leaf of the body. */
export type Slot = {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie' | 'body'
  /** Where in the body; empty for a parameter. A number is an index. */
  path: readonly (string | number)[]
  required: boolean
  schema: JsonSchema
  description: string
  /** The words of the name, singular: `customerId` → customer, id. */
  words: readonly string[]
  /** What the value identifies: `customerId` and the `{id}` of `/customers/{id}` → customer; null when it is no id. */
  noun: string | null
}

const ID_ENDINGS = new Set(['id', 'uuid', 'guid', 'key', 'slug', 'code', 'number', 'ref', 'sha', 'identifier'])
// What a path calls the thing that stands before it: `/labels/{name}`.
const NAMING = new Set(['name', 'username', 'login', 'handle'])
const MAX_BODY_DEPTH = 4

/**
 * Every slot of an operation, parameters first. What a body requires is required also where a body is not: it is sent as
 * soon as anything goes into it, and operations that change something hardly ever work without.
 */
export function slotsOf(operation: Operation): readonly Slot[] {
  let slots = known.get(operation)
  if (!slots) known.set(operation, (slots = readSlots(operation, false)))
  return slots
}

const known = new WeakMap<Operation, readonly Slot[]>()

/** As `slotsOf`, without what a body may lack: most of a large body is never looked at. Read anew each time. */
export function slotsWithoutOptionalBody(operation: Operation): readonly Slot[] {
  return readSlots(operation, true)
}

function readSlots(operation: Operation, onlyRequired: boolean): Slot[] {
  const parameters = operation.parameters.map((parameter) => {
    const { name, required, schema, description } = parameter
    return {
      name,
      in: parameter.in,
      path: [],
      required,
      schema,
      description,
      words: wordsOf(name),
      noun:
        parameter.in === 'path' ? pathNoun(operation.path, name) : (idNoun(name) ?? ownNoun(operation.path, parameter)),
    }
  })
  const body = operation.requestBody
  if (!body) return parameters
  return [
    ...parameters,
    ...bodySlots(body.schema, [], { required: true, onlyRequired, depth: 0, resource: resourceOf(operation.path) }),
  ]
}

/** The member of a body at a path as one slot, whatever it is made of; null where the schema does not tell of it. */
export function slotAt({ requestBody, path: target }: Operation, path: readonly string[]): Slot | null {
  let schema: JsonSchema | null | undefined = requestBody?.schema
  const keys: (string | number)[] = []
  for (const part of path) {
    const items: JsonSchema | null = schema ? itemsOf(schema) : null
    keys.push(items ? Number(part) : part)
    schema = items ?? (schema && propertiesOf(schema).get(part))
  }
  return schema && typeof keys.at(-1) === 'string' ? bodySlot(schema, keys, true, resourceOf(target)) : null
}

/** The key of a slot within its operation. */
export function slotKey(slot: Slot): string {
  return slot.in === 'body' ? `body.${slot.path.join('.')}` : `${slot.in}.${slot.name}`
}

/** A segment of a path that stands for whoever calls. */
export const CALLER = /^(?:me|@me|~|my|mine|self|myself|current-?user)$/i
// Segments that say how things are found rather than which: `/orders/search`.
const WAYS = new Set(['search', 'find', 'lookup', 'query', 'list', 'all', 'filter'])

/**
 * The resource an operation is about, singular: the last fixed segment of its path that names one, `/orders/{id}/items` →
 * item, `/orders/search` → order.
 */
export function resourceOf(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{'))
  const named = segments.findLast((segment) => !WAYS.has(segment.toLowerCase()) && !CALLER.test(segment))
  // `/me` is a user.
  const last = segments.at(-1) ?? ''
  return words(named ?? (CALLER.test(last) ? 'user' : last))
    .map(singular)
    .join(' ')
}

const named = new Map<string, readonly string[]>()
const MAX_NAMES = 20_000

/** The words of a name, singular: `orderIds` → order, id. */
export function wordsOf(name: string): readonly string[] {
  let parts = named.get(name)
  if (!parts) {
    parts = words(name).map(singular)
    // Kept for the life of the isolate: the same names come again with every operation.
    if (named.size < MAX_NAMES && name.length < 40) named.set(name, parts)
  }
  return parts
}

const PROOFS = new Set(
  'token type card document proof image front back expiry country name verification photo hint for by'.split(' '),
)
const DIALLED = new Set(['phone', 'telephone', 'mobile', 'cell', 'fax'])

/** What an id-like name identifies: `customerId`, `customer_id`, `customer-number`, `idCustomer` → customer. */
export function idNoun(name: string): string | null {
  const parts = wordsOf(name)
  const last = parts.at(-1)
  // What one dials identifies no thing of the API.
  if (DIALLED.has(parts.at(-2) ?? '')) return null
  if (parts.length > 1 && last !== undefined && ID_ENDINGS.has(last)) return parts.slice(0, -1).join(' ')
  // `idList`, `id_category`, but what proves who somebody is identifies no thing of the API.
  const [first, ...rest] = parts
  return first === 'id' && last !== undefined && rest.length > 0 && !PROOFS.has(last) ? rest.join(' ') : null
}

function pathNoun(path: string, name: string): string {
  const named = idNoun(name)
  const segments = path.split('/')
  const at = segments.findIndex((segment) => segment.includes(`{${name}}`))
  const before = segments.slice(0, at).findLast((segment) => segment !== '' && !segment.startsWith('{'))
  const thing = words(before ?? '')
    .map(singular)
    .join(' ')
  // The `{repo_id}` of `/repositories/{repo_id}` is that of a repository.
  if (named) return isIdOf(named, thing) ? thing : named
  const own = wordsOf(name).join(' ')
  return (ID_ENDINGS.has(own) || NAMING.has(own)) && before ? thing : own
}

// "Must be a track or an episode uri."
const URI_OF = /\b(\p{L}+)(?:\s+or\s+(?:an?\s+)?\p{L}+)?\s+uris?\b/giu
const OF_ANY = new Set(['the', 'of', 'a', 'an', 'or', 'valid', 'full', 'this', 'that', 'any', 'by', 'with'])

/** The `ids` of `GET /orders?ids=…` are orders', and so are its `uris` where the description does not say otherwise. */
function ownNoun(
  path: string,
  { name, in: place, description }: Pick<Slot, 'name' | 'in' | 'description'>,
): string | null {
  if (place !== 'query') return null
  if (/^(?:id|uuid|guid)s?$/i.test(name)) return toldInPath(path, description) ?? resourceOf(path)
  if (!/^uris?$/i.test(name)) return null
  const said = [...description.matchAll(URI_OF)].map(([, noun = '']) => singular(noun.toLowerCase()))
  return said.find((noun) => !OF_ANY.has(noun)) ?? resourceOf(path)
}

/** The `ids` of `/me/orders/contains` that are told to be those "of the orders": of the last in the path that is spoken of. */
function toldInPath(path: string, description: string): string | null {
  const said = ` ${words(description).map(singular).join(' ')} `
  const segments = path.split('/').filter((segment) => /^[\p{L}_-]+$/u.test(segment) && !CALLER.test(segment))
  const nouns = segments.map((segment) => words(segment).map(singular).join(' '))
  return nouns.findLast((noun) => said.includes(` ${noun} `)) ?? null
}

type Within = { required: boolean; onlyRequired: boolean; depth: number; resource: string }

function bodySlots(schema: JsonSchema, path: readonly (string | number)[], within: Within): Slot[] {
  const { required, onlyRequired, depth, resource } = within
  if (depth > MAX_BODY_DEPTH || (onlyRequired && !required) || schema['readOnly'] === true) return []
  const items = itemsOf(schema)
  if (items && propertiesOf(items).size > 0) return bodySlots(items, [...path, 0], { ...within, depth: depth + 1 })
  const properties = propertiesOf(schema)
  if (properties.size > 0) {
    const needed = new Set(
      variants(schema).flatMap((variant) => (Array.isArray(variant['required']) ? variant['required'] : [])),
    )
    return [...properties].flatMap(([name, inner]) =>
      bodySlots(inner, [...path, name], {
        onlyRequired,
        required: required && needed.has(name),
        depth: depth + 1,
        resource,
      }),
    )
  }
  const slot = bodySlot(schema, path, required, resource)
  return slot ? [slot] : []
}

// `{"ids": […]}` on `/playlists/{id}/tracks` are those of tracks.
const PLAIN_IDS = /^(?:ids|uuids|guids|uris)$/i

function bodySlot(
  schema: JsonSchema,
  path: readonly (string | number)[],
  required: boolean,
  resource: string,
): Slot | null {
  const name = path.findLast((part) => typeof part === 'string')
  if (name === undefined) return null
  const description = typeof schema['description'] === 'string' ? schema['description'] : ''
  const noun = idNoun(name) ?? (path.length === 1 && PLAIN_IDS.test(name) ? resource : null)
  return { name, in: 'body', path, required, schema, description, words: wordsOf(name), noun }
}

/** Whether a slot takes text, as far as its schema says. */
export function takesText(slot: Slot): boolean {
  const types = typesOf(slot.schema)
  // What is referred to without being resolved is an object too deep to be read.
  return (types.length === 0 && !('$ref' in slot.schema)) || types.includes('string')
}
