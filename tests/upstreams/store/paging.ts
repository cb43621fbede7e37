import { z } from '@hono/zod-openapi'
import { StoreError } from './problem.ts'

/** How a list is ordered; items with equal keys follow the number in their ids. */
export interface Ordering<T> {
  name: string
  key: (item: T) => string | number
  descending?: boolean
}

/** One page of a list. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
  total: number
}

type Position = [name: string, key: string | number, number: number]

const positionShape = z.tuple([z.string(), z.union([z.string(), z.number()]), z.number()])

/** The number in an id such as `ord_3001`. */
export function idNumber(id: string): number {
  return Number(id.slice(id.indexOf('_') + 1))
}

/** The order things were added in. */
export const oldestFirst: Ordering<{ id: string }> = { name: 'id', key: (item) => idNumber(item.id) }

/** The latest addition first. */
export const newestFirst: Ordering<{ id: string }> = {
  name: '-id',
  key: (item) => idNumber(item.id),
  descending: true,
}

function compare<K extends string | number>(a: K, b: K): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function decode(cursor: string, name: string): Position {
  try {
    const position = positionShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    if (position[0] === name) return position
  } catch {
    // An unreadable cursor and one of another ordering get the same answer.
  }
  const errors = [{ path: 'query.cursor', message: 'not a cursor of this list in this order' }]
  throw new StoreError(400, 'the request does not match its schema', errors)
}

/**
 * Cuts one page out of a filtered list. A cursor holds the sort key of the last item given out, not an offset,
 * so additions and removals between pages neither repeat nor skip an item.
 */
export function paginate<T extends { id: string }>(
  found: T[],
  ordering: Ordering<T>,
  query: { limit: number; cursor?: string | undefined },
): Page<T> {
  const sign = ordering.descending === true ? -1 : 1
  const locate = (item: T): Position => [ordering.name, ordering.key(item), idNumber(item.id)]
  const follows = (a: Position, b: Position) => sign * compare(a[1], b[1]) || compare(a[2], b[2])
  const sorted = found.toSorted((a, b) => follows(locate(a), locate(b)))
  const start = query.cursor === undefined ? null : decode(query.cursor, ordering.name)
  const rest = start === null ? sorted : sorted.filter((item) => follows(locate(item), start) > 0)
  const items = rest.slice(0, query.limit)
  const last = items.at(-1)
  const more = rest.length > items.length && last !== undefined
  const nextCursor = more ? Buffer.from(JSON.stringify(locate(last))).toString('base64url') : null
  return { items, nextCursor, total: found.length }
}
