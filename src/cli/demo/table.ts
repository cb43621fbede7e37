import { bold, dim } from '../terminal.ts'

type Row = Record<string, unknown>

const MAX_COLUMNS = 6
const MAX_ROWS = 20
const MAX_CELL = 32
const GAP = '  '

/** The rows in a result: a list of objects, or the one list of objects that an object holds; null when there is none. */
export function rowsOf(result: unknown): Row[] | null {
  if (isRows(result)) return result
  if (!isObject(result)) return null
  const lists = Object.values(result).filter(isRows)
  return lists.length === 1 ? (lists[0] ?? null) : null
}

/** A result as lines of at most `width` characters: a table, the fields of one object, or the plain value. */
export function showResult(result: unknown, width: number): string[] {
  const rows = rowsOf(result)
  if (rows) return rows.length > 0 ? table(rows, width) : ['(no rows)']
  if (!isObject(result)) return [cut(cell(result), width)]
  const names = Object.keys(result)
  const wide = Math.max(...names.map((name) => name.length))
  return names.map((name) => `${dim(name.padEnd(wide))}${GAP}${cut(cell(result[name]), width - wide - GAP.length)}`)
}

function table(rows: Row[], width: number): string[] {
  const shown = rows.slice(0, MAX_ROWS)
  const columns = pickColumns(shown, width)
  const line = (cells: string[]) =>
    columns
      .map(({ wide, right }, at) => (right ? (cells[at] ?? '').padStart(wide) : (cells[at] ?? '').padEnd(wide)))
      .join(GAP)
      .trimEnd()
  const more = rows.length > shown.length ? [dim(`… and ${rows.length - shown.length} more`)] : []
  return [
    bold(line(columns.map(({ name }) => name))),
    dim(columns.map(({ wide }) => '─'.repeat(wide)).join(GAP)),
    ...shown.map((row) => line(columns.map(({ name, wide }) => cut(cell(row[name]), wide)))),
    ...more,
  ]
}

/** The first columns with plain values in them, as many as fit. */
function pickColumns(rows: Row[], width: number) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const plain = names.filter((name) => rows.some((row) => row[name] != null && typeof row[name] !== 'object'))
  const columns: { name: string; wide: number; right: boolean }[] = []
  let used = 0
  for (const name of plain.length > 0 ? plain : names) {
    const wide = Math.min(MAX_CELL, width, Math.max(name.length, ...rows.map((row) => cell(row[name]).length)))
    if (columns.length > 0 && used + GAP.length + wide > width) break
    used += (columns.length > 0 ? GAP.length : 0) + wide
    columns.push({ name, wide, right: rows.every((row) => typeof row[name] === 'number' || row[name] == null) })
    if (columns.length === MAX_COLUMNS) break
  }
  return columns
}

/** A value in one line. Control characters are taken out: what an API answers must not steer the terminal. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '–'
  return (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\p{Cc}+/gu, ' ')
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRows(value: unknown): value is Row[] {
  return Array.isArray(value) && value.every(isObject)
}
