import { toPointer } from '../lib/json-pointer.ts'
import type { JsonSchema } from './operation.ts'
import { itemsOf, propertiesOf, typesOf } from './schema-members.ts'

/** A member of a response: the names that lead to it, and its schema. */
export type Member = { path: readonly string[]; schema: JsonSchema }

/** The one list of a response: where it is, and what is in it. */
export type ResponseList = { items: string; schema: JsonSchema }

// Lists that stand beside the one that was asked for.
const ASIDE =
  /^(errors?|warnings?|messages?|notices?|included?|links?|facets?|filters?|aggregations?|columns?|fields|headers?|sort|orders?by|meta|debug)$/
const LIST_NAME =
  /^(data|items?|results?|records?|entries|values?|elements?|list|rows|content|objects|nodes|resources)$/
// Members that describe the page, not what is on it.
const PAPERWORK =
  /^(meta|metadata|responsemetadata|links?|pagination|paging|pageinfo|page|pager|pageable|cursors?|errors?|debug|query|request)$/

/** A name without case and punctuation: `page[size]`, `page_size` and `pageSize` are one word. */
export function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, '')
}

/**
 * The list that a response is about: the response itself, the only array in it, or of several the only one with a name
 * that lists commonly have; directly in it or one level down. Null where that leaves a doubt.
 */
export function findList(response: JsonSchema): ResponseList | null {
  if (isList(response)) return { items: '', schema: response }
  const members = membersOf(response, [])
  const found = choose(members.filter(({ schema }) => isList(schema)))
  if (found !== undefined) return found && !isPart(found, members) ? toList(found) : null
  const inner = members.filter(({ path }) => !PAPERWORK.test(plain(path.at(-1) ?? '')))
  const within = inner.map(({ path, schema }) => membersOf(schema, path))
  const deeper = choose(within.flat().filter(({ schema }) => isList(schema)))
  const beside = within.find((siblings) => deeper && siblings.includes(deeper)) ?? []
  return deeper && !isPart(deeper, beside) ? toList(deeper) : null
}

/** The single values of a response outside its list, down to three levels. */
export function findValues(response: JsonSchema, depth = 3, path: readonly string[] = []): Member[] {
  return membersOf(response, path).flatMap((member) => {
    if (isList(member.schema)) return []
    if (propertiesOf(member.schema).size === 0) return [member]
    return depth > 1 ? findValues(member.schema, depth - 1, member.path) : []
  })
}

function toList({ path, schema }: Member): ResponseList {
  return { items: toPointer(path), schema }
}

/** One of several lists: undefined where there is none, null where there are too many. */
function choose(lists: readonly Member[]): Member | null | undefined {
  const name = ({ path }: Member) => plain(path.at(-1) ?? '')
  const likely = lists.filter((list) => !ASIDE.test(name(list)))
  if (likely.length < 2) return likely[0]
  const named = likely.filter((list) => LIST_NAME.test(name(list)))
  return named.length === 1 ? (named[0] ?? null) : null
}

/** Whether a list is one more thing to know about something: that has an id of its own, which a list has not. */
function isPart(list: Member, members: readonly Member[]): boolean {
  return !LIST_NAME.test(plain(list.path.at(-1) ?? '')) && members.some(({ path }) => path.at(-1) === 'id')
}

function membersOf(schema: JsonSchema, path: readonly string[]): Member[] {
  return [...propertiesOf(schema)].map(([name, inner]) => ({ path: [...path, name], schema: inner }))
}

function isList(schema: JsonSchema): boolean {
  const types = typesOf(schema)
  return types.length > 0 ? types.length === 1 && types[0] === 'array' : itemsOf(schema) !== null
}
