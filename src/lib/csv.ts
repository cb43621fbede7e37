/** One record of a CSV text, with the line it begins on, counted from 1. */
export type CsvRecord = { line: number; fields: string[] }

/** Raised where a text is no CSV; the message is for whoever wrote it. */
export class CsvError extends Error {
  override readonly name = 'CsvError'
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

/**
 * Reads CSV (RFC 4180) as it comes in: `push` takes the next piece of text and gives the records that are complete,
 * `end` gives the last one. Lines end with CRLF or LF; a quote stands only around a whole field, doubled within.
 * @throws CsvError
 */
export function createCsvReader(): { push: (text: string) => CsvRecord[]; end: () => CsvRecord[] } {
  let state: 'start' | 'plain' | 'quoted' | 'closed' | 'cr' = 'start'
  let fields: string[] = []
  let field = ''
  let line = 1
  let begun = 1

  function endField(): void {
    fields.push(field)
    field = ''
    state = 'start'
  }

  function endRecord(): CsvRecord {
    endField()
    const record = { line: begun, fields }
    fields = []
    begun = line
    return record
  }

  /** Takes one character outside of quotes; true when it ends the record. */
  function step(char: string): boolean {
    if (state === 'cr') {
      if (char !== '\n') throw new CsvError(line, 'a carriage return stands without a line feed')
    } else if (char === ',') endField()
    else if (char === '\r') state = 'cr'
    else if (char === '"') open()
    else if (char !== '\n') {
      if (state === 'closed') throw new CsvError(line, 'something stands between a closing quote and the next comma')
      field += char
      state = 'plain'
    }
    return char === '\n'
  }

  function open(): void {
    if (state === 'plain') throw new CsvError(line, 'a quote stands within a field that is not quoted')
    // A second quote right behind the closing one is a quote in the text.
    if (state === 'closed') field += '"'
    state = 'quoted'
  }

  return {
    push(text) {
      const records: CsvRecord[] = []
      for (let at = 0; at < text.length; at++) {
        if (state === 'quoted') {
          const close = text.indexOf('"', at)
          const inside = text.slice(at, close === -1 ? undefined : close)
          field += inside
          for (let feed = inside.indexOf('\n'); feed !== -1; feed = inside.indexOf('\n', feed + 1)) line++
          if (close === -1) break
          at = close
          state = 'closed'
          continue
        }
        const char = text[at] ?? ''
        if (char === '\n') line++
        if (step(char)) records.push(endRecord())
      }
      return records
    },
    end() {
      if (state === 'quoted') throw new CsvError(begun, 'a quote is opened and never closed')
      if (state === 'cr') throw new CsvError(line, 'a carriage return stands without a line feed')
      return state === 'start' && fields.length === 0 ? [] : [endRecord()]
    },
  }
}

/** One record as a line of CSV (RFC 4180), with its CRLF. */
export function writeCsvRecord(fields: readonly string[]): string {
  return `${fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\r\n`
}

/**
 * A text that a spreadsheet will not take for a formula: one that begins like one is given an apostrophe in front
 * (OWASP, CSV injection). Numbers stay as they are.
 */
export function guardFormula(field: string): string {
  return /^[=+\-@\t\r\n]/.test(field) && !/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(field) ? `'${field}` : field
}
