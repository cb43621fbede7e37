import type { Endpoint } from '../catalog/service.ts'
import type { JsonSchema, Operation } from '../specs/operation.ts'
import { itemsOf, propertiesOf } from '../specs/schema-members.ts'
import { resourceOf, wordsOf } from './slots.ts'

/** Where an answer holds its items: the array itself, or the property that holds one. */
export type ListShape = { path: string; items: JsonSchema }

const COUNT_NAMES = /^(?:total|count|total[_-]?count|total[_-]?items|total[_-]?results|num[_-]?results)$/i

const known = new WeakMap<Operation, ListShape | null>()

/** The list in an operation's answer, or null when it answers with a single thing. */
export function listOf(operation: Operation): ListShape | null {
  let list = known.get(operation)
  if (list === undefined) known.set(operation, (list = readList(operation)))
  return list
}

function readList(operation: Operation): ListShape | null {
  if (!operation.response) return null
  const items = itemsOf(operation.response)
  if (items) return { path: 'body', items }
  const wrapper = wrapperOf(operation.response)
  return listIn(operation.response, 'body', operation) ?? (wrapper && listIn(wrapper.schema, wrapper.path, operation))
}

/** Every list of objects in an operation's answer, also where it answers with a single thing that has parts. */
export function listsOf(operation: Operation, whole = listOf(operation)): ListShape[] {
  if (!operation.response) return []
  return [...(whole ? [whole] : []), ...membersOf(operation.response, 'body')]
}

function membersOf(schema: JsonSchema, base: string): (ListShape & { name: string })[] {
  let found = members.get(schema)
  if (!found)
    members.set(schema, (found = [...propertiesOf(schema)].flatMap(([name, property]) => listAt(name, property))))
  return found.map(({ name, path, items }) => ({ name, items, path: `${base}.${path}` }))
}

type Member = ListShape & { name: string }

// Schemas of one document share what is in them.
const members = new WeakMap<JsonSchema, readonly Member[]>()

function listAt(name: string, property: JsonSchema): Member[] {
  const items = itemsOf(property)
  if (items) return propertiesOf(items).size > 0 ? [{ name, path: quote(name), items }] : []
  const page = pageOf(property)
  return page ? [{ name, path: `${quote(name)}.${page.path}`, items: page.items }] : []
}

// What a page calls the things on it.
const ON_PAGE = /^(?:items|data|results|entries|records|values|elements|nodes)$/i

/** The list in a page that stands for it, `{ "orders": { "items": […], "total": 9 } }`; null where an object is no page. */
export function pageOf(schema: JsonSchema): ListShape | null {
  for (const [name, property] of propertiesOf(schema)) {
    const items = ON_PAGE.test(name) ? itemsOf(property) : null
    if (items && propertiesOf(items).size > 0) return { path: quote(name), items }
  }
  return null
}

function listIn(schema: JsonSchema, base: string, operation: Operation): ListShape | null {
  const lists = membersOf(schema, base)
  // An order with its lines holds a list too; it is a list only when it has no identity of its own.
  const identified = [...propertiesOf(schema).keys()].some((name) => name.toLowerCase() === 'id')
  const resource = resourceOf(operation.path)
  const own = lists.find(({ name }) => wordsOf(name).join(' ') === resource)
  // A search over things of many kinds answers with a page of each.
  const isOfMany = lists.length > 1 && lists.every(({ name, path }) => path !== `${base}.${quote(name)}`)
  return own ?? (identified || isOfMany ? null : (lists[0] ?? null))
}

/** The property of an answer that counts all items, whether or not they are on this page. */
export function countOf(operation: Operation): string | null {
  const name = operation.response
    ? [...propertiesOf(operation.response).keys()].find((key) => COUNT_NAMES.test(key))
    : undefined
  return name === undefined ? null : `body.${quote(name)}`
}

// Properties that hold the whole answer.
const WRAPPERS = /^(?:data|result|response|payload)$/i

/** The object that an answer wraps itself in, `{ "data": { … } }`; null where it does not. */
export function wrapperOf(schema: JsonSchema): { name: string; path: string; schema: JsonSchema } | null {
  const [name, inner] = [...propertiesOf(schema)].find(([key]) => WRAPPERS.test(key)) ?? []
  return name === undefined || inner === undefined ? null : { name, path: `body.${quote(name)}`, schema: inner }
}

/** A property name as JSONata takes it: as it is, or in backticks. */
export function quote(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !['and', 'or', 'in'].includes(name) ? name : `\`${name}\``
}

/** Whether there is a sign that a list comes in pages. */
export function isPaged({ pagination, parameters, response }: Endpoint): boolean {
  const turns = /^(?:page|offset|skip|cursor|after|start|limit|per_?page|page_?(?:size|token|number)|max_?results)$/i
  const goesOn =
    /^(?:next|next_?(?:page|cursor|link|token)|has_?more|total|total_?(?:count|pages|items)|cursor|links|paging|pagination)$/i
  const names = response ? [...propertiesOf(response).keys()] : []
  return (
    pagination !== null || parameters.some(({ name }) => turns.test(name)) || names.some((name) => goesOn.test(name))
  )
}
