import { describe, expect, it } from 'vitest'
import type { ExpressionScope } from '../src/steps/expression-moment.ts'
import { evaluate, ExpressionError } from '../src/steps/expressions.ts'

const garden = {
  name: 'Allotment 7',
  owner: { first: 'Ada', last: 'Green', city: 'Leeds' },
  phones: [
    { type: 'home', number: '0113 496 0000' },
    { type: 'office', number: '0113 496 0001' },
    { type: 'office', number: '0113 496 0002' },
    { type: 'mobile', number: '077 7700 1234' },
  ],
  beds: [
    {
      id: 'b1',
      plants: [
        { kind: 'bean', price: 3.5, count: 4 },
        { kind: 'leek', price: 2, count: 10 },
      ],
    },
    {
      id: 'b2',
      plants: [
        { kind: 'kale', price: 5, count: 1 },
        { kind: 'bean', price: 3, count: 2 },
      ],
    },
  ],
  grid: [
    [1, 2],
    [3, 4],
  ],
  'no spaces': false,
}

const scope: ExpressionScope = { input: garden, steps: {}, run: { id: 'run_1', startedAt: '2026-01-01T00:00:00.000Z' } }
const run = (expression: string) => evaluate(`{{ ${expression} }}`, scope)

/** Expressions by the page of the documentation (docs.jsonata.org) that says what they give. */
const documented: Record<string, [expression: string, result: unknown][]> = {
  'simple queries': [
    ['input.owner.last', 'Green'],
    ['input.owner.nothing', undefined],
    ['input.`no spaces`', false],
    ['input.phones[0].number', '0113 496 0000'],
    ['input.phones[-1].type', 'mobile'],
    ['input.phones[-2].type', 'office'],
    ['input.phones[8]', undefined],
    ['input.phones[[0..1]].type', ['home', 'office']],
    ['input.phones.type', ['home', 'office', 'office', 'mobile']],
    ['input.phones[0]', { type: 'home', number: '0113 496 0000' }],
    ['input.grid[0]', [1, 2]],
    ['input.grid[0][1]', 2],
    ['(input.phones.type)[0]', 'home'],
  ],
  'predicates, and lists of one': [
    ["input.phones[type='mobile'].number", '077 7700 1234'],
    ["input.phones[type='mobile'][].number", ['077 7700 1234']],
    ["input.phones[type='office'].number", ['0113 496 0001', '0113 496 0002']],
    ["input.phones[type='office'][0].number", '0113 496 0001'],
    ['input.owner.*', ['Ada', 'Green', 'Leeds']],
    ['input.*.last', 'Green'],
    ['input.**.kind', ['bean', 'leek', 'kale', 'bean']],
    ['input.beds.plants[price > 3].kind', ['bean', 'kale']],
    ["input.beds[id='b2'].plants[kind='bean'].price", 3],
  ],
  'processing and composition': [
    ['input.beds.plants.(price * count)', [14, 20, 5, 6]],
    ['$sum(input.beds.plants.(price * count))', 45],
    ['input.beds.plants^(price).kind', ['leek', 'bean', 'bean', 'kale']],
    ['input.beds.plants^(>price, <kind)[0].kind', 'kale'],
    ['input.beds.plants{kind: $sum(count)}', { bean: 6, leek: 10, kale: 1 }],
    ['input.phones[type != "office"]{type: number[]}', { home: ['0113 496 0000'], mobile: ['077 7700 1234'] }],
    ['(input.beds.{"bed": id, "kinds": plants.kind})[0]', { bed: 'b1', kinds: ['bean', 'leek'] }],
    ['input.beds@$b.$b.plants[kind="kale"].{"in": $b.id, "kind": kind}', { in: 'b2', kind: 'kale' }],
    ['input.phones#$i[type="mobile"].$i', 3],
    ['input.beds.plants.%.id', ['b1', 'b1', 'b2', 'b2']],
    ['$$.input.name', 'Allotment 7'],
  ],
  operators: [
    ['5 + 2 - 3 * 2 / 4', 5.5],
    ['7 % 3', 1],
    ['[1..5]', [1, 2, 3, 4, 5]],
    ['[1..3, 7..9]', [1, 2, 3, 7, 8, 9]],
    ['[1..3].("Item " & $)', ['Item 1', 'Item 2', 'Item 3']],
    ['"a" & 1 & true', 'a1true'],
    ['"b" in ["a", "b"]', true],
    ['"a" in "a"', true],
    ['"a" != "b" and 1 <= 1', true],
    ['1 = "1"', false],
    ['false or true', true],
    ['input.owner.city = "Leeds" ? "near" : "far"', 'near'],
    ['input.nothing ?: "else"', 'else'],
    ['0 ?: "else"', 'else'],
    ['0 ?? "else"', 0],
    ['input.nothing ?? "else"', 'else'],
    ['input.name ~> $uppercase() ~> $substringBefore(" ")', 'ALLOTMENT'],
    ['{"a": 1, "b": 2} ~> |$|{"c": a + b}, ["a"]|', { b: 2, c: 3 }],
  ],
  programming: [
    ['($x := 3; $y := $x * 2; $x + $y)', 9],
    ['($area := function($w, $h){ $w * $h }; $area(3, 4))', 12],
    ['($fact := function($n){ $n < 2 ? 1 : $n * $fact($n - 1) }; $fact(10))', 3_628_800],
    ['($first5 := $substring(?, 0, 5); $first5("Hello, World"))', 'Hello'],
    ['($twice := function($f){ function($x){ $f($f($x)) } }; $twice(λ($n){ $n * 3 })(2))', 18],
    ['($both := $trim ~> $uppercase; $both("  so  "))', 'SO'],
    ['$eval("[1, $string(2), 3]")', [1, '2', 3]],
    ['/* nothing */ 1', 1],
  ],
  'string functions': [
    ['$string(5)', '5'],
    ['[1..3].$string()', ['1', '2', '3']],
    ['$string({"a": [1]})', '{"a":[1]}'],
    ['$length("Hello World")', 11],
    ['$substring("Hello World", 3)', 'lo World'],
    ['$substring("Hello World", 3, 5)', 'lo Wo'],
    ['$substring("Hello World", -4)', 'orld'],
    ['$substring("Hello World", -4, 2)', 'or'],
    ['$substringBefore("Hello World", " ")', 'Hello'],
    ['$substringAfter("Hello World", " ")', 'World'],
    ['$uppercase("Hello") & $lowercase("World")', 'HELLOworld'],
    ['$trim("   Hello    \n World  ")', 'Hello World'],
    ['$pad("foo", 5)', 'foo  '],
    ['$pad("foo", -5)', '  foo'],
    ['$pad("foo", -5, "#")', '##foo'],
    ['$formatBase(35, 2) ~> $pad(-8, "0")', '00100011'],
    ['$contains("abracadabra", "bra")', true],
    ['$contains("Hello World", /wo/i)', true],
    ['$split("so many words", " ", 2)', ['so', 'many']],
    ['$split("too much, punctuation. hard; to read", /[ ,.;]+/)', ['too', 'much', 'punctuation', 'hard', 'to', 'read']],
    ['$join(["a", "b", "c"], "#")', 'a#b#c'],
    ['$match("ababbabbcc", /a(b+)/).groups', ['b', 'bb', 'bb']],
    ['$match("ababbabbcc", /a(b+)/)[1].index', 2],
    ['$replace("John Smith and John Jones", "John", "Mr", 1)', 'Mr Smith and John Jones'],
    ['$replace("abracadabra", /a.*?a/, "*")', '*c*bra'],
    ['$replace("John Smith", /(\\w+)\\s(\\w+)/, "$2, $1")', 'Smith, John'],
    ['$replace("265USD", /([0-9]+)USD/, "$$$1")', '$265'],
    ['$base64encode("user:pass")', 'dXNlcjpwYXNz'],
    ['$base64decode("dXNlcjpwYXNz")', 'user:pass'],
    ['$encodeUrlComponent("?x=test")', '%3Fx%3Dtest'],
    ['$encodeUrl("https://example.com/?x=шеллы")', 'https://example.com/?x=%D1%88%D0%B5%D0%BB%D0%BB%D1%8B'],
    ['$decodeUrl("https://example.com/?x=%D1%88%D0%B5%D0%BB%D0%BB%D1%8B")', 'https://example.com/?x=шеллы'],
    ['$decodeUrlComponent("%3Fx%3Dtest")', '?x=test'],
  ],
  'numeric functions': [
    ['$number("5")', 5],
    ['$number("0x12")', 18],
    ['[$abs(-5), $floor(5.3), $floor(-5.8), $ceil(5.3), $ceil(-5.3)]', [5, 5, -6, 6, -5]],
    ['[$round(123.456), $round(123.456, 2), $round(123.456, -1)]', [123, 123.46, 120]],
    ['[$round(11.5), $round(12.5), $round(125, -1)]', [12, 12, 120]],
    ['[$power(2, 8), $sqrt(4)]', [256, 2]],
    ['$random() >= 0 and $random() < 1', true],
    ['$formatNumber(12345.6, "#,###.00")', '12,345.60'],
    ['$formatNumber(1234.5678, "00.000e0")', '12.346e2'],
    ['$formatNumber(-34.555, "#0.00;(#0.00)")', '(34.56)'],
    ['$formatNumber(0.14, "01%")', '14%'],
    ['[$formatBase(100, 2), $formatBase(2555, 16)]', ['1100100', '9fb']],
    ['$formatInteger(2789, "w")', 'two thousand, seven hundred and eighty-nine'],
    ['$formatInteger(1999, "I")', 'MCMXCIX'],
    ['$parseInteger("twelve thousand, four hundred and seventy-six", "w")', 12_476],
    ['$parseInteger("12,345,678", "#,##0")', 12_345_678],
  ],
  'aggregation and booleans': [
    ['[$sum([5,1,3,7,4]), $max([5,1,3,7,4]), $min([5,1,3,7,4]), $average([5,1,3,7,4])]', [20, 7, 1, 4]],
    ['$count(input.phones)', 4],
    ['$count(input.nothing)', 0],
    ['$count("one")', 1],
    ['["", "x", 0, 1].$boolean()', [false, true, false, true]],
    ['$boolean([])', false],
    ['$boolean([0, 0])', false],
    ['$boolean([0, 1])', true],
    ['$boolean({})', false],
    ['$boolean({"a": 0})', true],
    ['$not(null)', true],
    ['[$exists(input.name), $exists(input.nothing)]', [true, false]],
  ],
  'array functions': [
    ['$append([1,2,3], [4,5])', [1, 2, 3, 4, 5]],
    ['$append("Hello", "World")', ['Hello', 'World']],
    ['$sort(["b", "c", "a"])', ['a', 'b', 'c']],
    ['$sort(input.beds.plants, function($l, $r){ $l.count > $r.count }).count', [1, 2, 4, 10]],
    ['[1..5] ~> $reverse()', [5, 4, 3, 2, 1]],
    ['$sort($shuffle([1..9]))', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['$distinct([1,2,3,3,4,3,5])', [1, 2, 3, 4, 5]],
    [
      '$zip([1,2,3], [4,5], [7,8,9])',
      [
        [1, 4, 7],
        [2, 5, 8],
      ],
    ],
    ['[[1,2],[3]].$', [1, 2, 3]],
    ['[[1], 2]', [[1], 2]],
  ],
  'object and higher-order functions': [
    ['$keys(input.owner)', ['first', 'last', 'city']],
    ['$lookup(input.owner, "city")', 'Leeds'],
    ['$clone({"a": [1]})', { a: [1] }],
    ['$assert(input.name = "Allotment 7", "another")', undefined],
    ['$spread({"a": 1, "b": 2})', [{ a: 1 }, { b: 2 }]],
    ['$merge([{"a": 1}, {"b": 2}, {"a": 3}])', { a: 3, b: 2 }],
    ['$each({"a": 1, "b": 2}, function($v, $k){ $k & "=" & $v })', ['a=1', 'b=2']],
    ['$sift({"a": 1, "b": 2}, function($v){ $v > 1 })', { b: 2 }],
    [
      '[$type(null), $type(1), $type("a"), $type([]), $type({}), $type(true)]',
      ['null', 'number', 'string', 'array', 'object', 'boolean'],
    ],
    ['$map([1..3], function($v, $i){ $v * 10 + $i })', [10, 21, 32]],
    ['$filter([1..6], function($v){ $v % 2 = 0 })', [2, 4, 6]],
    ['$single([1..6], function($v){ $v = 4 })', 4],
    ['$reduce([1..5], function($a, $b){ $a * $b })', 120],
    ['$reduce([1..5], function($a, $b){ $a + $b }, 100)', 115],
  ],
  'date and time functions': [
    ['$fromMillis(1510067557121)', '2017-11-07T15:12:37.121Z'],
    ['$fromMillis(1510067557121, "[M01]/[D01]/[Y0001] [h#1]:[m01][P]")', '11/07/2017 3:12pm'],
    ['$fromMillis(1510067557121, "[H01]:[m01]:[s01] [z]", "-0500")', '10:12:37 GMT-05:00'],
    ['$toMillis($now()) = $millis()', true],
    ['$toMillis("2017-11-07T15:07:54.972Z")', 1_510_067_274_972],
    [
      '$toMillis("11/07/2017", "[M01]/[D01]/[Y0001]") ~> $fromMillis("[FNn], [D1o] [MNn] [Y]")',
      'Tuesday, 7th November 2017',
    ],
  ],
}

describe.each(Object.entries(documented))('JSONata as documented: %s', (_, examples) => {
  it.each(examples)('%s', async (expression, result) => {
    expect(await run(expression)).toEqual(result)
  })
})

describe('JSONata as documented: what fails', () => {
  it.each([
    ['$error("no such bed")', /no such bed/],
    ['$assert(1 = 2, "not the same")', /not the same/],
    ['$number("five")', /Unable to cast/],
    ['$single([1..6], function($v){ $v > 4 })', /more than one|single/i],
    ['"a" + 1', /left side of the "\+" operator must evaluate to a number/],
    ['"a" < 1', /same data type|comparable|operator/],
    ['$sum(["a"])', /array of numbers|number/],
    ['input.name()', /non-function|not a function/],
    ['1 +', /end of expression/],
  ])('%s', async (expression, message) => {
    await expect(run(expression)).rejects.toThrow(message)
  })

  it('leaves out no function of the library', () => {
    const [source = ''] = Object.values(
      import.meta.glob<string>('../node_modules/jsonata/jsonata.js', { query: '?raw', import: 'default', eager: true }),
    )
    const functions = [...source.matchAll(/(?:staticFrame|environment)\.bind\('(\w+)', defineFunction/g)].map(
      ([, name]) => name,
    )
    expect(functions.length).toBeGreaterThan(60)
    const examples = JSON.stringify(documented) + '$error('
    expect(functions.filter((name) => !new RegExp(`\\$${name}\\b`).test(examples))).toEqual([])
  })
})

describe('JSONata within its limits', () => {
  it.each([
    ['a recursion without an end', '($f := function($n){ 1 + $f($n + 1) }; $f(0))'],
    ['a tail recursion without an end', '($f := function($n){ $f($n + 1) }; $f(0))'],
    ['two functions that call each other', '($a := function($n){ $b($n) }; $b := function($n){ $a($n) }; $a(1))'],
    ['a sequence that is too long', '$count([1..1000000])'],
    ['a range of ten billion', '[1..10000000000]'],
    ['a product of long sequences', '$sum([1..1000].([1..1000].([1..1000])))'],
    [
      'a text that doubles itself',
      '($d := function($s, $n){ $n = 0 ? $s : $d($s & $s, $n - 1) }; $d("xxxxxxxxxx", 40))',
    ],
    ['padding without measure', '$pad("x", 1000000000)'],
  ])(
    '%s is stopped',
    async (_, expression) => {
      await expect(run(expression)).rejects.toThrow(ExpressionError)
    },
    15_000,
  )

  it('a message of an expression is no way to store much', async () => {
    const error = await run('$error($join([1..50000].("xxxxxxxxxx")))').catch((caught: unknown) => caught)
    expect(String(error).length).toBeLessThan(5000)
  })

  it('an expression of more than 10,000 characters is refused', async () => {
    await expect(run(`"${'x'.repeat(10_001)}"`)).rejects.toThrow(ExpressionError)
  })

  it.each(['process', 'globalThis', 'fetch', 'env', 'require', 'Function', '$process', '$globalThis', '$fetch'])(
    'knows nothing of %s',
    async (name) => expect(await run(name)).toBeUndefined(),
  )

  it.each([
    'input.constructor',
    'input.__proto__',
    'input.owner.first.constructor',
    'input.phones.constructor',
    'input.toString',
    '$lookup(input, "constructor")',
    '$lookup(input, "__proto__")',
    '$string.constructor',
    '(function(){1}).constructor',
    'input.phones.concat',
  ])('%s is nothing', async (expression) => {
    expect(await run(expression).catch(() => undefined)).toBeUndefined()
  })

  it.each([
    '{"__proto__": {"polluted": true}}',
    '$merge([{}, {"__proto__": {"polluted": true}}])',
    '{"constructor": {"prototype": {"polluted": true}}}',
    'input ~> |$|{"__proto__": {"polluted": true}}|',
    '$map(["__proto__"], function($k){ {$k: {"polluted": true}} })',
    '["__proto__"]{$: {"polluted": true}}',
    '$eval("{\\"__proto__\\": {\\"polluted\\": true}}")',
  ])('%s changes no object but its own', async (expression) => {
    const value = await run(expression).catch(() => ({}))
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect(Reflect.get([], 'polluted')).toBeUndefined()
    expect(Object.getPrototypeOf(Object(value))).toSatisfy(
      (proto) => proto === Object.prototype || proto === Array.prototype,
    )
  })

  it('cannot change what it reads', async () => {
    const before = JSON.stringify(garden)
    await run('input ~> |$|{"name": "changed"}, ["owner"]|')
    await run('$sort(input.phones, function($a, $b){ $a.number < $b.number })')
    expect(JSON.stringify(garden)).toBe(before)
  })

  it('gives JSON and nothing else', async () => {
    expect(await run('$string')).toBeUndefined()
    expect(await run('[function(){1}, 1]')).toEqual([null, 1])
    expect(await run('{"f": function($x){ $x }, "a": $uppercase("b")}')).toEqual({ a: 'B' })
    expect(await run('$substring(?, 0, 5)')).toBeUndefined()
  })
})
