import { describe, expect, it } from 'vitest'
import { tenantWithTold } from './office.ts'
import { inPath, list, object, operation, text } from './spec-pieces.ts'
import { tenantWithPlayhouse } from './playhouse.ts'

type Step = { operation: string | null; bindings: { target: string; value: string }[] }

const planned = async (message: string) => {
  const plan = await (await tenantWithPlayhouse()).plan(message)
  const steps = plan.steps as Step[]
  const bound = steps.flatMap(({ bindings }) => bindings)
  return {
    calls: steps.flatMap(({ operation: call }) => call ?? []),
    bound: Object.fromEntries(bound.map(({ target, value }) => [target, value])),
    definition: JSON.stringify(plan.definition),
  }
}

describe('a question changes nothing', () => {
  it.each([
    'was the performance 5 refunded?',
    'has the booking 5 been cancelled?',
    'is the booking 5 cancelled?',
    'should I cancel the booking 5?',
    'why was the performance 5 deleted?',
    'did I cancel the booking 5?',
    'who cancelled the booking 5?',
  ])('%s', async (message) => {
    const { calls } = await planned(message)
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.filter((call) => !call.startsWith('GET '))).toEqual([])
  })

  it('“can you …” asks for something', async () => {
    expect((await planned('can you cancel the booking 5?')).calls).toEqual(['DELETE /bookings/{booking_id}'])
  })
})

describe('what nobody asked for', () => {
  it.each([
    ['assign the performance 5 to Olu Adeyemi', 'PUT /performances/{performance_id}/stage', 'a stage is not spoken of'],
    ['assign the performance 5 to Olu Adeyemi', 'DELETE /performances/{performance_id}', 'nothing is deleted'],
    ['assign the performance 5 to Olu Adeyemi', 'POST /bookings', 'nothing is booked'],
    ['cancel my place in the performance 5', 'DELETE /performances/{performance_id}', 'only the place is to go'],
    ['cancel my place in the performance 5', 'PUT /performances/{performance_id}/stage', 'setting cancels nothing'],
    ['can I delete the performance 5?', 'DELETE /performances/{performance_id}', 'who may is only asked'],
    ['rename the play 5 to Much Ado', 'PUT /recordings/play', 'nothing takes a name there'],
    ['give the stage 5 five stars', 'POST /plays/{play_id}/reviews', 'no stage is reviewed'],
    ['perform the play 5', 'DELETE /performances/{performance_id}', 'what is performed stays'],
  ])('%s: not %s (%s)', async (message, operation) => {
    expect((await planned(message)).calls).not.toContain(operation)
  })

  it('of bookings that everybody has, none is cancelled as mine', async () => {
    const { calls, definition } = await planned('cancel my booking of The Tempest')
    expect(calls).toEqual(['GET /me/bookings', 'DELETE /bookings/{booking_id}'])
    expect(definition).toContain('the tempest')
  })
})

describe('why something is asked for', () => {
  it.each([
    ['the booking 5 was made twice, so please cancel it', ['DELETE /bookings/{booking_id}']],
    ['The booking 5 was made twice. Please cancel it.', ['DELETE /bookings/{booking_id}']],
    ['I am ill, so please cancel the booking 5', ['DELETE /bookings/{booking_id}']],
    ['Bea Strand is away, so please show her bookings', ['GET /members/search', 'GET /members/{member_id}/bookings']],
  ])('asks for nothing: %s', async (message, calls) => {
    expect((await planned(message)).calls).toEqual(calls)
  })
})

describe('all of several', () => {
  it('of mine are not those of everybody', async () => {
    const { calls } = await planned('cancel all my bookings')
    expect(calls.slice(0, 1)).toEqual(['GET /me/bookings'])
  })

  it('of somebody are found by who that is', async () => {
    const { calls } = await planned('delete all bookings of Bea Strand')
    expect(calls.slice(0, 2)).toEqual(['GET /members/search', 'GET /members/{member_id}/bookings'])
  })
})

it('ids that are told together are those of one kind, each of them', async () => {
  const { calls, definition } = await planned('add the recordings 7 and 8 to the playlist 9')
  expect(new Set(calls)).toEqual(new Set(['POST /playlists/{playlist_id}/recordings']))
  expect(definition).toMatch(/"ids":\["7"/)
  expect(definition).toContain('"8"')
})

describe('a library that nobody has', () => {
  const account = object({ id: text, name: text, ownerId: text })
  const contract = object({ id: text, label: text, ownerId: text, accountId: text })
  const seat = object({ id: text, class_name: text, readerId: text })
  const owners = { ...inPath('ownerId'), in: 'query', required: false }
  const paths = {
    '/find': {
      get: operation('Find anything', list(object({ id: text, kind: text, label: text })), [
        { ...inPath('query'), in: 'query' },
        { ...inPath('kind'), in: 'query', required: false, description: 'What is sought: scroll, reader or desk.' },
      ]),
    },
    '/scrolls/{scrollId}': { get: operation('Get a scroll', object({ id: text, age: text }), [inPath('scrollId')]) },
    '/basket': {
      get: operation('Get the basket', object({ items: { type: 'array', items: text }, total: text })),
      delete: operation('Empty the basket', object({})),
    },
    '/accounts': { get: operation('Search accounts', list(account), [{ ...inPath('search'), in: 'query' }]) },
    '/contracts': { get: operation('List contracts', list(contract), [owners]) },
    '/contracts/{contractId}': {
      patch: operation('Update a contract', contract, [inPath('contractId')], object({ title: text })),
      delete: operation('Delete a contract', object({}), [inPath('contractId')]),
    },
    '/meetings': { get: operation('List meetings', list(object({ id: text, label: text }))) },
    '/meetings/{meetingId}/cancel': { post: operation('Cancel a meeting', object({}), [inPath('meetingId')]) },
    '/alerts': { get: operation('List alerts', list(object({ id: text, label: text }))) },
    '/readers': {
      get: operation('Search readers', list(object({ id: text, name: text })), [{ ...inPath('search'), in: 'query' }]),
    },
    '/readers/{readerId}/seats': { get: operation('List the seats of a reader', list(seat), [inPath('readerId')]) },
    '/me/seats': { get: operation('List my seats', list(seat)) },
    '/seats/{seatId}': { delete: operation('Cancel a seat', object({}), [inPath('seatId')]) },
    '/classes/{classId}': { delete: operation('Delete a class', object({}), [inPath('classId')]) },
  }
  const library = tenantWithTold('Library', paths, {})
  const planOf = async (message: string) => (await library).plan(message)
  const callsOf = async (message: string) =>
    ((await planOf(message)).steps as Step[]).flatMap(({ operation: call }) => call ?? [])

  it('tells in prose which kinds it finds', async () => {
    const { definition } = await planOf('how old is the scroll Mahabharata?')
    expect(JSON.stringify(definition)).toMatch(/"kind":"scroll"/)
  })

  it('cancels one of my own, and none of somebody who is found by the name of what it is for', async () => {
    expect(await callsOf('cancel my seat in the class Pottery')).toEqual(['GET /me/seats', 'DELETE /seats/{seatId}'])
    expect(await callsOf('cancel my seat of Pottery')).not.toContain('GET /readers/{readerId}/seats')
  })

  it.each([
    ['delete all contracts of Acme', 'GET /contracts', 'those of whoever owns it are others'],
    ['cancel the alert 5', 'POST /meetings/{meetingId}/cancel', 'no meeting is an alert'],
    ['remove Dune from the basket', 'DELETE /basket', 'the rest stays'],
    ['take me off the class 12', 'DELETE /classes/{classId}', 'the class stays'],
  ])('%s: not %s, for %s', async (message, operation) => {
    expect(await callsOf(message)).not.toContain(operation)
  })

  it('gives names that go to the end, of whatever words', async () => {
    const { definition } = await planOf('rename the contract 5 to Buy oat milk')
    expect(JSON.stringify(definition)).toContain('"title":"Buy oat milk"')
  })
})

it('the number of one thing is not that of another', async () => {
  const shelves = list(object({ id: { type: 'integer' }, label: text }))
  const paths = {
    '/shelves': { get: operation('List shelves', shelves) },
    '/jars': { get: operation('List jars', list(object({ id: { type: 'integer' }, label: text }))) },
    '/jars/{id}': {
      delete: operation('Delete a jar', object({}), [{ ...inPath('id'), schema: { type: 'integer' } }]),
    },
  }
  const plan = await (await tenantWithTold('Pantry', paths, {})).plan('delete the jars of shelf 4')
  expect(JSON.stringify(plan.definition)).not.toContain('"id":4')
})

describe('what people say in their own way', () => {
  it.each([
    ['I need the bookings of Bea Strand.', ['GET /members/search', 'GET /members/{member_id}/bookings']],
    ['show my bookings, please', ['GET /me/bookings']],
    ['which performances have I booked?', ['GET /me/bookings']],
    ['show me plays to see', ['GET /plays']],
    ['what do people think of The Tempest?', ['GET /search', 'GET /plays/{play_id}/reviews']],
    ['check out the costume 5 to Bea Strand', ['GET /members/search', 'POST /costume-loans']],
    ['put me on the waiting list of performance 5', ['POST /performances/{performance_id}/waitlist']],
    ['cancel the booking 5', ['DELETE /bookings/{booking_id}']],
    ['where was the actor Olu Adeyemi born?', ['GET /search', 'GET /actors/{actor_id}']],
    [
      'make a playlist called Focus and add the recording 7 to it',
      ['POST /me/playlists', 'POST /playlists/{playlist_id}/recordings'],
    ],
    [
      'add the recording 7 to my playlist called Focus',
      ['GET /me/playlists', 'POST /playlists/{playlist_id}/recordings'],
    ],
    [
      'add the recording Karma to my playlist Focus',
      ['GET /me/playlists', 'GET /search', 'POST /playlists/{playlist_id}/recordings'],
    ],
    ['play the recording Karma', ['GET /search', 'PUT /recordings/play']],
  ])('%s: %j', async (message, calls) => {
    expect((await planned(message)).calls).toEqual(calls)
  })

  it.each([
    ['give The Tempest five stars and write that it was loud', { rating: '5', text: 'it was loud' }],
    ['give The Tempest by Olu Adeyemi five stars', { rating: '5' }],
    ['rate the play 5 four out of five', { play_id: '5', rating: '4' }],
  ])('%s reviews it', async (message, values) => {
    const { calls, bound } = await planned(message)
    expect(calls.at(-1)).toBe('POST /plays/{play_id}/reviews')
    expect(bound).toMatchObject(values)
    // Whose it is, or what it is of, is nothing that it says.
    expect(Object.keys(bound).includes('text')).toBe('text' in values)
  })

  it('a field behind “to” is no verb', async () => {
    const { calls, bound } = await planned('update the member 5 to email bea@strand.example')
    expect(calls).toEqual(['PUT /members/{member_id}'])
    expect(bound).toEqual({ member_id: '5', email: 'bea@strand.example' })
  })

  it('what stands in quotes is left as it is', async () => {
    const said = 'so, please come, my play called Hello runs from 3 to 6 October'
    expect((await planned(`review the play 5 saying "${said}"`)).bound).toMatchObject({ text: said })
  })

  it('whom something is done for goes where a person may be told', async () => {
    const { calls, definition } = await planned('put Bea Strand on the waiting list of performance 5')
    expect(calls).toEqual(['GET /members/search', 'POST /performances/{performance_id}/waitlist'])
    expect(definition).toMatch(/"member_id":"[^"]*member_id/)
  })

  it.each([
    'show the performances of The Tempest from 3 to 6 October 2027',
    'show the performances of The Tempest between October 3 and 6, 2027',
    'show the performances of The Tempest from 3 October 2027 to 6 October 2027',
  ])('both days of a stretch have their month: %s', async (message) => {
    expect((await planned(message)).bound).toMatchObject({ from: '2027-10-03', to: '2027-10-06' })
  })
})

it('one search over many kinds of things is told which is sought, and finds it', async () => {
  const playhouse = await tenantWithPlayhouse()
  const plan = await playhouse.plan('where was the actor Olu Adeyemi born?')
  expect(JSON.stringify(plan.definition)).toContain('"type":["actor"]')
  const { data } = await playhouse.run(plan)
  expect(data).toMatchObject({ status: 'succeeded' })
  expect(JSON.stringify(data.output)).toContain('Ibadan')
})

it('a thing is told by its id where it has a name as well', async () => {
  const { definition } = await planned('assign the stage Main to performance 5')
  expect(definition).toMatch(/"stage_id":"[^"]*\.stage_id/)
})

it('the same document connected again is planned for in the same way', async () => {
  const items = list(object({ id: text, shelfId: text }))
  const kinds = ['jars', 'tins', 'sacks', 'boxes', 'crates', 'kegs']
  const paths = {
    ...Object.fromEntries(kinds.map((kind) => [`/${kind}`, { get: operation(`List ${kind}`, items) }])),
    '/shelves/{shelfId}': { get: operation('Get a shelf', object({ label: text }), [inPath('shelfId')]) },
  }
  const plans = []
  for (let at = 0; at < 6; at++) {
    const plan = await (await tenantWithTold('Pantry', paths, {})).plan('show the label of the shelf')
    plans.push((plan.steps as Step[]).map(({ operation: call }) => call))
  }
  expect(new Set(plans.map((calls) => calls.join(' > '))).size).toBe(1)
  expect(plans[0]).toContain('GET /boxes')
})
