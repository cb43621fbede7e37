import fc from 'fast-check'
import jsonata from 'jsonata'
import { describe, expect, it } from 'vitest'
import type { ExpressionScope } from '../src/steps/expression-moment.ts'
import { evaluate, ExpressionError } from '../src/steps/expressions.ts'
import { plainPathOf, walkPath } from '../src/steps/plain-path.ts'

const input = {
  name: 'Allotment 7',
  owner: { first: 'Ada', last: 'Green' },
  bare: [],
  beds: Array.from({ length: 10_000 }, (_, id) => ({ id, kind: `kind ${id % 7}`, size: id % 13 })),
  as: 'a'.repeat(30_000),
}
const scope: ExpressionScope = { input, steps: {}, run: { id: 'run_1', startedAt: '2026-01-01T00:00:00.000Z' } }
const run = (expression: string) => evaluate(`{{ ${expression} }}`, scope)

/** A value that holds itself twice, forty times over: small in memory, beyond all measure when written out. */
const doubled = '$x := $reduce([1..40], function($a, $b){ [[$a], [$a]] }, [1])'

describe('an expression that goes too far is told which limit it hit', () => {
  it.each([
    ['steps, in a recursion', '($f := function($n){ $f($n + 1) }; $f(0))', /more than 1,000,000 steps \(at character/],
    ['steps, in a loop of loops', '[1..10000].([1..10000].(1))', /steps/],
    ['steps, over ten million items', '$map([1..10000000], function($i){ $i })', /10000000|sequence/],
    ['depth', '($f := function($n){ 1 + $f($n + 1) }; $f(0))', /[Ss]tack|depth|recurs/],
    ['items, of a range', '[1..200000]', /200000/],
    ['items, of lists put together', '$append([1..60000], [1..60000])', /120000/],
    [
      'text, doubled',
      '($d := function($s, $n){ $n = 0 ? $s : $d($s & $s, $n - 1) }; $d("x", 40))',
      /2,000,000 characters/,
    ],
    ['text, padded', '$pad("x", 1000000000)', /2,000,000 characters/],
    ['text, padded with much', '$pad("x", 1000000, "0123456789")', /2,000,000 characters/],
    ['text, joined', '$join([1..300].($$.input.as))', /2,000,000 characters/],
    ['text, replaced', '$replace($$.input.as, "a", $$.input.as)', /characters|Invalid string/],
    ['text, in many pieces', '[1..10000].$pad("x", 1000000)', /steps/],
    ['text, of a function that is handed on', '$map([1..10000].("x"), $pad(?, 1000000))', /steps|string/],
    ['width, of a date', '$fromMillis(0, "[Y,30000000-30000000]")', /widths/],
    ['text, of a picture', '$fromMillis(0, $pad("", 1000000, ","))', /picture/],
    ['value, doubled', `(${doubled}; 1)`, /16,000,000 characters as JSON/],
    [
      'value, doubled in objects',
      '($reduce([1..40], function($a, $b){ {"l": $a, "r": $a} }, 1); 1)',
      /16,000,000 characters/,
    ],
    [
      'value, by changing it',
      '($f := function($x, $n){ $n = 0 ? $x : $f($x ~> |$|{"l": $x, "r": $x}|, $n - 1) }; $f({}, 40))',
      /steps|characters/,
    ],
    ['value, that holds itself', '({"a": 1} ~> |$|{"me": $}|)', /nested|circular/i],
    ['value, nested', '$reduce([1..2000], function($a, $b){ [[$a]] }, 1)', /500 deep/],
    ['output', '[1..300].($$.input.as)', /4,000,000 characters as JSON/],
    ['steps, of comparing', '[1..1000].($$.input.beds = $$.input.beds)', /steps/],
    ['steps, of writing out', '[1..1000].$string($$.input.beds)', /steps/],
    ['steps, of searching', '[1..1000].($$.**)', /steps|sequence/],
    ['steps, of sorting', '$sort([1..100000])', /steps/],
    ['steps, of grouping', '[1..100000]{"a": $}', /steps/],
    ['steps, within $eval', '$eval("($f := function($n){ $f($n + 1) }; $f(0))")', /steps/],
  ])(
    '%s',
    async (_, expression, message) => {
      const failure = await run(expression).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(ExpressionError)
      expect(String(failure)).toMatch(message)
    },
    20_000,
  )

  it('and other expressions that go on at the same time are not', async () => {
    const [bad, ...good] = await Promise.allSettled([
      run('($f := function($n){ $f($n + 1) }; $f(0))'),
      ...Array.from({ length: 20 }, () => run('$sum(input.beds[[0..99]].size)')),
    ])
    expect(bad?.status).toBe('rejected')
    expect(new Set(good.map((one) => (one.status === 'fulfilled' ? one.value : one.reason)))).toEqual(new Set([582]))
  }, 20_000)

  it('while what a workflow does with ten thousand items is allowed', async () => {
    expect(await run('$sum(input.beds[size > 6].size)')).toBe(43_833)
    expect(await run('$distinct(input.beds.kind)')).toHaveLength(7)
    expect(await run('$count($distinct(input.beds))')).toBe(10_000)
    expect(await run('$count(input.beds^(>size, kind)[[0..4]])')).toBe(5)
    expect(Object.keys((await run('input.beds{kind: $count(id)}')) as object)).toHaveLength(7)
    expect(Object.keys((await run('input.beds[id < 3000]{$string(id): $sum($.size)}')) as object)).toHaveLength(3000)
    const recursive = '($f := function($n){ $n = 9 ? $n : [1, 2]{$string($): $f($n + 1)} }; $f(5))'
    expect(JSON.stringify(await run(recursive)).match(/9/g)).toHaveLength(16)
    expect(await run('$count(input.beds.{"id": id, "label": $uppercase(kind) & "!"})')).toBe(10_000)
  }, 20_000)

  it('a distinct list is what it was', async () => {
    expect(
      await run(
        '$distinct([1, "1", true, "true", null, 1, null, {"a": 1, "b": [2]}, {"b": [2], "a": 1}, ["a", 1], ["a", 1]])',
      ),
    ).toEqual([1, '1', true, 'true', null, { a: 1, b: [2] }, ['a', 1]])
  })
})

describe('a regular expression', () => {
  it.each([
    '(a+)+$',
    '(a*)*b',
    '(a|a)*b',
    '(a|ab)*c',
    '(a|b|ab)*c',
    '([a-z]+)*$',
    '(\\\\w+\\\\s?)*$',
    '(x+x+)+y',
    '(.*)*a',
    '(a?){40}a{40}',
    '(?:a?a?){30}b',
    '(?:a|a){30}b',
    '(\\\\d|\\\\w)+$',
    '(?=(a+)+$)a',
    '(a+)\\\\1+b',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    'a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaaaaaaaa',
  ])('that may take for ever is refused before it runs: /%s/', async (source) => {
    const pattern = source.replaceAll('\\\\', '\\')
    await expect(run(`$contains("x", /${pattern}/)`)).rejects.toThrow(/more than one way/)
    // What is put together while it runs is found then.
    await expect(run(`$eval("$contains('x', /${source}/)")`)).rejects.toThrow(/more than one way/)
  })

  it.each([
    ['/^(\\d{4})-(\\d{2})-(\\d{2})$/', '2026-01-31', true],
    ['/^(?:\\d{1,3}\\.){3}\\d{1,3}$/', '10.0.0.1', true],
    ['/^[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+$/', 'ada@example.com', true],
    ['/(foo|bar)+baz/', 'xfoobarbaz', true],
    ['/^\\s*#?([0-9a-f]{6}|[0-9a-f]{3})\\s*$/i', ' #FFaa00 ', true],
    ['/order\\s+(\\w+)/i', 'Your ORDER  A17', true],
    ['/"[^"]*"/', 'say "so"', true],
    ['/a.*b.*c/', 'a-b-x', false],
    ['/^(\\w+)\\s(\\w+)$/', 'John Smith', true],
    ['/(?<year>\\d+)\\/(?!x)/', '2026/1', true],
  ])('of the usual kind is taken: %s', async (pattern, text, found) => {
    expect(await run(`$contains(${JSON.stringify(text)}, ${pattern})`)).toBe(found)
  })

  it('is held to texts that it can be done with', async () => {
    expect(await run('$contains(input.as, /b/)')).toBe(false)
    expect(await run('$count($split(input.as, /\\s+/))')).toBe(1)
    await expect(run('$contains(input.as, /a+b/)')).rejects.toThrow(/30000 characters is too long/)
    await expect(run('$contains($substring(input.as, 0, 1000), /a.*a.*a.*b/)')).rejects.toThrow(/too long/)
    await expect(run('[1..100000].$contains($substring($$.input.as, 0, 5000), /a+b/)')).rejects.toThrow(/steps/)
  })

  it('never takes long where it is taken', () => {
    const atom = fc.constantFrom('a', 'b', '[ab]', '.', '(a|b)', '(ab)', '(a+b)', '(a|ab)', '(a*)', '(?:b)')
    const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '*?')
    const pattern = fc
      .array(fc.tuple(atom, quantifier), { minLength: 1, maxLength: 8 })
      .map((parts) => parts.map((part) => part.join('')).join(''))
    return fc.assert(
      fc.asyncProperty(pattern, fc.constantFrom('', '$', 'c'), async (body, end) => {
        const text = JSON.stringify('ab'.repeat(8) + 'a'.repeat(45))
        const refusal = await run(`$contains(${text}, /${body}${end}/)`).then(
          () => 'too long',
          (error: unknown) => String(error),
        )
        expect(refusal).toMatch(/more than one way|too long/)
      }),
      { numRuns: 500 },
    )
  }, 30_000)
})

describe('what an expression reads', () => {
  it.each([
    '($clone := function($x){ $x }; input.owner ~> |$|{"first": "changed"}|)',
    '(function($clone){ input.owner ~> |$|{"first": "changed"}| })(function($x){ $x })',
    '($t := |$|{"first": "changed"}|; $clone := function($x){ $x }; input.owner ~> $t)',
    'input.owner()',
    '($f := input.owner; $f(1))',
    '($g := function($f){ $f() }; $g(input.owner))',
    '$map([1], input.owner)',
    'input ~> |owner|{"first": "changed"}, ["last"]|',
    '$merge([input.owner, {"first": "changed"}])',
    '$sift(input.owner, function($v, $k, $o){ $o ~> |$|{"x": 1}| })',
    '$spread(input.owner)',
    '$sort(input.beds, function($a, $b){ $a.size < $b.size })',
    'input.beds[]',
    'input.beds#$i.{"i": $i}',
    'input.bare{$string($): $count($)}',
    'input.bare{"a": 1, "b": $error("no")}',
    '($bare := input.bare; $bare{"a": 1})',
    '$lookup(input, "bare"){"a": 1}',
    '[input.bare{"a": 1}, input.bare{"b": $count(input.bare)}]',
    '($f := function(){ input.bare{"a": 1} }; [$f(), $f()])',
  ])('is not changed by %s', async (expression) => {
    const before = JSON.stringify(input)
    await run(expression).catch(() => undefined)
    expect(JSON.stringify(input)).toBe(before)
    expect(Object.keys(input.owner)).toEqual(['first', 'last'])
  })

  it('has no names but its own', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty']) {
      expect(await run(`input.${name}`)).toBeUndefined()
      expect(await run(`$lookup(input, "${name}")`)).toBeUndefined()
      expect(await run(`$merge([input.owner]).${name}`)).toBeUndefined()
      expect(await run(`input.owner.*.${name}`)).toBeUndefined()
      expect(await run(`(input.owner ~> |$|{"x": 1}|).${name}`)).toBeUndefined()
      expect(await evaluate(`{{ ${name} }}`, scope)).toBeUndefined()
    }
  })

  it('gives no member that would change the kind of an object', async () => {
    const value = (await run('$merge([{"a": 1}, {"__proto__": {"b": 2}}])')) as object
    expect(Object.getOwnPropertyNames(value)).toEqual(['a'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })
})

describe('a plain path', () => {
  const name = fc.constantFrom('a', 'b', 'constructor', '__proto__', 'length', 'input', 'order')
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'large' },
      fc.constantFrom(null, true, false, 0, 1.5, '', 'text'),
      fc.dictionary(name, tie('value'), { noNullPrototype: true }),
      fc.array(tie('value'), { maxLength: 2 }),
    ),
  })).value

  it('is read as JSONata reads it', async () => {
    let read = 0
    await fc.assert(
      fc.asyncProperty(json, fc.array(name, { minLength: 1, maxLength: 4 }), async (value, path) => {
        const data = { input: value, order: value, a: value }
        const source = path.join('.')
        const walked = walkPath(plainPathOf(source) ?? [], data)
        if (!walked) return
        read++
        expect(walked.value).toEqual(await jsonata(source).evaluate(data))
      }),
      { numRuns: 3000 },
    )
    expect(read).toBeGreaterThan(1000)
  })

  it.each(['a.b[0]', 'a..b', '$a.b', 'a.*', 'and', 'a.in', 'a.`b`', '"a"', '1', 'a b', 'true', 'a.%'])(
    'is not taken for one: %s',
    (source) => expect(plainPathOf(source)).toBeNull(),
  )
})
