import { guardFormula, writeCsvRecord } from './csv.ts'

/** How many rows of an export are read at a time. */
export const EXPORT_PAGE = 500

/** Pages of rows, each read after the last row of the one before, until one has fewer than `size`. */
export async function* readPages<T>(
  read: (last: T | undefined) => Promise<T[]>,
  size: number = EXPORT_PAGE,
): AsyncGenerator<T[]> {
  for (let last: T | undefined; ;) {
    const page = await read(last)
    if (page.length > 0) yield page
    if (page.length < size) return
    last = page.at(-1)
  }
}

/** Rows as CSV (RFC 4180), the names of the columns first; text that a spreadsheet would calculate is disarmed. */
export async function* csvOf<T extends object>(
  columns: readonly (keyof T & string)[],
  pages: AsyncIterable<readonly T[]> | Iterable<readonly T[]>,
): AsyncGenerator<string> {
  yield writeCsvRecord(columns)
  const write = (row: T) => writeCsvRecord(columns.map((column) => guardFormula(String(row[column] ?? ''))))
  for await (const page of pages) yield page.map(write).join('')
}

/** Rows as NDJSON: a line of JSON each. */
export async function* ndjsonOf(pages: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((row) => `${JSON.stringify(row)}\n`).join('')
}

/** Rows as one JSON array. */
export async function* jsonOf(
  pages: AsyncIterable<readonly object[]> | Iterable<readonly object[]>,
): AsyncGenerator<string> {
  let before = '['
  for await (const page of pages) {
    if (page.length === 0) continue
    yield before + page.map((row) => JSON.stringify(row)).join(',')
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

const TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const

/** The headers of an export that a browser keeps as a file. */
export function exportHeaders(name: string, format: keyof typeof TYPES): Record<string, string> {
  return { 'content-type': TYPES[format], 'content-disposition': `attachment; filename="${name}.${format}"` }
}
