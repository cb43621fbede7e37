import { toPointer } from '../lib/json-pointer.ts'
import type { JsonSchema, Operation, Pagination, Parameter } from './operation.ts'
import { findList, findValues, plain, type Member } from './response-list.ts'
import { itemsOf, propertiesOf, typesOf } from './schema-members.ts'

type Query = { plain: string; parameter: Parameter }

// All of these are compared without case and punctuation.
const PAGE = ['page', 'pagenumber', 'pageno', 'pagenum', 'pageindex', 'currentpage', 'p']
const OFFSET = ['offset', 'pageoffset', 'skip', 'start', 'startindex', 'startat', 'from', 'firstresult']
const CURSOR = (
  'cursor pagecursor nextcursor cursormark pagetoken nextpagetoken nexttoken paginationtoken ' +
  'continuationtoken continuation continue skiptoken startingafter pageafter after aftercursor afterid ' +
  'marker bookmark scrollid startkey exclusivestartkey startafter token nextpage next nextpageid pageid ' +
  'offset start page from'
).split(' ')
const SIZE = (
  'perpage itemsperpage resultsperpage recordsperpage hitsperpage pagesize pagelimit limit size count ' +
  'maxresults maxitems maxkeys maxpagesize maxrecords top take rows results numresults first max'
).split(' ')
/** Parameters that name the item after which the next page begins. */
const KEYSET = new Set(['startingafter', 'afterid', 'startafter', 'after'])
/** Parameters that need a member of the response made for them, as these names have other uses. */
const VAGUE = new Set(['token', 'next', 'pageid', 'offset', 'start', 'page', 'from', 'marker', 'continue'])

const PAPERWORK =
  /^(data|result|response|meta|metadata|responsemetadata|links?|pagination|paging|pageinfo|page|pages|pager|pageable|paginationmetadata|pagingmetadata|cursors?|next|info)$/
const NEXT =
  /^next(page|result)?s?(cursor|cursormark|token|marker|key|id|after|offset|start|startkey|position|bookmark|continuation|continuationtoken)?$/
const NEXT_URL = /^(next|odatanext|nextpage|nextresults?)(link|url|uri|href)$/
const HAS_MORE = /^(hasmore|hasnext|hasnextpage|more|moreresults|hasmoreresults|hasmoreitems)$/
const COUNTS =
  /^(totalpages?|pages|pagecount|lastpage|numpages|total|totalcount|totalresults?|totalitems|totalrecords|totalelements|page|currentpage|pagenumber|next|nextpage|prev|previous|perpage|pagesize|count|hasmore|hasnext|hasnextpage)$/
const ABOUT_PAGES =
  /\b(paginat\w+|paging|page number|number of the page|page of (the )?(results|list|items)|results? page|which page|page to (return|retrieve|fetch|get|show|load|start|view)|per page|index of the page)\b/i

/**
 * How an operation hands out a long list in parts, recognised by the field's general conventions: names of query
 * parameters and of response members. Null for anything but a GET whose response has one evident list, and where in
 * doubt: a page that is not asked for is missed, a list that is wrongly put together misleads.
 * @param headers names of the headers that the successful response documents; a `Link` header is the way on where no
 * parameter is.
 */
export function recognisePagination(
  operation: Pick<Operation, 'method' | 'parameters' | 'response'>,
  headers: readonly string[] = [],
): Pagination | null {
  if (operation.method.toUpperCase() !== 'GET' || operation.response === null) return null
  const list = findList(operation.response)
  if (!list) return null
  const queries = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .map((parameter) => ({ plain: plain(parameter.name), parameter }))
  const values = findValues(operation.response)
  const way =
    byCursor(queries, values) ??
    byKey(queries, values, itemsOf(list.schema)) ??
    // A page number that goes with a token is not enough by itself; the URL of the next page has both.
    (queries.some((query) => query.plain === 'pagetoken') ? byLink(values, headers) : null) ??
    byPage(queries, values) ??
    byOffset(queries) ??
    byLink(values, headers)
  return way && { items: list.items, ...way }
}

type Way<P = Pagination> = P extends Pagination ? Omit<P, 'items'> : never

function byCursor(queries: readonly Query[], values: readonly Member[]): Way | null {
  const texts = values.filter(({ schema }) => fits(schema, ['string', 'integer', 'number']))
  for (const query of inOrder(queries, CURSOR)) {
    if (!isOpaque(query.parameter.schema, query.plain)) continue
    const next = findNext(query.plain, texts)
    if (!next) continue
    const { name } = query.parameter
    return { kind: 'cursor', cursor: name, next: toPointer(next.path), size: sizeOf(queries, query) }
  }
  return null
}

/** The member of a response that holds the next value of a cursor parameter. */
function findNext(cursor: string, values: readonly Member[]): Member | undefined {
  const near = values.filter(({ path }) => path.slice(0, -1).every((name) => PAPERWORK.test(plain(name))))
  const leaf = ({ path }: Member) => plain(path.at(-1) ?? '')
  const under = ({ path }: Member) => plain(path.at(-2) ?? '')
  const next = cursor.replace(/^next/, '')
  const tests: ((member: Member) => boolean)[] = [
    (member) => leaf(member) === `next${next}` || leaf(member) === `nextpage${next.replace(/^page/, '')}`,
    (member) => under(member) === 'next' && (leaf(member) === cursor || /^(after|cursor|token)$/.test(leaf(member))),
    (member) => /^cursors?$/.test(under(member)) && /^(next|after)$/.test(leaf(member)),
  ]
  if (!VAGUE.has(cursor))
    tests.push(
      (member) => NEXT.test(leaf(member)) && member.schema['format'] !== 'uri',
      (member) => KEYSET.has(cursor) && /^(endcursor|lastid|lastkey)$/.test(leaf(member)),
      // Read back under its own name: a token of this page and of the next look alike, but the former is of no use.
      (member) => leaf(member) === cursor && /^(cursor|.*token|scrollid|bookmark|after|endcursor)$/.test(cursor),
    )
  // A text offset cannot be counted on: where the answer has one as well, it is a cursor by another name.
  else tests.push((member) => leaf(member) === cursor && cursor === 'offset' && fits(member.schema, ['string'], true))
  for (const test of tests) {
    const found = near.find(test)
    if (found) return found
  }
  return undefined
}

function byKey(queries: readonly Query[], values: readonly Member[], item: JsonSchema | null): Way | null {
  const after = queries.find((query) => KEYSET.has(query.plain) && isOpaque(query.parameter.schema, query.plain))
  const more = values.some(({ path }) => HAS_MORE.test(plain(path.at(-1) ?? '')))
  const key = item && propertiesOf(item).get('id')
  if (!after || !more || !key || !fits(key, ['string', 'integer'])) return null
  return { kind: 'keyset', after: after.parameter.name, key: 'id', size: sizeOf(queries, after) }
}

function byPage(queries: readonly Query[], values: readonly Member[]): Way | null {
  for (const query of inOrder(queries, PAGE)) {
    const { parameter } = query
    const size = sizeOf(queries, query)
    const text = `${parameter.description} ${String(parameter.schema['description'] ?? '')}`
    if (!isCount(parameter.schema) && (size === null || /token|cursor/i.test(text))) continue
    if (!fits(parameter.schema, ['integer', 'number', 'string'])) continue
    const counted = values.some(({ path }) => COUNTS.test(plain(path.at(-1) ?? '')))
    if (size === null && (query.plain === 'p' || !(counted || ABOUT_PAGES.test(text)))) continue
    return { kind: 'page', page: parameter.name, size, first: firstPage(query, text) }
  }
  return null
}

function firstPage({ plain, parameter }: Query, text: string): number {
  const said = [parameter.schema['default'], parameter.schema['minimum']].map((value) => Number(value ?? Number.NaN))
  if (said.includes(0)) return 0
  if (said.includes(1)) return 1
  if (/\b(zero|0)[- ](based|indexed)|\b(starts?|starting|begins?) (at|from|with) (0|zero)\b/i.test(text)) return 0
  return plain === 'pageindex' && !/\b(one|1)[- ](based|indexed)/i.test(text) ? 0 : 1
}

function byOffset(queries: readonly Query[]): Way | null {
  for (const query of inOrder(queries, OFFSET)) {
    const limit = sizeOf(queries, query)
    if (limit === null || !isCount(query.parameter.schema, /^(offset|skip)$/.test(query.plain))) continue
    return { kind: 'offset', offset: query.parameter.name, limit }
  }
  return null
}

/** The way on by a URL that the response gives, in its `Link` header (RFC 8288) or in a member made for it. */
function byLink(values: readonly Member[], headers: readonly string[]): Way | null {
  if (headers.some((name) => name.toLowerCase() === 'link')) return { kind: 'link' }
  const isUrl = ({ path, schema }: Member) => {
    const [leaf = '', under = ''] = path.toReversed().map(plain)
    if (!fits(schema, ['string']) || path.slice(0, -1).some((name) => !PAPERWORK.test(plain(name)))) return false
    if (NEXT_URL.test(leaf) || (leaf === 'href' && under === 'next')) return true
    return leaf === 'next' && (/^links?$/.test(under) || /^(uri|url)/.test(String(schema['format'])))
  }
  return values.some(isUrl) ? { kind: 'link' } : null
}

/** The parameter that says how much is on one page. */
function sizeOf(queries: readonly Query[], besides: Query): string | null {
  const others = queries.filter((query) => query !== besides)
  return (
    inOrder(others, SIZE).find((query) => isCount(query.parameter.schema, /page|limit|count|max/.test(query.plain)))
      ?.parameter.name ?? null
  )
}

/** The parameters that have one of the names, in the order of the names. */
function inOrder(queries: readonly Query[], names: readonly string[]): Query[] {
  return names.flatMap((name) => queries.filter((query) => query.plain === name || query.plain === `page${name}`))
}

/** Whether a schema allows one of the types; `said` where not saying is not enough. */
function fits(schema: JsonSchema, types: readonly string[], said = false): boolean {
  const given = typesOf(schema)
  return given.length === 0 ? !said : given.some((type) => types.includes(type))
}

/** Whether a parameter counts: a number, or text that does not look like anything else where `loose`. */
function isCount(schema: JsonSchema, loose = false): boolean {
  if (fits(schema, ['integer', 'number'])) return true
  return loose && fits(schema, ['string']) && schema['format'] === undefined
}

/** Whether a parameter may hold a cursor; of the names that commonly count, only one of text can. */
function isOpaque(schema: JsonSchema, name: string): boolean {
  if (typeof schema['format'] === 'string' && /date|time/.test(schema['format'])) return false
  const counts = PAGE.includes(name) || OFFSET.includes(name)
  return fits(schema, counts ? ['string'] : ['string', 'integer', 'number'], counts)
}
