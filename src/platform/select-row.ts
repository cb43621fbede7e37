import { getTableColumns, sql, type AnyColumn, type SQL } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'

/**
 * `select …` of one row of a table, its columns in their order, for an `insert` that depends on what stands behind it
 * (`where`, `from`). `taken` are columns that come from there; what is in neither is null.
 */
export function selectRow(
  table: SQLiteTable,
  values: Readonly<Record<string, unknown>>,
  taken: Readonly<Record<string, AnyColumn>> = {},
): SQL {
  const cells = Object.entries(getTableColumns(table)).map(
    ([name, column]) => sql`${taken[name] ?? sql.param(values[name] ?? null, column)}`,
  )
  return sql`select ${sql.join(cells, sql`, `)}`
}
