import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../src/catalog/service.ts'
import { slotsOf } from '../src/links/slots.ts'
import { mend } from '../src/planner/answer/mend.ts'
import { fillFromResults } from '../src/planner/assemble/results.ts'
import { fillFromContext } from '../src/planner/fill/fill.ts'
import type { PlannedCall } from '../src/planner/plan/planned-call.ts'
import { readComments, understand } from '../src/planner/understand/understand.ts'
import type { Operation } from '../src/specs/operation.ts'
import { integer, number, operation, parameter, text } from './operations.ts'

const asEndpoint = (of: Operation) => ({ ...of, id: of.path, connectionId: 'con_1' }) as Endpoint
const called = (of: Operation): PlannedCall => ({ endpoint: asEndpoint(of), bindings: [] })

const exchange = operation('POST /exchange', { answer: { exchanged_amount: number, fee: number } })
const poem = operation('GET /poem', { answer: { verses: text } })
const visit = operation('POST /visits', { answer: { visit_id: text, open: { type: 'boolean' } } })
const square = operation('POST /square', { body: { number }, required: ['number'] })
const ratio = operation('POST /ratios', { body: { first: number, second: number }, required: ['first', 'second'] })
const post = operation('POST /letters', {
  body: { address: text, message: text, pages: integer },
  required: ['address', 'message'],
})

/** What the last clause of a message takes from the answers of earlier calls, by the name of the slot. */
function taken(of: Operation, message: string, ...earlier: Operation[]): Record<string, string> {
  const clause = understand(message).at(-1)
  if (!clause) return {}
  const found = fillFromResults(of, clause, slotsOf(of), earlier.map(called))
  return Object.fromEntries(
    found.map(({ slot, source }) => [
      slot.name,
      source.kind === 'step' ? `${source.step} ${source.path}${source.asText ? ' as text' : ''}` : source.kind,
    ]),
  )
}

describe('what a clause takes from earlier answers', () => {
  it.each([
    [
      'a field that it names',
      square,
      'Exchange 5 dollars, then make the square of the exchanged amount',
      [exchange, poem],
      { number: '0 body.exchanged_amount' },
    ],
    ['“it”, from the call before', post, 'Get a poem. Post it', [exchange, poem], { message: '1 body.verses' }],
    [
      'a number where text is taken',
      post,
      'Exchange 5 dollars and then post the fee as the message',
      [exchange],
      { message: '0 body.fee as text' },
    ],
    [
      'each field once',
      ratio,
      'Exchange 5 dollars. Make the ratio of the exchanged amount and the fee',
      [exchange],
      { first: '0 body.exchanged_amount', second: '0 body.fee' },
    ],
    [
      'a field that it names in full, although the call itself is called by one of the words',
      operation('POST /fee_check', { body: { amount: number }, required: ['amount'] }),
      'Exchange 5 dollars. Make the fee check on the monthly fee',
      [operation('POST /exchange', { answer: { monthly_fee: number, yearly_fee: number } })],
      { amount: '0 body.monthly_fee' },
    ],
    ['an id that it names', post, 'Plan a visit. Post the visit id', [visit], { message: '0 body.visit_id' }],
  ])('%s', (_, of, message, earlier, expected) => {
    expect(taken(of, message, ...earlier)).toEqual(expected)
  })

  it.each([
    ['nothing is pointed at', square, 'Get a poem. Make a square of 5', [exchange]],
    ['the type is another', square, 'Get a poem. Make the square of the verses', [poem]],
    ['what is pointed at is what it makes itself', square, 'Make the square', [square, exchange]],
    ['“it” could be either of two', square, 'Exchange 5 dollars. Make the square of it', [exchange]],
    ['there is no earlier call', post, 'Post it', []],
  ])('takes nothing where %s', (_, of, message, earlier) => {
    expect(taken(of, message, ...earlier)).toEqual({})
  })
})

describe('what sentences around a request say', () => {
  const values = (of: Operation, message: string) => {
    const context = understand(message)
    return Object.fromEntries(fillFromContext(of, slotsOf(of), context).map(({ slot, value }) => [slot.name, value]))
  }

  it('fills what it names clearly, and nothing else', () => {
    expect(values(post, 'The address is "Main Street 5". I saw Rosie there')).toEqual({ address: 'Main Street 5' })
    expect(values(post, 'My aunt Rosie lives in Porto')).toEqual({})
  })
})

describe('sentences that ask for nothing', () => {
  it('are read for what they say, and planned by nobody', () => {
    const message = 'It is raining in Porto. Show me the weather.'
    expect(understand(message).map(({ text }) => text)).toEqual(['Show me the weather'])
    const forecast = operation('GET /weather', { parameters: [parameter('city', text, 'query', true)] })
    const found = fillFromContext(forecast, slotsOf(forecast), readComments(message, null))
    expect(found.map(({ slot, value }) => [slot.name, value])).toEqual([['city', 'Porto']])
  })
})

describe('mending what the check finds', () => {
  const order = operation('POST /orders', {
    body: {
      discounts: { type: 'array', items: { type: 'object', properties: { kind: text, value: number } } },
      note: text,
    },
    required: ['discounts'],
  })
  const slots = slotsOf(order)
  const note = slots.find(({ name }) => name === 'note')
  const kind = slots.find(({ name }) => name === 'kind')
  const literal = (value: string) => ({ kind: 'literal' as const, value })

  it('asks for what has to be there and is not, as a whole', () => {
    const calls = [{ ...called(order), bindings: note ? [{ slot: note, source: literal('soon') }] : [] }]
    const [mended] = mend(calls, '/steps/0/body/discounts') ?? []
    expect(mended?.bindings.map(({ slot, source }) => [slot.path, source.kind])).toEqual([
      [['note'], 'literal'],
      [['discounts'], 'input'],
    ])
  })

  it('drops a wrong value that need not be there, and asks for it where it does', () => {
    const calls = [{ ...called(order), bindings: kind ? [{ slot: kind, source: literal('big') }] : [] }]
    const dropped = mend(calls, '/steps/0/body/discounts/0/kind')
    expect(dropped?.[0]?.bindings).toEqual([])
    expect(mend(dropped ?? [], '/steps/0/body/discounts')?.[0]?.bindings).toMatchObject([{ source: { kind: 'input' } }])
  })

  it('knows when there is no such place', () => {
    expect(mend([called(order)], '/steps/0/body/nowhere')).toBeNull()
    expect(mend([called(order)], '/steps/7/body/note')).toBeNull()
  })
})
