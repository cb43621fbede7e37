import { asc, desc, gt, lt, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'

/** Where a page of a list begins, after the last id of the page before, and the order it is read in. */
export function keysetOf(
  id: SQLiteColumn,
  { cursor, sort }: { cursor?: string | number | undefined; sort: 'newest' | 'oldest' },
): { after: SQL | undefined; order: SQL } {
  const isNewest = sort === 'newest'
  const after = cursor === undefined ? undefined : isNewest ? lt(id, cursor) : gt(id, cursor)
  return { after, order: isNewest ? desc(id) : asc(id) }
}
