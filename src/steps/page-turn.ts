import type { UpstreamResponse } from '../connections/egress.ts'
import { resolvePointer } from '../lib/json-pointer.ts'
import { parseLinkHeader } from '../lib/link-header.ts'
import type { Pagination, Parameter } from '../specs/operation.ts'
import { plain } from '../specs/response-list.ts'

/** A page that came, and where in the list it stands. */
export type Page = {
  response: UpstreamResponse
  items: readonly unknown[]
  /** The parameters it was asked with. */
  values: Readonly<Record<string, unknown>>
  /** How many items have come, this page included; null where reading did not begin at the first page. */
  collected: number | null
  /** How many pages have come, this one included. */
  pages: number
}

/** How to ask for the next page: by parameters in place of the former ones, or at a URL that the answer gave. */
export type Turn = { values: Record<string, unknown> } | { url: string }

type Marks = ReadonlyMap<string, unknown>

const CONTAINER = /^(meta|metadata|links?|pagination|paging|pageinfo|page|pager|pageable|responsemetadata|info)$/
const HAS_MORE = /^(hasmore|hasnext|hasnextpage|more|moreresults|hasmoreresults|hasmoreitems)$/
const NEXT_PAGE = /^(next|nextpage|nexturl|nextpageurl|nextpageuri|nextlink|nexthref|odatanextlink)$/
const TOTAL_PAGES = /^(totalpages?|pagecount|lastpage|numpages|numberofpages)$/
const TOTAL = /^(total(count|results?|items|records|elements|size)|numberof(items|results|records))$/
const PAGE_NUMBER = /^(page|currentpage|pagenumber|pageindex)$/
const POSITION = /^(offset|skip|start|startindex|startat)$/
const PAGING_RELATIONS = new Set(['first', 'last', 'prev', 'previous'])

/** How to ask for the page after this one, or null where it is the last, as far as the answer tells. */
export function turnPage(pagination: Pagination, parameters: readonly Parameter[], page: Page): Turn | null {
  const marks = marksOf(page.response.body)
  if (flagOf(marks, HAS_MORE) === false || flagOf(marks, /^(islast|islastpage|last)$/) === true) return null
  switch (pagination.kind) {
    case 'cursor':
      return turnByCursor(pagination.cursor, resolvePointer(page.response.body, pagination.next))
    case 'link': {
      const url = nextUrl(page.response, marks)
      return url === null ? null : { url }
    }
    case 'keyset': {
      const last: unknown = page.items.at(-1)
      const key = typeof last === 'object' && last !== null ? (last as Record<string, unknown>)[pagination.key] : null
      return saysLast(page.response, marks) || !isValue(key) ? null : { values: { [pagination.after]: key } }
    }
    case 'page': {
      const { page: name, first } = pagination
      const current = toNumber(page.values[name]) ?? numberOf(marks, PAGE_NUMBER) ?? first
      if (saysLast(page.response, marks) || page.items.length === 0) return null
      const pages = numberOf(marks, TOTAL_PAGES)
      if (pages !== null && pages > 0 && current - first + 1 >= pages) return null
      if (page.collected !== null && isAll(marks, page.collected, page.pages)) return null
      return { values: { [name]: current + 1 } }
    }
    case 'offset': {
      const base = firstOffset(parameters.find(({ name }) => name === pagination.offset))
      const current = toNumber(page.values[pagination.offset]) ?? numberOf(marks, POSITION) ?? base
      const next = current + page.items.length
      if (saysLast(page.response, marks) || page.items.length === 0) return null
      return isAll(marks, next - base, page.pages) ? null : { values: { [pagination.offset]: next } }
    }
    default:
      return pagination satisfies never
  }
}

/** A cursor is text to be sent back, unless it is the URL of the next page itself. */
function turnByCursor(name: string, next: unknown): Turn | null {
  if (!isValue(next)) return null
  const isUrl = typeof next === 'string' && /^(https?:\/\/|\/\S*\?\S*=|\?\S+=)/i.test(next)
  return isUrl ? { url: next } : { values: { [name]: next } }
}

/** The URL of the next page: of the Link header, else of the member of the body that commonly holds it. */
function nextUrl({ headers, body }: UpstreamResponse, marks: Marks): string | null {
  const link = parseLinkHeader(headers['link'] ?? '').find(({ rel }) => rel.includes('next'))
  if (link) return link.target
  const named = [...marks].find(([name, value]) => NEXT_PAGE.test(name) && isValue(value))?.[1]
  if (typeof named === 'string') return named
  const links = ['/_links/next/href', '/links/next/href', '/next/href', '/links/next/url', '/next/url']
  const found = links.map((pointer) => resolvePointer(body, pointer)).find(isValue)
  return typeof found === 'string' ? found : null
}

/** Whether an answer that tells of a next page tells of none. */
function saysLast({ headers }: UpstreamResponse, marks: Marks): boolean {
  const relations = parseLinkHeader(headers['link'] ?? '').flatMap(({ rel }) => rel)
  if (relations.length > 0 && !relations.includes('next') && relations.some((rel) => PAGING_RELATIONS.has(rel)))
    return true
  const next = [...marks].filter(([name]) => NEXT_PAGE.test(name))
  return next.length > 0 && next.every(([, value]) => value === null || value === '' || value === false)
}

/** Whether so many are all there are. A bare `total` may be that of the page, which shows on the second. */
function isAll(marks: Marks, reached: number, pages: number): boolean {
  return reached === (numberOf(marks, TOTAL) ?? (pages > 1 ? numberOf(marks, /^total$/) : null))
}

/** Where a list begins: most count from 0, some from 1. */
function firstOffset(parameter: Parameter | undefined): number {
  const said = [parameter?.schema['default'], parameter?.schema['minimum']].map(toNumber)
  return said.includes(1) || /\b(1|one)[- ](based|indexed)/i.test(parameter?.description ?? '') ? 1 : 0
}

/** The single values that an answer has beside its list, by plain name; those at the top come first. */
function marksOf(body: unknown): Marks {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return new Map()
  const inner = Object.entries(body).filter(([name, value]) => CONTAINER.test(plain(name)) && isObject(value))
  const all = [body, ...inner.map(([, value]) => value as object)].flatMap((each) => Object.entries(each))
  return new Map(
    all
      .filter(([, value]) => typeof value !== 'object' || value === null)
      .map(([name, value]) => [plain(name), value] as const)
      .toReversed(),
  )
}

function flagOf(marks: Marks, name: RegExp): boolean | null {
  const found = [...marks].find(([mark, value]) => name.test(mark) && typeof value === 'boolean')
  return found ? found[1] === true : null
}

function numberOf(marks: Marks, name: RegExp): number | null {
  const found = [...marks].find(([mark, value]) => name.test(mark) && toNumber(value) !== null)
  return found ? toNumber(found[1]) : null
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) ? value : null
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a value leads on: none of the ways to write that there is nothing. */
function isValue(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}
