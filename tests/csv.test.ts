import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coerceCell } from '../src/batches/coerce.ts'
import { createCsvReader, guardFormula, writeCsvRecord } from '../src/lib/csv.ts'
import { idAt, idOfPart, newId } from '../src/lib/ids.ts'
import { createJsonArrayReader, JsonArrayError } from '../src/lib/json-array.ts'

/** A text in pieces, cut where the numbers say. */
function cutAt(text: string, cuts: number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length]
  return places.slice(1).map((end, at) => text.slice(places[at], end))
}

function parseCsv(pieces: string[]) {
  const reader = createCsvReader()
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
}

function parseArray(pieces: string[]) {
  const reader = createJsonArrayReader()
  const elements = pieces.flatMap((piece) => reader.push(piece))
  reader.end()
  return elements
}

const cuts = fc.array(fc.nat(), { maxLength: 8 })
const field = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', ' ', 'é') }))

describe('CSV', () => {
  it('reads back what it writes, however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 1 })), cuts, (rows, places) => {
        const text = rows.map(writeCsvRecord).join('')
        expect(parseCsv(cutAt(text, places)).map(({ fields }) => fields)).toEqual(rows)
      }),
    )
  })

  it('says on which line a record begins, and takes LF and a last line without an end', () => {
    expect(parseCsv(['a,b\n"x\ny",1\r\n,'])).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['x\ny', '1'] },
      { line: 4, fields: ['', ''] },
    ])
  })

  it.each([
    ['a\n"b', 2, /never closed/],
    ['a\n"b"c\n', 2, /between a closing quote/],
    ['a\n\nb"c\n', 3, /not quoted/],
    ['a\rb\n', 1, /carriage return/],
  ])('refuses %j, and says where', (text, line, message) => {
    let thrown: unknown
    try {
      parseCsv([text])
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ line, message: expect.stringMatching(message) })
  })

  it('never writes what a spreadsheet would calculate, and leaves numbers alone', () => {
    expect(['=1+1', '+cmd', '-2+3', '@sum', '\tx', '-5', '+1.5e3', 'a=b', ''].map(guardFormula)).toEqual([
      "'=1+1",
      "'+cmd",
      "'-2+3",
      "'@sum",
      "'\tx",
      '-5',
      '+1.5e3',
      'a=b',
      '',
    ])
  })
})

describe('a cell', () => {
  it.each([
    [{ type: 'integer' }, '42', 42],
    [{ type: 'integer' }, '12345678901234567890', '12345678901234567890'],
    [{ type: 'integer' }, '0042', '0042'],
    [{ type: 'number' }, '-1.5e2', -150],
    [{ type: 'boolean' }, 'true', true],
    [{ type: 'boolean' }, 'yes', 'yes'],
    [{ type: ['integer', 'null'] }, 'null', null],
    [{ type: ['string', 'integer'] }, '007', '007'],
    [{ type: 'array' }, '[1,2]', [1, 2]],
    [{ type: 'object' }, '{oops', '{oops'],
    [{ type: 'string' }, '42', '42'],
    [undefined, '42', '42'],
    [{ type: 'string' }, '', undefined],
  ])('of %j that says %j is %j', (schema, cell, value) => {
    expect(coerceCell(schema, cell)).toEqual(value)
  })
})

describe('a JSON array', () => {
  it('is cut into its elements, however it comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), cuts, fc.boolean(), (values, places, pretty) => {
        const text = JSON.stringify(values, null, pretty ? 2 : 0)
        expect(parseArray(cutAt(text, places)).map((element) => JSON.parse(element.text))).toEqual(
          JSON.parse(JSON.stringify(values)),
        )
      }),
    )
  })

  it('names the line of each element', () => {
    expect(parseArray(['[\n {"a":\n1},\n\n {}]']).map(({ line }) => line)).toEqual([2, 5])
  })

  it.each(['', '{}', '[1', '[1,]', '[,1]', '[1],', '[1]]', '[}]', 'x[]'])('%j is none', (text) => {
    expect(() => parseArray([text])).toThrow(JsonArrayError)
  })
})

describe('ids that follow from others', () => {
  it('are the same each time, one for each part, and sort by time', () => {
    const [batch, other] = [newId('bat', 1000), newId('bat', 1000)]
    const parts = Array.from({ length: 10_000 }, (_, index) => idOfPart('run', batch, index))
    expect(new Set(parts).size).toBe(10_000)
    expect(parts).toEqual(parts.toSorted())
    expect(idOfPart('run', other, 0)).not.toBe(parts[0])
    expect(parts[0]).toHaveLength(newId('run').length)
    expect(idAt('run', batch, 5000)).toBe(idAt('run', batch, 5000))
    expect(idAt('run', batch, 5000) < newId('run', 5001)).toBe(true)
  })
})
