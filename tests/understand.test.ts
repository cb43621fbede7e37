import { describe, expect, it } from 'vitest'
import { stem } from '../src/lib/stem.ts'
import type { Clause } from '../src/planner/understand/clause.ts'
import { understand } from '../src/planner/understand/understand.ts'

const clausesOf = (message: string) => understand(message).map(({ text }) => text)

/** The first clause of a message. */
function first(message: string): Clause {
  const [clause] = understand(message)
  if (!clause) throw new Error('nothing was understood')
  return clause
}

/** The entities of a message in short: `kind value`. */
const entitiesOf = (message: string) =>
  understand(message).flatMap(({ entities }) => entities.map(({ kind, value }) => `${kind} ${value}`))

describe('a message is cut into clauses', () => {
  it.each([
    ['show orders', ['show orders']],
    ['Show orders. Cancel the first.', ['Show orders', 'Cancel the first']],
    ['Show orders! Cancel the first?', ['Show orders', 'Cancel the first']],
    ['show orders; cancel the first', ['show orders', 'cancel the first']],
    ['show orders then cancel the first', ['show orders', 'cancel the first']],
    ['show orders, then cancel the first', ['show orders', 'cancel the first']],
    ['show orders and then cancel the first', ['show orders', 'cancel the first']],
    ['show orders, after that cancel the first', ['show orders', 'cancel the first']],
    ['show orders and cancel the first', ['show orders', 'cancel the first']],
    ['show orders AND Cancel the first', ['show orders', 'Cancel the first']],
    ['find Ada, cancel order 5, and refund it', ['find Ada', 'cancel order 5', 'refund it']],
    ['find Ada and show her orders then cancel the last', ['find Ada', 'show her orders', 'cancel the last']],
    [
      'Show the orders of Acme Inc. since May. Cancel the first',
      ['Show the orders of Acme Inc. since May', 'Cancel the first'],
    ],
    ['Show the orders of Acme Inc. Cancel the first', ['Show the orders of Acme Inc', 'Cancel the first']],
  ])('at its ends, at “then”, and at “and” before a verb: %j', (message, clauses) => {
    expect(clausesOf(message)).toEqual(clauses)
  })

  it.each([
    'show customers and orders',
    'show the roads between New Haven and New York',
    "find the book with the title 'Ulysses' and release year '1922'",
    "find the book with the title 'Ulysses' and release_year 1922",
    'create a customer with name Ada and city London',
    'refund 12.50 euros of order ord_3001',
    'show products at v1.2.3',
    'show what the brand wants',
    'mail ada@example.com',
    'send "first show, then cancel. And delete it!" to Ada',
    'send “first show, then cancel it” to Ada',
    'create a note "a; b" and "then pay 5 euros"',
  ])('and nowhere else: %s', (message) => {
    expect(understand(message)).toHaveLength(1)
  })

  it('keeps what stands in quotes as it is written, in its place', () => {
    expect(clausesOf('send "a, then b" to Ada then send "c and show d" to Bob')).toEqual([
      'send "a, then b" to Ada',
      'send "c and show d" to Bob',
    ])
  })

  it.each([
    [
      'Check the balance. It involves creating a consent, reading its status, and deleting the consent.',
      ['Check the balance', 'creating a consent', 'reading its status', 'deleting the consent'],
    ],
    ['Creates an order. It also allows for cancelling the order.', ['Creates an order', 'cancelling the order']],
  ])('and in what a process consists of, each part asked for: %j', (message, clauses) => {
    expect(understand(message).map(({ text, aside }) => [text, aside])).toEqual(clauses.map((text) => [text, false]))
  })

  it.each([
    'Show the orders, useful for creating invoices.',
    'Show the orders. Useful for creating invoices.',
    'Show the orders, which is essential for creating invoices.',
  ])('without what the answer is good for: %s', (message) => {
    expect(clausesOf(message)).toEqual(['Show the orders'])
  })

  it('takes participles behind a request for comments', () => {
    expect(understand('Updates the order, sending a note').map(({ aside }) => aside)).toEqual([false, true])
  })

  it('keeps a list that has commas together', () => {
    expect(understand('list customers, products and orders')).toHaveLength(1)
  })

  it.each(['', '   ', '...', '?!', '"', '\u0000\u0007', '🎉'])('finds nothing to do in %j', (message) => {
    expect(understand(message)).toEqual([])
  })

  it('goes no further than fourteen clauses', () => {
    expect(understand('show orders. '.repeat(50))).toHaveLength(14)
  })
})

it('cuts at the end of a line, too', () => {
  expect(clausesOf('Show orders\nCancel order 5')).toEqual(['Show orders', 'Cancel order 5'])
})

describe('the entities of a message', () => {
  it.each([
    ['find "late orders"', ['quoted late orders']],
    ['find “late orders”', ['quoted late orders']],
    ['find ada.lovelace+x@mail.example.com', ['email ada.lovelace+x@mail.example.com']],
    ['fetch https://example.com/a?b=c now', ['url https://example.com/a?b=c']],
    ['show order ord_3001', ['id ord_3001']],
    ['show order ABC-123', ['id ABC-123']],
    ['show order #42', ['id 42']],
    ['show orders since 2026-01-31', ['date 2026-01-31']],
    ['show orders since 2026-01-31T10:00:00Z', ['date 2026-01-31T10:00:00Z']],
    ['show order 12', ['number 12']],
    ['refund 1,000 euros', ['number 1000']],
    ['refund $1,234.50', ['number 1234.5']],
    ['pay 1.000,00 €', ['number 1000']],
    ['pay 1.000 euros', ['number 1000']],
    ['add 1,000,000 dollars', ['number 1000000']],
    ['pay 12,50 €', ['number 12.5']],
    ['send Ada $5 London', ['name Ada', 'number 5', 'name London']],
    ['give Ada ord_3001 Grace', ['name Ada', 'id ord_3001', 'name Grace']],
    ['show order 12.', ['number 12']],
    ['set the level to -5', ['number -5']],
    ['set the level to 1.5', ['number 1.5']],
    ['set the level to 1,5', ['number 1.5']],
    ['show two orders', ['number 2']],
    ['find Ada Lovelace', ['name Ada Lovelace']],
    ['Find Ada Lovelace', ['name Ada Lovelace']],
    ['find Ludwig van Beethoven', ['name Ludwig van Beethoven']],
    ['find Zoë Ångström-Łódź', ['name Zoë Ångström-Łódź']],
    ['find the Bank of America', ['name Bank of America']],
    ["show Ada's orders", ['name Ada']],
    // A name of two words may end with a number; one word and a number, or a thing by its number, is none.
    ['who directed Toy Story 3?', ['name Toy Story 3']],
    ['find Blade Runner 2049 by name', ['name Blade Runner 2049']],
    ['Show Order 5', ['name Order', 'number 5']],
    ['show Customer Order 15', ['name Customer Order', 'number 15']],
    ['give Grace Hopper 100 points', ['name Grace Hopper', 'number 100']],
    ['Show me the late orders', []],
    ['cancel order 5 because it came late', ['number 5', 'remark it came late']],
    ['cancel order 5 with the reason broken glass', ['number 5', 'remark broken glass']],
    ['refund 5 euros of ord_1 to Ada, ada@example.com', ['number 5', 'id ord_1', 'name Ada', 'email ada@example.com']],
  ])('are found in %j: %j', (message, entities) => {
    expect(entitiesOf(message)).toEqual(entities)
  })

  it.each([
    ['refund $20', 20],
    ['refund 20 dollars', 20],
    ['refund 12.50 EUR', 12.5],
    ['refund 12,50 €', 12.5],
    ['refund £3', 3],
    ['refund 1 euro', 1],
  ])('are known as money: %j', (message, value) => {
    expect(first(message).entities).toMatchObject([{ kind: 'number', value, money: true }])
  })

  it.each(['show 20 orders', 'show 20 eurostars', 'order 5 of prd_2002'])('are not money in %j', (message) => {
    expect(first(message).entities.some(({ money }) => money)).toBe(false)
  })

  it('carry the words around them', () => {
    const [name, city] = first('create a customer named Ada living in London right now please').entities
    expect(name).toMatchObject({ value: 'Ada', before: ['create', 'a', 'customer', 'named'], after: ['living', 'in'] })
    expect(city).toMatchObject({ value: 'London', before: ['named', 'ada', 'living', 'in'], after: ['right', 'now'] })
  })
})

describe('a clause', () => {
  it.each([
    ['show orders', 'read'],
    ['what did Ada order', 'read'],
    ['how many refunds are there', 'read'],
    ['orders of Ada', 'read'],
    ['create an order', 'create'],
    ['please place an order', 'create'],
    ['can you cancel it', 'update'],
    ['delete the customer', 'delete'],
    ['refund the order', 'pay'],
    ['charge Ada 5 euros', 'pay'],
    ['email Ada', 'message'],
    ['Notify Ada', 'message'],
  ])('%j asks to %s', (message, effect) => {
    expect(first(message).effect).toBe(effect)
  })

  it.each([
    ['show the late orders of Ada', 'orders'],
    ['the price of each product', 'price'],
    ['cancel it', null],
    ['refund order 5', 'order'],
    ['list all customers', 'customers'],
    ["show Ada's orders", 'order'],
  ])('%j is about %j', (message, noun) => {
    expect(first(message).head).toBe(noun === null ? null : stem(noun))
  })

  it.each([
    ['refund order 5', 'refund'],
    ['cancel order 5', 'cancel'],
    ['show order 5', null],
    ['create an order', null],
    ['what is the charge', null],
  ])('%j has the verb %j', (message, verb) => {
    expect(first(message).verb).toBe(verb === null ? null : stem(verb))
  })

  it.each([
    ['show the first order', 1],
    ['show the first 3 orders', 3],
    ['show the top five products', 5],
    ['show the cheapest product', 1],
    ['show the cheapest products', null],
    ['show the latest order', 1],
    ['show orders', null],
  ])('%j asks for %j', (message, limit) => {
    expect(first(message).limit).toBe(limit)
  })

  it.each([
    ['show the newest orders', ['created', 'date', 'time', 'updated'], true],
    ['show the oldest order', ['created', 'date', 'time', 'updated'], false],
    ['show the cheapest product', ['price', 'cost', 'amount', 'total'], false],
    ['show the most expensive product', ['price', 'cost', 'amount', 'total'], true],
    ['show the least expensive product', ['price', 'cost', 'amount', 'total'], false],
    ['show orders with the highest total', ['total'], true],
  ])('%j is ordered by %j, descending: %j', (message, by, descending) => {
    expect(first(message).order).toEqual({ by, descending })
  })

  it('knows whether it points back and whether it counts', () => {
    expect([first('show her orders').refersBack, first('show the orders').refersBack]).toEqual([true, false])
    expect([first('how many orders are there').counts, first('show orders').counts]).toEqual([true, false])
  })

  it('keeps no entity, function word or general verb among its terms', () => {
    const { terms, content } = first('Show me the late orders of Ada Lovelace in London for 5 euros')
    expect(content).toEqual(['late', 'orders'])
    expect(terms).toEqual([stem('late'), stem('orders')])
  })
})

it('compares words by their stem, whatever their number', () => {
  expect([stem('orders'), stem('categories'), stem('refunding')]).toEqual([
    stem('order'),
    stem('category'),
    stem('refund'),
  ])
})
