import { singular, words } from '../lib/words.ts'
import type { JsonSchema, Operation } from '../specs/operation.ts'
import { itemsOf, propertiesOf } from '../steps/schema-path.ts'
import { idNoun, resourceOf, type Slot } from './slots.ts'

/** A field of an operation's answer that can fill a slot: its path under `steps.<id>.`, and whether it was picked from a list. */
export type Output = { path: string; fromList: boolean; words: string }

/** Where an answer holds its items: the array itself, or the property that holds one. */
export type ListShape = { path: string; items: JsonSchema }

const ID_NAMES = ['id', 'uuid', 'guid', 'key', 'slug', 'code', 'number', 'name']
const COUNT_NAMES = /^(?:total|count|total[_-]?count|total[_-]?items|total[_-]?results|num[_-]?results)$/i

/** The list in an operation's answer, or null when it answers with a single thing. */
export function listOf(operation: Operation): ListShape | null {
  if (!operation.response) return null
  const items = itemsOf(operation.response)
  if (items) return { path: 'body', items }
  return (
    listIn(operation.response, 'body', operation) ??
    inWrapper(operation.response, (inner, path) => listIn(inner, path, operation))
  )
}

/** Every list of objects in an operation's answer, also where it answers with a single thing that has parts. */
export function listsOf(operation: Operation): ListShape[] {
  if (!operation.response) return []
  const whole = listOf(operation)
  return [...(whole ? [whole] : []), ...membersOf(operation.response, 'body')]
}

function membersOf(schema: JsonSchema, base: string): (ListShape & { name: string })[] {
  return [...propertiesOf(schema)].flatMap(([name, property]) => {
    const inner = itemsOf(property)
    return inner && propertiesOf(inner).size > 0 ? [{ name, path: `${base}.${quote(name)}`, items: inner }] : []
  })
}

function listIn(schema: JsonSchema, base: string, operation: Operation): ListShape | null {
  const lists = membersOf(schema, base)
  // An order with its lines holds a list too; it is a list only when it has no identity of its own.
  const identified = [...propertiesOf(schema).keys()].some((name) => name.toLowerCase() === 'id')
  const resource = resourceOf(operation.path)
  return (
    lists.find(({ name }) => words(name).map(singular).join(' ') === resource) ??
    (identified ? null : (lists[0] ?? null))
  )
}

/** The property of an answer that counts all items, whether or not they are on this page. */
export function countOf(operation: Operation): string | null {
  const name = operation.response
    ? [...propertiesOf(operation.response).keys()].find((key) => COUNT_NAMES.test(key))
    : undefined
  return name === undefined ? null : `body.${quote(name)}`
}

/** The field of an operation's answer that identifies what a slot asks for, or null when there is none. */
export function outputFor(operation: Operation, slot: Slot): Output | null {
  if (slot.noun === null || !operation.response) return null
  const list = listOf(operation)
  const shape = list ? list.items : operation.response
  const base = list ? `${list.path}[0]` : 'body'
  const find = (schema: JsonSchema, path: string) => {
    const name = findName(schema, slot, resourceOf(operation.path))
    return name === null ? null : `${path}.${name}`
  }
  const path = find(shape, base) ?? (list ? null : inWrapper(shape, find))
  if (path === null) return null
  const fromList = path.includes('[0]')
  const words = fromList ? `of the first ${slot.noun} found` : `of the ${resourceOf(operation.path)}`
  return { path, fromList, words }
}

function findName(shape: JsonSchema, slot: Slot, resource: string): string | null {
  const properties = propertiesOf(shape)
  const noun = slot.noun ?? ''
  const same = [...properties.keys()].find((name) => idNoun(name) === noun && noun !== '')
  const about = (candidate: string) =>
    candidate === noun || noun.endsWith(` ${candidate}`) || candidate.endsWith(` ${noun}`)
  if (about(resource)) {
    const wanted = slot.words.at(-1) ?? 'id'
    const own = [wanted, ...ID_NAMES].find((name) => properties.has(name))
    if (own !== undefined) return quote(own)
  }
  if (same !== undefined) return quote(same)
  for (const [name, inner] of properties) {
    if (words(name).map(singular).join(' ') !== noun) continue
    const items = itemsOf(inner)
    const key = ID_NAMES.find((candidate) => propertiesOf(items ?? inner).has(candidate))
    if (key !== undefined) return `${quote(name)}${items ? '[0]' : ''}.${quote(key)}`
  }
  return null
}

// Properties that hold the whole answer.
const WRAPPERS = /^(?:data|result|response|payload)$/i

/** What is found in the object that an answer wraps itself in: `{ "data": { … } }`. */
function inWrapper<Found>(schema: JsonSchema, find: (inner: JsonSchema, path: string) => Found | null): Found | null {
  const [name, inner] = [...propertiesOf(schema)].find(([key]) => WRAPPERS.test(key)) ?? []
  return name === undefined || inner === undefined ? null : find(inner, `body.${quote(name)}`)
}

/** A property name as JSONata takes it: as it is, or in backticks. */
export function quote(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !['and', 'or', 'in'].includes(name) ? name : `\`${name}\``
}
