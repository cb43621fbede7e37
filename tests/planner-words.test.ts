import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EndpointWords } from '../src/catalog/words.ts'
import { stem } from '../src/lib/stem.ts'
import { splitClauses } from '../src/planner/language/clauses.ts'
import { isMostlyVerb, relatedness } from '../src/planner/language/related-words.ts'
import { FEATURES, featuresOf } from '../src/planner/rank/features.ts'
import { abbreviations } from '../src/planner/rank/profile.ts'
import { fieldOf, needsOf, rank } from '../src/planner/rank/rank.ts'
import { settle } from '../src/planner/settle/settle.ts'
import { understand } from '../src/planner/understand/understand.ts'

const textsOf = (message: string) => splitClauses(message).map(({ text }) => text)

describe('a general lexicon of English', () => {
  it.each([
    ['buy', 'purchase'],
    ['customer', 'client'],
    ['direct', 'director'],
  ])('knows that %s and %s are alike', (one, other) => {
    expect(relatedness(stem(one), stem(other))).toBeGreaterThan(0.6)
    expect(relatedness(stem(one), stem(other))).toBe(relatedness(stem(other), stem(one)))
  })

  it.each([
    ['customer', 'invoice'],
    ['planet', 'refund'],
    ['qwertz', 'customer'],
  ])('knows nothing that makes %s and %s alike', (one, other) => {
    expect(relatedness(stem(one), stem(other))).toBeLessThan(0.3)
  })

  it('stays between nothing and the same for any words', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (one, other) => {
        const value = relatedness(one, other)
        expect(value >= 0 && value <= 1 && (one !== other || value === 1)).toBe(true)
      }),
    )
  })

  it('tells verbs from nouns that may be verbs', () => {
    expect(['calculate', 'retrieve', 'order', 'book'].map(isMostlyVerb)).toEqual([true, true, false, false])
  })
})

describe('a message in sentences', () => {
  it.each([
    [
      'Calculates the toll for a ship, converts the toll to euros, and sends the receipt to the captain.',
      ['Calculates the toll for a ship', 'converts the toll to euros', 'sends the receipt to the captain'],
    ],
    [
      'This guide enables a captain to rename a ship and then retrieve its logs.',
      ['rename a ship', 'retrieve its logs'],
    ],
    ['Rename the ship. This is useful for captains who sold theirs.', ['Rename the ship']],
    ["Find the harbour 'Cut, then run' and list its ships", ["Find the harbour 'Cut, then run'", 'list its ships']],
    ['"Show all harbours. List their ships."', ['Show all harbours', 'List their ships']],
  ])('is cut where something new is asked: %s', (message, texts) => {
    expect(textsOf(message)).toEqual(texts)
  })

  it.each([
    ['Rename the ship. First, show its logs.', ['show its logs', 'Rename the ship']],
    ['Before renaming the ship, show its logs', ['show its logs', 'rename the ship']],
    ['Before you rename the ship, show its logs', ['show its logs', 'rename the ship']],
    ['Rename the ship after showing its logs', ['show its logs', 'Rename the ship']],
    ['Rename the ship, but first show its logs', ['show its logs', 'Rename the ship']],
    ['Show the logs of the ship before you rename it', ['Show the logs of the ship', 'rename it']],
    ['List the ships built before 1851', ['List the ships built before 1851']],
    ['List the ships that sank after leaving Nantucket', ['List the ships that sank', 'leaving Nantucket']],
    ['First show the ship, then rename it', ['show the ship', 'rename it']],
  ])('has its parts in the order in which they are to be done: %s', (message, texts) => {
    expect(textsOf(message)).toEqual(texts)
  })

  it('is cut at a verb that no lexicon has, and not at a noun', () => {
    expect(textsOf('List the ships and careen the oldest')).toEqual(['List the ships', 'careen the oldest'])
    expect(textsOf('List the ships and captains the owner knows')).toHaveLength(1)
    expect(textsOf('Sail the ship, and reset manual rudders')).toEqual(['Sail the ship', 'reset manual rudders'])
    expect(textsOf('Find books and research on ships')).toHaveLength(1)
  })

  it('goes on in the third person, also with what one looks for', () => {
    expect(textsOf('Retrieves the ship and checks for leaks')).toEqual(['Retrieves the ship', 'checks for leaks'])
    expect(textsOf('Retrieves ships, logs, and replies for a captain')).toHaveLength(1)
  })

  it('takes what is done to something with a value for no attribute of what was said before', () => {
    const message = "Find the toll at a rate of 5% over 2 years, and analyze the harbour 'Nantucket'"
    expect(textsOf(message)).toEqual(['Find the toll at a rate of 5% over 2 years', "analyze the harbour 'Nantucket'"])
    expect(textsOf("Find a ship with the name 'Pequod' and tonnage 350")).toHaveLength(1)
  })

  it('points back with "that", unless it tells of the noun before', () => {
    const pointsBack = (message: string) => understand(message).map(({ refersBack }) => refersBack)
    expect(pointsBack('List ships that are old')).toEqual([false])
    expect(pointsBack('List ships that belong to the captain')).toEqual([false])
    expect(pointsBack('Show that ship')).toEqual([true])
    expect(pointsBack('Show the logs of that ship')).toEqual([true])
  })

  it('knows circumstances and participles for what they are', () => {
    const clauses = splitClauses('My ship is leaking. Can you find a harbour, providing repairs for it?')
    expect(clauses.map(({ text, aside }) => [text, aside])).toEqual([
      ['My ship is leaking', true],
      ['Can you find a harbour', false],
      ['providing repairs for it', true],
    ])
  })
})

/** An operation of an API of harbours and ships. */
function operation(name: string, summary: string, more: Partial<EndpointWords> = {}): EndpointWords {
  const [method = '', path = ''] = name.split(' ')
  const effect = method === 'GET' ? 'read' : method === 'DELETE' ? 'delete' : 'create'
  const empty = { description: '', tags: '', parameters: '', response: '', operationId: null, deprecated: false }
  return { ...empty, id: name, connectionId: 'con', method, path, summary, effect, ...more }
}

const field = fieldOf(
  [
    operation('GET /ships', 'List ships', { parameters: 'name flag' }),
    operation('GET /ships/{shipId}', 'Get a ship', { response: 'id name tonnage' }),
    operation('POST /ships', 'Register a ship'),
    operation('DELETE /ships/{shipId}', 'Scrap a ship'),
    operation('GET /harbours/{harbourId}/photographs', 'Photographs of a harbour'),
    operation('GET /captains/{captainId}/voyages', 'Voyages of a captain'),
    operation('POST /tolls/calculate_vts', 'Calculate VTS toll'),
  ],
  new Map([['con', 'Harbour']]),
)

describe('operations are ranked', () => {
  const best = (message: string) => {
    const clauses = settle(understand(message), field)
    return needsOf(message, clauses).map((need) => rank(need, field)[0]?.found.id)
  }

  it.each([
    ['list all ships', 'GET /ships'],
    ['register a new ship', 'POST /ships'],
    ['scrap the ship', 'DELETE /ships/{shipId}'],
    ['show me pictures of the harbour', 'GET /harbours/{harbourId}/photographs'],
    ['calculate the VTS toll', 'POST /tolls/calculate_vts'],
  ])('%s: %s', (message, expected) => {
    expect(best(message)).toEqual([expected])
  })

  it('by what the words of a path are short for, and by no longer word where it is said itself', () => {
    const short = [
      operation('GET /crews', 'List crews'),
      operation('GET /crews/{crewId}/org', 'The organization of a crew'),
      operation('GET /sail', 'Make a list of sailors'),
      operation('GET /sails', 'Every sail'),
    ]
    expect([...abbreviations(short)]).toEqual([['con org', 'organization']])
  })

  it('by as many numbers as have a name, all of them finite, for any message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (message) => {
        const needs = needsOf(message, settle(understand(message), field))
        for (const need of needs)
          for (const profile of field.profiles) {
            const features = featuresOf(need, profile, field)
            expect([features.length, features.every(Number.isFinite)]).toEqual([FEATURES.length, true])
          }
      }),
    )
  })
})

describe('what is a name, the operations tell', () => {
  it('takes a capitalised word that they use for a word, and any other for a name', () => {
    const [clause] = settle(understand('Calculate the VTS toll for Moby Dick'), field)
    expect(clause?.entities.map(({ text }) => text)).toEqual(['Moby Dick'])
    expect(clause?.terms).toContain(stem('vts'))
  })

  it('makes of a verb and its objects as many clauses as operations do them one by one', () => {
    const textsOf = (message: string) => settle(understand(message), field).map(({ text }) => text)
    expect(textsOf('List the ships and the harbours')).toEqual(['List the ships', 'List the harbours'])
    expect(textsOf('List the old and the new ships')).toHaveLength(1)
    expect(textsOf('Show the ship "Pequod" and her tonnage')).toHaveLength(1)
    expect(textsOf('List the ships alongside the harbours')).toEqual(['List the ships', 'List the harbours'])
    expect(textsOf('List the ships alongside any harbours or bays')).toEqual(['List the ships', 'List any harbours'])
    expect(textsOf('Show information about the ship and the harbours')).toEqual(['Show the ship', 'Show the harbours'])
    expect(textsOf('List all data of a fleet, including ships and harbours')).toEqual([
      'List ships of a fleet',
      'List harbours of a fleet',
    ])
    expect(textsOf('Create a fleet, including ships and harbours')).toHaveLength(1)
  })

  it('gives all of a list to whom the first of it belongs', () => {
    const clauses = settle(understand('Show the captain, then list their ships, harbours and voyages'), field)
    expect(clauses.slice(1).map(({ text }) => text)).toEqual([
      'list their ships',
      'list their harbours',
      'list their voyages',
    ])
    const owners = needsOf('', clauses).map(({ owner }) => owner)
    expect(owners).toEqual([null, stem('captain'), stem('captain'), stem('captain')])
  })

  it('takes any number of objects', () => {
    expect(settle(understand(`show ${'"a", '.repeat(1900)}`), field)).toHaveLength(1)
  })

  it('creates nothing again because something is to be done with it, and does nothing to many at once', () => {
    const termsOf = (message: string) => settle(understand(message), field).map(({ terms }) => terms)
    expect(termsOf('Get the ship "Pequod" and delete it')).toEqual([[stem('ship')], [stem('ship')]])
    expect(termsOf('List the ships and delete them')).toEqual([[stem('ship')], []])
    expect(termsOf('List the ships and post them')).toEqual([[stem('ship')], []])
  })

  it('takes "its details" for those of what was asked for before, whatever was said beside it', () => {
    const clauses = settle(understand('Register a ship to carry whale oil, then show its details'), field)
    expect(clauses.at(-1)).toMatchObject({ head: stem('ship'), ofOne: true })
  })

  it('takes "it" for what is told later where that is done later', () => {
    const [first] = settle(understand('Before you scrap the ship "Pequod", show its details'), field)
    expect([first?.head, first?.entities.map(({ text }) => text)]).toEqual([stem('ship'), ['Pequod']])
  })

  it('takes "it" for what a sentence before told of', () => {
    const [, clause] = settle(understand('My ship "Pequod" is old. Can you scrap it?'), field)
    expect([clause?.terms, clause?.entities.map(({ text }) => text)]).toEqual([[stem('scrap')], ['Pequod']])
    const [, other] = settle(understand('We need our ship "Pequod" no longer. Can you delete it?'), field)
    expect(other?.entities.map(({ text }) => text)).toEqual(['Pequod'])
  })
})
