import { describe, expect, it } from 'vitest'
import { readEntities } from '../src/planner/understand/entities.ts'
import type { JsonSchema } from '../src/specs/operation.ts'
import { filled, integer, number, operation, parameter, text, texts } from './operations.ts'

const described = (schema: JsonSchema, description: string): JsonSchema => ({ ...schema, description })

const journal = operation('POST /journals', {
  body: { expenses: number, revenue: number },
  required: ['expenses', 'revenue'],
})
const parcel = operation('POST /parcels', {
  body: { weight: number, distance: number },
  required: ['weight', 'distance'],
})
const lease = operation('POST /leases', {
  body: { amount: number, interest_rate: number, term: integer },
  required: ['amount', 'interest_rate', 'term'],
})
const levy = operation('POST /levies', {
  body: { levy_rate: described(number, 'The rate as a decimal'), price: number },
  required: ['levy_rate', 'price'],
})
const sail = operation('POST /sails', {
  body: {
    duration_minutes: integer,
    radius: described(integer, 'How far to go, in meters'),
    crew: texts,
  },
  required: ['duration_minutes', 'radius'],
})
const tour = operation('POST /tours', { body: { stops: texts, season: text }, required: ['stops'] })
const survey = operation('POST /surveys', {
  body: { firm: text, period: { type: 'object', properties: { start_date: text, end_date: text } } },
  required: ['firm', 'period'],
})
const exchange = operation('GET /exchange', {
  parameters: [
    parameter('amount', number, 'query', true),
    { ...parameter('from', text, 'query', true), description: 'Currency to exchange' },
    { ...parameter('to', text, 'query', true), description: 'Currency to receive' },
  ],
})
const page = operation('GET /books/{bookId}/pages/{page_number}', {
  parameters: [parameter('bookId', text, 'path', true), parameter('page_number', integer, 'path', true)],
})
const letter = operation('POST /letters', { body: { phone: text, words: text }, required: ['phone'] })

describe('a value goes where it belongs', () => {
  it.each([
    [
      'where the next one is named behind "and"',
      journal,
      'Write a journal with expenses of 50 and revenue of 70',
      { expenses: 50, revenue: 70 },
    ],
    [
      'where pounds are what it weighs',
      parcel,
      'Send a parcel with a weight of 5 pounds and a distance of 100 miles',
      { weight: 5, distance: 100 },
    ],
    [
      'where only its measure is said',
      lease,
      'Make a lease of $900 at a rate of 4 for 3 years',
      { amount: 900, interest_rate: 4, term: 3 },
    ],
    ['where its unit is joined to it', lease, 'Make a 5-year lease of $900 at a rate of 4', { term: 5, amount: 900 }],
    ['where a share is a fraction', levy, 'Make a levy of 6% on the price of $10', { levy_rate: 0.06, price: 10 }],
    ['in the unit that is wanted', sail, 'Sail for 2 hours within 3 km', { duration_minutes: 120, radius: 3000 }],
    [
      'in the only list, where several are named in one go',
      tour,
      'Make a tour between Porto, Faro, and Braga',
      { stops: ['Porto', 'Faro', 'Braga'] },
    ],
    [
      'in an object that has to be there',
      survey,
      'Survey the firm Acme Inc. between 2027-01-01 and 2027-12-31',
      { firm: 'Acme Inc.', 'period.start_date': '2027-01-01', 'period.end_date': '2027-12-31' },
    ],
    ['as a code, where money is spelled out', exchange, 'exchange 500 euros to dollars', { from: 'EUR', to: 'USD' }],
    [
      'as a code, of a currency by its full name',
      exchange,
      'Exchange 5 US dollars into Swiss Francs',
      { from: 'USD', to: 'CHF' },
    ],
    [
      'before what things are sorted by',
      operation('GET /records', { parameters: [parameter('genre', text), parameter('label', text)] }),
      'List the records in the jazz genre',
      { genre: 'jazz' },
    ],
    [
      'as the id of what stands before it',
      operation('GET /calendars/{calendarId}/events/{eventId}', {
        parameters: [parameter('calendarId', text, 'path', true), parameter('eventId', text, 'path', true)],
      }),
      'Show the event with ID "standup" of the calendar with ID "primary"',
      { calendarId: 'primary', eventId: 'standup' },
    ],
    ['by its place in an order', page, 'Show the third page of book b_17', { page_number: 3 }],
    ['where a telephone number has no joints', letter, 'Send a letter to 5551234567', { phone: '5551234567' }],
  ])('%s', (_, of, message, values) => {
    expect(filled(of, message)).toMatchObject(values)
  })

  it('converts nothing that has the unit already', () => {
    expect(filled(sail, 'Sail for 90 minutes within 3000 meters')).toMatchObject({ duration_minutes: 90, radius: 3000 })
  })

  it('takes no name for a country where a code is wanted', () => {
    const region = { ...parameter('region', text), description: 'An ISO 3166-1 code' }
    const films = operation('GET /films', { parameters: [region] })
    expect(filled(films, 'Which actors play in Inception')).toEqual({})
    expect(filled(films, 'List the films in DE')).toEqual({ region: 'DE' })
  })

  it('takes a label before a list for no value', () => {
    const values = readEntities('Sizes: [3, 4], Crew Names: [Ann, Bo]').entities.map(({ text: said }) => said)
    expect(values).toEqual(['3', '4', 'Ann', 'Bo'])
  })
})
