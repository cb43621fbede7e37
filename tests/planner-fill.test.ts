import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillFromClause } from '../src/planner/fill/fill.ts'
import { readEntities } from '../src/planner/understand/entities.ts'
import { understand } from '../src/planner/understand/understand.ts'
import { filled, flag, integer, number, operation, parameter, text, texts } from './operations.ts'

function never(): never {
  throw new Error('there is no clause')
}

function hasType(type: unknown, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value)
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}

const salary = operation('POST /payslips', {
  body: { base_salary: number, allowance: number, tax_rate: number },
  required: ['base_salary', 'allowance'],
})
const trip = operation('GET /trips/route', {
  parameters: [parameter('origin', text, 'query', true), parameter('destination', text, 'query', true)],
})
const board = operation('POST /boards', {
  body: { boardName: text, rowCount: integer, columnCount: integer, labels: texts, includeArchived: flag },
  required: ['boardName'],
})
const exchange = operation('GET /exchange', {
  parameters: [
    parameter('amount', number, 'query', true),
    { ...parameter('from', text, 'query', true), description: 'Currency to exchange' },
    { ...parameter('to', text, 'query', true), description: 'Currency to receive' },
  ],
})
const machine = operation('GET /machines/{machineId}/cells', {
  parameters: [
    parameter('machineId', text, 'path', true),
    parameter('ipAddress', text),
    parameter('phoneNumber', text),
    parameter('cells', texts),
    parameter('durationSeconds', integer),
  ],
})
const visit = operation('POST /visits', {
  body: { startDate: { type: 'string', format: 'date' }, endDate: { type: 'string', format: 'date' }, startTime: text },
  required: ['startDate', 'endDate'],
})
const translation = operation('POST /texts', {
  body: { text, targetLanguage: text, language_code: { type: 'string', maxLength: 2 } },
  required: ['text', 'targetLanguage'],
})
const ratio = operation('POST /ratios', { body: { first: number, second: number }, required: ['first', 'second'] })

describe('what a message says of an operation’s slots', () => {
  it.each([
    [
      'values beside their names',
      salary,
      'Make a payslip for a base salary of 1,000 and an allowance of 50',
      { base_salary: 1000, allowance: 50 },
    ],
    [
      'names behind their values',
      salary,
      'Make a payslip with 900 base salary and 40 allowance',
      { base_salary: 900, allowance: 40 },
    ],
    [
      'a share in percent',
      salary,
      'Make a payslip: base salary 10, allowance 5, tax rate 7%',
      { base_salary: 10, allowance: 5, tax_rate: 7 },
    ],
    [
      'where something begins and ends',
      trip,
      'Find the route from Porto to Faro',
      { origin: 'Porto', destination: 'Faro' },
    ],
    [
      'the two ends of “between”',
      trip,
      'Find the route between Porto and Faro',
      { origin: 'Porto', destination: 'Faro' },
    ],
    [
      'counts of things',
      board,
      "Create a board named 'Plan' with 3 rows and 4 columns",
      { boardName: 'Plan', rowCount: 3, columnCount: 4 },
    ],
    [
      'a list',
      board,
      'Create a board named "Plan" with labels "red", "green", and "blue"',
      { boardName: 'Plan', labels: ['red', 'green', 'blue'] },
    ],
    [
      'a flag by what it includes',
      board,
      "Create a board named 'Plan', archived ones too",
      { boardName: 'Plan', includeArchived: true },
    ],
    ['money in two currencies', exchange, 'Exchange 100 USD to EUR', { amount: 100, from: 'USD', to: 'EUR' }],
    [
      'an id that is said to be one',
      machine,
      'Show the cells of the machine with ID "left-arm"',
      { machineId: 'left-arm' },
    ],
    [
      'an address by its making',
      machine,
      'Show cells of machine m1 at 10.1.2.3',
      { machineId: 'm1', ipAddress: '10.1.2.3' },
    ],
    [
      'a telephone number',
      machine,
      'Show cells of machine m1 with the phone number 555-123-4567',
      { machineId: 'm1', phoneNumber: '555-123-4567' },
    ],
    ['ranges', machine, 'Show cells A1:B2 and C3:D4 of machine m1', { machineId: 'm1', cells: ['A1:B2', 'C3:D4'] }],
    [
      'a span of time',
      machine,
      'Watch the cells of machine m1 for 10 seconds',
      { machineId: 'm1', durationSeconds: 10 },
    ],
    [
      'dates in words',
      visit,
      'Plan a visit from March 3rd, 2027 to the 5th of April 2027',
      { startDate: '2027-03-03', endDate: '2027-04-05' },
    ],
    [
      'a time of day',
      visit,
      'Plan a visit from 2027-03-03 to 2027-03-04 with the start time 4:30 PM',
      { startDate: '2027-03-03', endDate: '2027-03-04', startTime: '16:30' },
    ],
    [
      'a language by its name',
      translation,
      'Translate "good day" into Finnish',
      { text: 'good day', targetLanguage: 'Finnish' },
    ],
    ['what nothing names, in its order', ratio, 'Make the ratio of 120 and 180', { first: 120, second: 180 }],
  ])('%s', (_, of, message, values) => {
    expect(filled(of, message)).toMatchObject(values)
  })

  it.each([
    ['today and 3 days from now', '2027-02-28', '2027-03-03'],
    ['yesterday or tomorrow', '2027-02-27', '2027-03-01'],
    ['2 weeks ago, in a month', '2027-02-14', '2027-03-28'],
    ['next Monday and last Sunday', '2027-03-01', '2027-02-21'],
    ['March 1 or 27 February', '2027-03-01', '2028-02-27'],
  ])('counts days from where somebody is: %s', (message, ...dates) => {
    // In Tokyo it is the 28th already, a Sunday.
    const now = { at: Date.UTC(2027, 1, 27, 18), timeZone: 'Asia/Tokyo' }
    const read = readEntities(message, now).entities.filter(({ kind }) => kind === 'date')
    expect(read.map(({ value }) => value)).toEqual(dates)
  })

  it('reads a time of day on the clocks of who asks, as they stand on that day', () => {
    const moment = { type: 'string', format: 'date-time' }
    const meeting = operation('POST /meetings', { body: { start: moment }, required: ['start'] })
    const start = (message: string, timeZone: string) =>
      filled(meeting, message, { at: Date.UTC(2027, 2, 27, 12), timeZone })['start']
    expect(start('Plan a meeting tomorrow at 9am', 'UTC')).toBe('2027-03-28T09:00:00Z')
    // Clocks go forward in Berlin that night, and India is half an hour off.
    expect(start('Plan a meeting today at 9am', 'Europe/Berlin')).toBe('2027-03-27T09:00:00+01:00')
    expect(start('Plan a meeting tomorrow at 9am', 'Europe/Berlin')).toBe('2027-03-28T09:00:00+02:00')
    expect(start('Plan a meeting tomorrow at 9am', 'Asia/Kolkata')).toBe('2027-03-28T09:00:00+05:30')
    expect(start('Plan a meeting on 2027-07-01T09:00:00Z', 'America/New_York')).toBe('2027-07-01T09:00:00Z')
  })

  it('leaves days that count from today words where nobody knows which day it is', () => {
    expect(filled(visit, 'Plan a visit from tomorrow to 3 days from now')).toEqual({})
  })

  it('makes an object of each thing of which it is said how many', () => {
    const line = { type: 'object', properties: { product: text, quantity: integer }, required: ['product', 'quantity'] }
    const order = operation('POST /purchases', {
      body: { items: { type: 'array', items: line }, note: text },
      required: ['items'],
    })
    const lists = (message: string) =>
      fillFromClause(order, understand(message)[0] ?? never(), understand(message)[0]?.entities ?? []).map(
        ({ slot, value }) => `${slot.path.join('.')} ${String(value)}`,
      )
    expect(lists('Create a purchase with 2 apples, three red pears and a "Big Lamp"')).toEqual([
      'items.0.product apple',
      'items.0.quantity 2',
      'items.1.product red pear',
      'items.1.quantity 3',
      'items.2.product Big Lamp',
      'items.2.quantity 1',
    ])
    expect(lists('Create a purchase for 20 euros').join()).not.toContain('product')
    expect(lists('Create a purchase with a note')).toEqual([])
  })

  it('looks a name up rather than taking it for an id', () => {
    expect(filled(machine, 'Show the cells of machine Rosie')).not.toHaveProperty('machineId')
  })

  it('does not take what an operation is called by for a value', () => {
    const gpa = operation('POST /GPA', { body: { student: text }, required: ['student'] })
    expect(filled(gpa, 'Compute the GPA')).toEqual({})
  })

  it('whatever is said: each entity goes to one slot, values have the type of their slot, twice gives the same', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'from',
        'to',
        'and',
        'of',
        'named',
        'rows',
        'Porto',
        '"x"',
        "'y'",
        '5%',
        '$3',
        '10',
        'tomorrow',
        'A1:B2',
        '4 PM',
        'May 3',
        '#7',
        ',',
        '.',
      ),
      fc.string({ maxLength: 6 }),
    )
    const all = [salary, trip, board, exchange, machine, visit, translation, ratio]
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), fc.constantFrom(...all), (parts, of) => {
        const [clause] = understand(parts.join(' '))
        if (!clause) return
        const fillings = fillFromClause(of, clause, clause.entities)
        // Money is an amount and a currency.
        const used = fillings.flatMap(({ entities }) => entities.filter(({ money }) => !money))
        expect(new Set(used).size).toBe(used.length)
        expect(new Set(fillings.map(({ slot }) => slot.name)).size).toBe(fillings.length)
        for (const { slot, value } of fillings)
          expect([slot.schema['type'], value]).toSatisfy(([type, given]) => hasType(type, given))
        expect(fillFromClause(of, clause, clause.entities)).toEqual(fillings)
      }),
      { numRuns: 500 },
    )
  })

  it('finds dates that there are, and no others', () => {
    const dates = (message: string) => readEntities(message).entities.filter(({ kind }) => kind === 'date')
    expect(dates('on February 30, 2027')).toEqual([])
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString().slice(0, 10)
          const said = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(date)
          expect(dates(`on ${said} there`)).toMatchObject([{ value: iso }])
          expect(dates(`on ${iso} there`)).toMatchObject([{ value: iso }])
        },
      ),
    )
  })
})
