import { describe, expect, it } from 'vitest'
import { newTenant, tenantWithStore } from './helpers.ts'

type Shown = { operation: string | null; bindings: { target: string; source: string; value: string }[] }
type Schema = Record<string, unknown>

const text = { type: 'string' }
const whole = { type: 'integer' }
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties })
const list = (items: Schema): Schema => ({ type: 'array', items })
const painting = object({ id: whole, title: text, painted_on: text, technique: text, width: whole, height: whole })
const person = object({ id: whole, name: text, born_on: text, nationality: text, portrait: text })
const series = object({ id: whole, name: text, begun_on: text, motif: text })
const house = object({ id: whole, name: text, website: text })

/** An operation that reads, with what its path and its query take and what it answers with. */
const read = (summary: string, schema: Schema, query: Record<string, Schema> = {}, path: string[] = []) => ({
  get: {
    summary,
    parameters: [
      ...path.map((name) => ({ name, in: 'path', required: true, schema: whole })),
      ...Object.entries(query).map(([name, { required = false, description = '', ...own }]) => {
        return { name, in: 'query', required, description, schema: own }
      }),
    ],
    responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
  },
})
const search = { query: { ...text, required: true } }
const found = (items: Schema) => object({ page: whole, results: list(items) })

// A museum nobody has.
const museum = {
  openapi: '3.0.3',
  info: { title: 'Museum', version: '1' },
  servers: [{ url: 'https://museum.example' }],
  paths: {
    '/search/painting': read('Search paintings', found(painting), search),
    '/search/person': read('Search people', found(person), search),
    '/search/series': read('Search series', found(series), search),
    '/browse/painting': read('Browse paintings', found(painting), {
      with_people: { ...text, description: 'A comma separated list of person IDs.' },
      technique: text,
    }),
    '/painting/{painting_id}': read(
      'Get details of a painting',
      object({ id: whole, title: text, lenders: list(house), acquired: text }),
      {},
      ['painting_id'],
    ),
    '/painting/{painting_id}/restorations': read(
      'Get restorations',
      object({ id: whole, restorations: list(object({ year: whole, restorer: text })) }),
      {},
      ['painting_id'],
    ),
    '/person/{person_id}': read('Get details of a person', person, {}, ['person_id']),
    '/person/{person_id}/works': read('Get works', object({ id: whole, works: list(painting) }), {}, ['person_id']),
    '/series/{series_id}': read(
      'Get details of a series',
      object({ id: whole, name: text, parts: list(painting) }),
      {},
      ['series_id'],
    ),
    '/lender/{lender_id}': read('Get details of a lender', house, {}, ['lender_id']),
    '/guide/{guide_id}/floor/{floor_number}/room/{room_number}': read(
      'Get what is shown in a room of a guide',
      object({ floor: whole, room: whole, text }),
      {},
      ['guide_id', 'floor_number', 'room_number'],
    ),
    '/rooms': read('List rooms', list(object({ id: whole, name: text }))),
    '/rooms/search': read('Search rooms', found(object({ id: whole, name: text, storey: text })), search),
    '/rooms/{room_id}': read('Get a room', object({ id: whole, name: text, storey: text }), {}, ['room_id']),
    '/rooms/{room_id}/opening-hours': read('Get the opening hours of a room', object({ from: text, until: text }), {}, [
      'room_id',
    ]),
    '/search/guide': read('Search guides', found(object({ id: whole, name: text, language: text })), search),
  },
}

const { call } = await newTenant()
const connected = await call('POST', '/api/apis', { name: 'Museum', spec: museum })

describe('a thing that is named where its id is needed', () => {
  const pathOf = async (message: string) => {
    expect(connected.status).toBe(201)
    const { data } = await call('POST', '/api/chat', { message })
    return data.steps.map(({ operation, bindings }: Shown) => {
      const values = bindings.map(({ target, source, value }) => (source === 'step' ? target : `${target}=${value}`))
      return [operation, ...values].join(' ')
    })
  }

  it.each([
    [
      'among the parts of what it is said to be in',
      'Give me the restorations of a painting from the series "Water Lilies"',
      [
        'GET /search/series query=Water Lilies',
        'GET /series/{series_id} series_id',
        'GET /painting/{painting_id}/restorations painting_id',
      ],
    ],
    [
      'among what its owner has',
      "Show the restorations of Judith Leyster's paintings",
      [
        'GET /search/person query=Judith Leyster',
        'GET /person/{person_id}/works person_id',
        'GET /painting/{painting_id}/restorations painting_id',
      ],
    ],
    [
      'among what another thing that is named refers to',
      "Get the details of the lender of the painting 'The Jolly Companions'",
      [
        'GET /search/painting query=The Jolly Companions',
        'GET /painting/{painting_id} painting_id',
        'GET /lender/{lender_id} lender_id',
      ],
    ],
    [
      'beside what is told by its place in an order',
      'Show what is in the third room of the second floor of the guide "Night Walk"',
      [
        'GET /search/guide query=Night Walk',
        'GET /guide/{guide_id}/floor/{floor_number}/room/{room_number} floor_number=2 room_number=3 guide_id',
      ],
    ],
    [
      'where what nothing connected does told of it',
      'I would love to hang "The Jolly Companions" at home. Can you show me its restorations?',
      ['GET /search/painting query=The Jolly Companions', 'GET /painting/{painting_id}/restorations painting_id'],
    ],
    [
      'in what was found before, where that is pointed at',
      'Search the rooms for "Water", then show the opening hours of that room',
      ['GET /rooms/search query=Water', 'GET /rooms/{room_id}/opening-hours room_id'],
    ],
    [
      'where only its class and what its answer holds tell that it is meant',
      "Tell me about painter Judith Leyster's nationality",
      ['GET /search/person query=Judith Leyster', 'GET /person/{person_id} person_id'],
    ],
    [
      'by whoever asks for it by its id',
      'Show the opening hours of a room using its unique ID',
      ['GET /rooms/{room_id}/opening-hours room_id=room_id'],
    ],
  ])('is found %s', async (_, message, expected) => {
    expect(await pathOf(message)).toEqual(expected)
  })

  it.each([
    'What is the weather in Leyden?',
    'Refund the invoice of Judith Leyster',
    "Delete painter Judith Leyster's nationality",
    'Book a flight to Haarlem for Judith Leyster',
  ])('is not looked for where something else is meant: %s', async (message) => {
    expect(await pathOf(message)).toEqual([])
  })
})

describe('the id of a named thing', () => {
  // Products and customers of the store have a name, an id and a day they were made on.
  it('is not taken from things of another kind that have what everything has', async () => {
    const store = await tenantWithStore()
    const plan = await store.call('POST', '/api/chat', {
      message: 'If customer Ada Lovelace has more than 2 orders, list them',
    })
    const [first] = plan.data.steps as Shown[]
    expect(first?.operation).toBe('GET /customers')
  })
})

describe('what is changed', async () => {
  const store = await tenantWithStore()
  const planOf = async (message: string) => (await store.call('POST', '/api/chat', { message })).data

  it.each(['Show the customers and then delete order ord_3001', 'Find the customer Ada, then delete her orders'])(
    'is what is named and nothing beside it: %s',
    async (message) => {
      const plan = await planOf(message)
      expect(plan.effects).toEqual(['read'])
      expect(plan.assumptions.join()).toContain('is left out')
    },
  )

  it.each([
    'Delete customers in Berlin',
    "Cancel Ada's orders",
    'Cancel all orders except ord_3001',
    'Cancel every order that is not from Ada Lovelace',
    'Delete customers without an email',
    'Delete all customers named Test',
  ])('is asked for where several are meant and nothing tells which: %s', async (message) => {
    const plan = await planOf(message)
    expect([plan.status, plan.steps.length]).toEqual(['needs_input', 1])
    expect(plan.steps[0].bindings).toMatchObject([{ source: 'input' }])
  })

  it('takes ids where they are spoken of alone', async () => {
    const plan = await planOf('Cancel orders ord_3001 and ord_3002')
    expect(JSON.stringify(plan.definition.steps)).not.toContain('Idempotency-Key')
    expect(plan.steps.map(({ bindings }: { bindings: object[] }) => bindings)).toEqual(
      ['ord_3001', 'ord_3002'].map((value) => [{ target: 'orderId', in: 'path', source: 'literal', value }]),
    )
  })

  it.each([
    ['List the open orders', 'open'],
    ['List the orders that are still open', 'open'],
    ['Show me the big orders', 'big'],
  ])('tells which words find no place in the calls: %s', async (message, word) => {
    const plan = await planOf(message)
    expect(plan.steps.map(({ operation }: Shown) => operation)).toEqual(['GET /orders'])
    expect(plan.assumptions).toEqual([`“${word}” is not used: nothing in the operations takes it`])
  })

  it.each(['Find Ada Lovelace', 'Tell me everything about Ada Lovelace', 'Who is Ada Lovelace?'])(
    'looks somebody up where one kind of people can be searched: %s',
    async (message) => {
      const plan = await planOf(message)
      expect(plan.steps.map(({ operation }: Shown) => operation)).toEqual(['GET /customers'])
      expect(plan.steps[0].bindings).toMatchObject([{ target: 'search', value: 'Ada Lovelace' }])
    },
  )

  it('sets a field of what is named, where that has the field', async () => {
    const plan = await planOf('Increase the price of the Studio Headphones to 99')
    expect(plan.steps.map(({ operation }: Shown) => operation)).toEqual([
      'GET /products',
      'PATCH /products/{productId}',
    ])
    expect(plan.steps[1].bindings).toContainEqual(expect.objectContaining({ target: 'priceCents', value: '9900' }))
    expect((await planOf('Increase the volume of the Studio Headphones to 99')).definition).toBeNull()
  })

  it('deletes nobody for a name alone', async () => {
    expect((await planOf('Delete Ada Lovelace')).definition).toBeNull()
  })

  it.each([
    ['Show products that have not sold anything', 'that have not sold anything'],
    ['Show customers without a city', 'without a city'],
    ['Which product has the most orders?', 'most orders'],
    ['Refund half of order ord_3001', 'half of'],
  ])('tells what no list can be asked for: %s', async (message, phrase) => {
    const { assumptions } = await planOf(message)
    expect(assumptions).toContain(`“${phrase}” is not used: nothing in the operations takes it`)
  })

  it.each(['List the pending orders', 'List orders that are shipped', 'List recent orders', 'Show blue products'])(
    'has nothing to tell where all words do: %s',
    async (message) => {
      expect((await planOf(message)).assumptions).toEqual([])
    },
  )

  it('is the latest of what is asked for, not of those it is looked up by', async () => {
    const { steps } = await planOf("Cancel Ada Lovelace's latest order")
    expect(steps.map(({ title }: { title: string }) => title.replace(/ \(.*/, ''))).toEqual([
      'List customers',
      'List orders',
      'Take the one with the highest created at',
      'Cancel an order',
    ])
  })

  it('is given no name for a reason', async () => {
    const { steps } = await planOf('Refund 5 euros on order ord_3001 to Ada Lovelace')
    expect(JSON.stringify(steps)).not.toContain('"value":"Ada Lovelace"')
  })
})
