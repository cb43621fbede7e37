import { describe, expect, it } from 'vitest'
import type { ExpressionScope } from '../src/steps/expression-moment.ts'
import { evaluate, ExpressionError, hasExpression, referencesOf } from '../src/steps/expressions.ts'

const scope: ExpressionScope = {
  input: { n: 3, name: 'Ada', empty: '', none: null, flag: false },
  steps: {
    ada: { status: 200, headers: { etag: 'x' }, body: { id: 'c1' } },
    orders: {
      status: 200,
      body: {
        items: [
          { id: 1, customer: 'c1', total: 10 },
          { id: 2, customer: 'c2', total: 5 },
          { id: 3, customer: 'c1', total: 7 },
        ],
        only: [{ id: 9 }],
        nothing: [],
      },
    },
  },
  run: { id: 'run_1', startedAt: '2026-01-01T00:00:00.000Z' },
}

describe('a string that is one expression', () => {
  it.each([
    ['{{ input.n }}', 3],
    ['{{input.n}}', 3],
    ['{{\n  input.n + 1\n}}', 4],
    ['{{ input.name & "!" }}', 'Ada!'],
    ['{{ input.flag }}', false],
    ['{{ input.none }}', null],
    ['{{ input.empty }}', ''],
    ['{{ steps.ada.body }}', { id: 'c1' }],
    ['{{ steps.orders.body.items.id }}', [1, 2, 3]],
    ['{{ steps.orders.body.only.id }}', 9],
    ['{{ steps.orders.body.items[customer = $$.steps.ada.body.id].total }}', [10, 7]],
    ['{{ $sum(steps.orders.body.items.total) }}', 22],
    ['{{ steps.orders.body.nothing }}', []],
    ['{{ run.id }}', 'run_1'],
    ['{{ [1..3] }}', [1, 2, 3]],
    ['{{ {"a": {"b": input.n}} }}', { a: { b: 3 } }],
    ['{{{"a": {"b": {}}}}}', { a: { b: {} } }],
    ['{{ "}}" }}', '}}'],
  ])('gives %s with its type: %j', async (template, value) => {
    expect(await evaluate(template, scope)).toEqual(value)
  })

  it.each(['{{ input.missing }}', '{{ steps.unknown.body.id }}', '{{ steps.orders.body.items[id = 99] }}'])(
    'gives nothing for %s',
    async (template) => {
      expect(await evaluate(template, scope)).toBeUndefined()
    },
  )

  it.each(['steps.constructor', 'steps.__proto__', 'input.name.constructor', 'input.toString'])(
    'gives nothing of what lies behind the data: %s',
    async (path) => {
      expect(await evaluate(`{{ ${path} }}`, scope)).toBeUndefined()
    },
  )

  it('gives plain JSON of its own, which may be changed without changing the scope', async () => {
    const rows = [{ id: 1 }, { id: 2 }]
    const copy = await evaluate('{{ steps.rows[id > 0] }}', { ...scope, steps: { rows } })
    expect(Object.getOwnPropertyNames(copy)).toEqual(['0', '1', 'length'])
    expect(copy).toEqual(rows)
    expect(Object.is(Object.values(Object(copy))[0], rows[0])).toBe(false)
  })
})

describe('a string with more than one expression in it', () => {
  it.each([
    ['Hello {{ input.name }}!', 'Hello Ada!'],
    ['{{ input.name }} has {{ $count(steps.orders.body.items) }}', 'Ada has 3'],
    ['{{ input.n }}{{ input.n }}', '33'],
    [' {{ input.n }}', ' 3'],
    ['[{{ input.missing }}|{{ input.none }}|{{ input.flag }}]', '[||false]'],
    ['{{ steps.ada.body }} and {{ [1, 2] }}', '{"id":"c1"} and [1,2]'],
    ['}} {{ 1 }} {', '}} 1 {'],
    ['x{{ {"a": {"b": 1}} }}y', 'x{"a":{"b":1}}y'],
    ['{{ {"a": 1}.a }}}}', '1}}'],
  ])('joins %s as text: %s', async (template, text) => {
    expect(await evaluate(template, scope)).toBe(text)
  })
})

describe('a template', () => {
  it('is filled at any depth, and what holds no expression stays as it is', async () => {
    const template = {
      a: ['{{ input.n }}', { b: 'n={{ input.n }}' }],
      c: 'plain',
      d: 5,
      e: null,
      f: true,
      '{{ g }}': 1,
    }
    expect(await evaluate(template, scope)).toEqual({
      a: [3, { b: 'n=3' }],
      c: 'plain',
      d: 5,
      e: null,
      f: true,
      '{{ g }}': 1,
    })
  })

  it('leaves out of objects what is missing and keeps its place in lists', async () => {
    const template = { gone: '{{ input.missing }}', none: '{{ input.none }}', list: ['{{ input.missing }}', 1] }
    expect(await evaluate(template, scope)).toEqual({ none: null, list: [null, 1] })
  })

  it('gives the same whether it is read path by path or any of it takes JSONata', async () => {
    const template = {
      n: '{{ input.n }}',
      text: '{{ input.name }}: {{ steps.ada.body }}',
      gone: ['{{ input.missing }}'],
    }
    const value = { n: 3, text: 'Ada: {"id":"c1"}', gone: [null] }
    expect(await evaluate(template, scope)).toEqual(value)
    expect(await evaluate({ ...template, more: '{{ 1 + 1 }}' }, scope)).toEqual({ ...value, more: 2 })
  })

  it('keeps a field of any name a field', async () => {
    const filled = await evaluate(JSON.parse('{"__proto__": {"n": "{{ input.n }}"}, "a": 1}'), scope)
    expect(JSON.stringify(filled)).toBe('{"__proto__":{"n":3},"a":1}')
    expect(Object.getPrototypeOf(filled)).toBe(Object.prototype)
  })

  it('is known to hold an expression', () => {
    expect([hasExpression({ a: [{ b: 'x {{ 1 }}' }] }), hasExpression({ a: ['x', 1, null] })]).toEqual([true, false])
  })
})

describe('an expression that is wrong', () => {
  it.each([
    ['{{ $sum( }}', '$sum('],
    ['text {{ 1 + }} more', '1 +'],
    ['{{ input.n', 'closing }} is missing'],
    ['{{ }}', 'end of expression'],
    ['{{ $error("too late") }}', 'too late'],
    ['{{ $nope(1) }}', '$nope(1)'],
    ['{{ input.name + 1 }}', 'input.name + 1'],
    ['{{ ($f := function($x){ 1 + $f($x) }; $f(1)) }}', '$f(1)'],
  ])('fails, and the message names it: %s', async (template, part) => {
    const error: unknown = await evaluate({ deep: [template] }, scope).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ExpressionError)
    expect(String(error)).toContain(part)
  })

  it('is given up soon when it is very long, and shown in part', () => {
    const attack = `{{(${'1;'.repeat(3000)}${'}}'.repeat(3000)}`
    expect(() => referencesOf(attack)).toThrow(ExpressionError)
    expect(() => referencesOf(attack)).toThrow(/^.{0,400}$/s)
  })

  it('is noticed before anything runs', () => {
    expect(() => referencesOf({ a: '{{ $sum( }}' })).toThrow(ExpressionError)
  })
})

describe('referencesOf', () => {
  it.each([
    ['steps.orders.body.items', ['steps.orders.body.items']],
    ['input.name', ['input.name']],
    ['$$.steps.ada.body', ['steps.ada.body']],
    ['`steps`.`ada`', ['steps.ada']],
    ['steps.orders.body.items[0].id', ['steps.orders.body.items.id']],
    ['steps.orders.body.items[customer = $$.steps.ada.body.id]', ['steps.orders.body.items', 'steps.ada.body.id']],
    ['steps.orders.body.items^(>$$.input.field)', ['steps.orders.body.items', 'input.field']],
    ['steps.orders.body.{"x": $$.steps.ada.body.id}', ['steps.orders.body', 'steps.ada.body.id']],
    ['steps.orders.body.items{customer: $sum(total)}', ['steps.orders.body.items']],
    [
      '$map(steps.orders.body.items, function($i){ $i.id = steps.ada.body.id })',
      ['steps.orders.body.items', 'steps.ada.body.id'],
    ],
    ['input.a ? steps.b.body : steps.c.body', ['input.a', 'steps.b.body', 'steps.c.body']],
    ['steps.orders.body ~> $count', ['steps.orders.body']],
    ['(steps.orders).body', ['steps.orders']],
    ['-steps.n.body', ['steps.n.body']],
    ['["a", {"k": steps.b.status}]', ['steps.b.status']],
    ['items.steps.orders', []],
    ['"steps.orders"', []],
    ['$now()', []],
  ])('finds in %s: %j', (expression, paths) => {
    const found = referencesOf(`{{ ${expression} }}`).map((path) => path.join('.'))
    expect(found.toSorted()).toEqual([...paths].sort())
  })

  it('finds what is anywhere in a template', () => {
    const template = { a: ['{{ steps.a.body }} and {{ steps.b.body }}'], b: { c: '{{ input.c }}' }, d: 'steps.d' }
    expect(referencesOf(template).map((path) => path.join('.'))).toEqual(['steps.a.body', 'steps.b.body', 'input.c'])
  })
})
