import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, LARGE_CHARS, SharedValues, walk, type Encoded } from '../src/runs/shared-values.ts'

/** Writes events and reads them back, as a log does. */
function roundTrip(events: readonly object[]) {
  const large = new Map<number, Encoded>()
  const values = new SharedValues((id, value) => large.set(id, value))
  const texts = events.map((event, index) => values.encode(event, index + 1))
  const read: unknown[] = []
  const at = (place: string): unknown => {
    const [seq, ...names] = place.split('/')
    const encoded = seq === 'value' ? large.get(Number(names[0])) : undefined
    return encoded ? decode(encoded, at) : walk(read[Number(seq) - 1], names)
  }
  for (const text of texts) read.push(decode(text, at))
  return { read, texts, large, values }
}

const text = fc.oneof(
  { weight: 5, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 3 }).map((part) => part.repeat(LARGE_CHARS)) },
)
const name = fc.oneof(fc.constantFrom('body', 'status', 'output', 'items', 'a/b', '__proto__', '$ref'), fc.string())
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.integer(),
    fc.constantFrom(null, true),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}))

describe('a log that writes what is the same once', () => {
  it('reads back what was written, whatever is shared and however large it is', () => {
    const events = fc.array(value, { minLength: 1, maxLength: 4 }).chain((pool) => {
      const any = fc.constantFrom(...pool)
      const output = fc.oneof(any, fc.array(any, { maxLength: 3 }), fc.record({ status: fc.constant(200), body: any }))
      const event = fc.record({ type: fc.constant('x'), output, items: fc.array(any, { maxLength: 2 }), error: any })
      return fc.array(event, { maxLength: 6 })
    })
    fc.assert(
      fc.property(events, (given) => {
        expect(roundTrip(given).read).toEqual(JSON.parse(JSON.stringify(given)))
      }),
      { numRuns: 200 },
    )
  })

  it('refers to an output where it comes up again: as an item, as the end', () => {
    const output = { status: 200, headers: {}, body: { text: 'x'.repeat(500) } }
    const { texts } = roundTrip([
      { output },
      { index: 0, output },
      { output: [output, output] },
      { output: output.body },
    ])
    expect(texts.slice(1)).toEqual([
      { text: '{"index":0,"output":null}', refs: [[['output'], '1/output']] },
      {
        text: '{"output":[null,null]}',
        refs: [
          [['output', 0], '1/output'],
          [['output', 1], '1/output'],
        ],
      },
      { text: '{"output":null}', refs: [[['output'], '1/output/body']] },
    ])
  })

  it('puts a large value on its own, the innermost that is large, and shows a reference to it', () => {
    const list = Array.from({ length: 5000 }, (_, index) => ({ id: index, name: 'somebody' }))
    const event = { output: { status: 200, body: { items: list, total: 5000 } } }
    const { texts, large, values } = roundTrip([event, { output: list }])
    expect(texts[0]).toEqual({
      text: '{"output":{"status":200,"body":{"items":null,"total":5000}}}',
      refs: [[['output', 'body', 'items'], 'value/1']],
    })
    expect(texts[1]).toEqual({ text: '{"output":null}', refs: [[['output'], 'value/1']] })
    expect(large.size).toBe(1)
    const bytes = JSON.stringify(list).length
    expect(values.lighten(event, (id) => `/values/${id}`)).toEqual({
      output: { status: 200, body: { items: { $ref: '/values/1', bytes }, total: 5000 } },
    })
    expect(event.output.body.items).toBe(list)
  })
})
