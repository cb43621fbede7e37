import { AppError } from '../errors.ts'
import { createCsvReader, CsvError, type CsvRecord } from '../lib/csv.ts'
import { createJsonArrayReader, JsonArrayError } from '../lib/json-array.ts'
import type { InputSchema } from '../steps/schema.ts'
import { coerceCell } from './coerce.ts'
import type { Format } from './schema.ts'

/** One input as it was sent: a JSON object, or what keeps it from being one. */
export type ReadInput = { line: number } & ({ value: Record<string, unknown> } | { problem: string })

const MAX_LINE_CHARACTERS = 2_000_000

type Reader = { push: (text: string) => ReadInput[]; end: () => ReadInput[] }

/**
 * Reads inputs as they come in, a piece of the body at a time, so that the whole is never held. In CSV the first line
 * names the inputs, cells take the type that the workflow's input schema gives them, and an empty cell is left out.
 * @throws AppError BODY_TOO_LARGE; VALIDATION_FAILED with the line where what follows cannot be made out.
 */
export async function* readInputs(
  format: Format,
  body: ReadableStream<Uint8Array>,
  schema: InputSchema | undefined,
  maxBytes: number,
): AsyncGenerator<ReadInput[]> {
  const reader = format === 'csv' ? csvReader(schema) : format === 'json' ? jsonReader() : ndjsonReader()
  try {
    for await (const text of textOf(body, maxBytes)) yield reader.push(text)
    yield reader.end()
  } catch (error) {
    if (error instanceof CsvError || error instanceof JsonArrayError) throw malformed(error.line, error.message)
    throw error
  }
}

async function* textOf(body: ReadableStream<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  const decode = (bytes: Uint8Array | undefined) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
    } catch {
      throw malformed(undefined, 'the body is not UTF-8')
    }
  }
  let size = 0
  for await (const bytes of body) {
    size += bytes.byteLength
    if (size > maxBytes) throw new AppError('BODY_TOO_LARGE', `The body has more than ${maxBytes} bytes.`)
    yield decode(bytes)
  }
  yield decode(undefined)
}

function jsonReader(): Reader {
  const reader = createJsonArrayReader()
  return {
    push: (text) => reader.push(text).map(({ line, text: element }) => parseObject(line, element)),
    end: () => {
      reader.end()
      return []
    },
  }
}

/** https://github.com/ndjson/ndjson-spec; blank lines are passed over. */
function ndjsonReader(): Reader {
  let rest = ''
  let line = 0
  const take = (lines: string[]) =>
    lines.flatMap((text) => {
      line++
      return text.trim() === '' ? [] : [parseObject(line, text)]
    })
  return {
    push: (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > MAX_LINE_CHARACTERS) throw malformed(line + 1, 'the line is too long')
      return take(lines)
    },
    end: () => take([rest]),
  }
}

function csvReader(schema: InputSchema | undefined): Reader {
  const reader = createCsvReader()
  let names: string[] | null = null
  const take = (records: CsvRecord[]) =>
    records.flatMap((record): ReadInput[] => {
      if (names === null) {
        names = toHeader(record)
        return []
      }
      return record.fields.length === 1 && record.fields[0] === '' ? [] : [toObject(names, record, schema)]
    })
  return { push: (text) => take(reader.push(text)), end: () => take(reader.end()) }
}

function toHeader({ line, fields }: CsvRecord): string[] {
  const names = fields.map((field) => field.trim())
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (names.includes('')) throw malformed(line, 'the header has a column without a name')
  if (twice !== undefined) throw malformed(line, `the header has the column "${twice}" twice`)
  return names
}

function toObject(names: string[], { line, fields }: CsvRecord, schema: InputSchema | undefined): ReadInput {
  if (fields.length !== names.length)
    return { line, problem: `has ${fields.length} fields where the header has ${names.length}` }
  const cells = names.map((name, at) => [name, coerceCell(schema?.properties[name], fields[at] ?? '')] as const)
  return { line, value: Object.fromEntries(cells.filter(([, value]) => value !== undefined)) }
}

function parseObject(line: number, text: string): ReadInput {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { line, value: value as Record<string, unknown> }
    return { line, problem: 'is not a JSON object' }
  } catch {
    return { line, problem: 'is not JSON' }
  }
}

function malformed(line: number | undefined, message: string): AppError {
  const detail = line === undefined ? `The body: ${message}.` : `Line ${line}: ${message}.`
  return new AppError('VALIDATION_FAILED', detail, {
    errors: [{ path: '', code: 'malformed', message, ...(line !== undefined && { line }) }],
  })
}
