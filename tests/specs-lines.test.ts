import fc from 'fast-check'
import { dump } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { toPointer } from '../src/lib/json-pointer.ts'
import { lineOf } from '../src/specs/lines.ts'

/** A value whose names and leaves are all different, so that a search tells where each is written. */
function numbered(value: unknown): unknown {
  let next = 0
  const walk = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(walk)
    if (typeof inner !== 'object' || inner === null) return `leaf-${next++}-`
    return Object.fromEntries(Object.values(inner).map((member) => [`name-${next++}-`, walk(member)]))
  }
  return walk(value)
}

/** Every place of a value, with the text that stands where it begins: its own name, or the first leaf in it. */
function* placesOf(value: unknown, tokens: (string | number)[] = []): Generator<{ pointer: string; mark: string }> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const path = [...tokens, key]
    const mark = Array.isArray(value) ? firstMark(inner) : key
    if (mark !== null) yield { pointer: toPointer(path), mark }
    yield* placesOf(inner, path)
  }
}

/** What a list's item begins with, where that stands on the line of the item itself. */
function firstMark(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

const lineWith = (text: string, mark: string) => text.slice(0, text.indexOf(mark)).split('\n').length
const values = fc.object({ maxDepth: 5, maxKeys: 4, withBigInt: false, withDate: false }).map(numbered)

describe('lineOf', () => {
  it.each([
    ['JSON over several lines', (value: unknown) => JSON.stringify(value, null, 2)],
    [
      'JSON with lines ended as on Windows',
      (value: unknown) => JSON.stringify(value, null, 1).replaceAll('\n', '\r\n'),
    ],
    ['YAML', (value: unknown) => dump(value)],
    ['YAML with comments', (value: unknown) => dump(value).replaceAll('\n', ' # name-0- leaf-0-\n\n')],
  ])('finds every place of any value in %s', (_, write) => {
    fc.assert(
      fc.property(values, (value) => {
        const text = write(value)
        const places = [...placesOf(value)]
        const lines = lineOf(
          text,
          places.map(({ pointer }) => pointer),
        )
        expect(lines).toEqual(places.map(({ mark }) => lineWith(text, mark)))
      }),
      { numRuns: 200 },
    )
  })

  const json = '{\n "a": {\n  "b": [1, {"c":\n 2}, "x,]"],\n "a~/": "q\\"}{", "\\u0061": 3},\n "a": {"d": [\n5]}}'
  it.each([
    ['/a', 6],
    ['/a/d', 6],
    ['/a/d/0', 7],
    ['/a/gone', 6],
    ['/a/d/7/more', 6],
    // Of the first of two members of one name nothing counts.
    ['/a/b/1/c', 6],
    ['', null],
    ['/gone', null],
    ['https://a.example.com/x.json#/a', null],
  ])('says of %s in JSON that it stands in line %j', (pointer, line) => {
    expect(lineOf(json, [pointer])).toEqual([line])
  })

  it('reads names as JSON escapes them', () => {
    const text = '{"x":\n{"a~/\\"":\n1,\n"\\u0062": 2}}'
    expect(lineOf(text, ['/x/a~0~1"', '/x/b'])).toEqual([2, 4])
  })

  const yaml = [
    '# first',
    'base: &base',
    '  one: 1',
    '"quo\\u0074ed": {flow: [1,',
    '  {deep: 2}]}',
    'list:',
    '- a: 1',
    '  b: |',
    '    not: here',
    '- - 5',
    'copy: *base',
    'merged:',
    '  <<: *base',
    '  200: x',
    'empty:',
  ].join('\n')
  it.each([
    ['/base/one', 3],
    ['/quoted/flow', 4],
    ['/quoted/flow/1/deep', 5],
    ['/list/0/b', 8],
    ['/list/0/b/not', 8],
    ['/list/1/0', 10],
    ['/copy/one', 11],
    ['/merged/one', 12],
    ['/merged/200', 14],
    ['/empty', 15],
  ])('says of %s in YAML that it stands in line %i', (pointer, line) => {
    expect(lineOf(yaml, [pointer])).toEqual([line])
  })

  it.each(['{"a": ', '{"a" "b"}', 'a: [', 'a: 1\n b: 2', '', '[[[', '{"a": {"b": "', ']]}}', '{,}'])(
    'finds no place that is not there in %j',
    (text) => {
      expect(lineOf(text, ['/a/b', '/b', '/0']).every((line) => line === null || line === 1)).toBe(true)
    },
  )

  it('finds two hundred places of a document of many megabytes in time', () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [
        `Schema${index}`,
        { type: 'object', description: 'x'.repeat(400) },
      ]),
    )
    const text = JSON.stringify({ components: { schemas } }, null, 1)
    const pointers = Array.from({ length: 200 }, (_, index) => `/components/schemas/Schema${index * 100}/type`)
    const before = performance.now()
    expect(lineOf(text, pointers).slice(0, 2)).toEqual([5, 405])
    expect(performance.now() - before).toBeLessThan(2000)
  })
})
