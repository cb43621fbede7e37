/** How many inputs are written down. */
export type Format = 'csv' | 'json' | 'ndjson'

/** Each format as its media type. */
export const TYPES: Readonly<Record<Format, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
}

/** The formats with their names. */
export const FORMATS = [
  ['csv', 'CSV'],
  ['json', 'JSON'],
  ['ndjson', 'NDJSON'],
] as const

/** Which format a text looks like: an array is JSON, objects are NDJSON, anything else is CSV. */
export function formatOf(text: string): Format {
  const begin = text.trimStart()[0]
  return begin === '[' ? 'json' : begin === '{' ? 'ndjson' : 'csv'
}

/** Which format a file has, by its name. */
export function formatOfFile(name: string): Format {
  if (/\.(ndjson|jsonl)$/i.test(name)) return 'ndjson'
  return /\.json$/i.test(name) ? 'json' : 'csv'
}
