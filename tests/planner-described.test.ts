import { beforeAll, describe, expect, it } from 'vitest'
import { tenantWithStore } from './helpers.ts'
import { tenantWithTold } from './office.ts'

type Row = Record<string, unknown>
type Shown = { operation: string | null; bindings: { target: string; source: string; value: string }[] }

const text = { type: 'string' }
const whole = { type: 'integer' }
const object = (properties: object) => ({ type: 'object', properties })
const list = (items: object) => ({ type: 'array', items })
const ship = object({ id: text, name: text, flag: text, captainId: text, arrivedAt: { ...text, format: 'date-time' } })
const sailor = object({ id: text, name: text, rank: text })

/** An operation that reads, with what its path and its query take. */
const read = (operationId: string, summary: string, schema: object, path: Record<string, object> = {}, query = {}) => ({
  get: {
    operationId,
    summary,
    parameters: [
      ...Object.entries(path).map(([name, own]) => ({ name, in: 'path', required: true, schema: own })),
      ...Object.entries(query).map(([name, own]) => ({ name, in: 'query', schema: own })),
    ],
    responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
  },
})
const ofShip = { shipId: text }
const search = { search: text }

// A harbour that nobody has: lists of some of its ships and sailors beside the lists of all.
const paths = {
  '/ships': read('listShips', 'List ships', list(ship), {}, search),
  '/ships/in-port': read('listShipsInPort', 'List ships in port', list(ship)),
  '/ships/expected': read('listExpectedShips', 'List expected ships', list(ship)),
  '/ships/leaving': read('listLeavingShips', 'List ships leaving', list(ship)),
  '/ships/leaving-today': read('listShipsLeavingToday', 'List ships leaving today', list(ship)),
  '/ships/mine': read('listMyShips', 'List the ships of the current user', list(ship)),
  '/ships/{shipId}': read('getShip', 'Get a ship', ship, ofShip),
  '/ships/{shipId}/crew': read('getCrew', 'Get the crew of a ship', list(sailor), ofShip),
  '/ships/{shipId}/photos': read('getShipPhotos', 'Get photos of a ship', list(object({ url: text })), ofShip),
  '/ships/{shipId}/cargo': read('getCargo', 'Get the cargo of a ship', list(object({ good: text })), ofShip),
  '/ships/{shipId}/decks/{deck_number}': read('getDeck', 'Get a deck', object({ number: whole, cabins: whole }), {
    ...ofShip,
    deck_number: whole,
  }),
  '/ships/{shipId}/decks/{deck_number}/cabins/{cabin_number}/passengers': read(
    'getPassengers',
    'Get the passengers of a cabin',
    list(object({ name: text })),
    { ...ofShip, deck_number: whole, cabin_number: whole },
  ),
  '/sailors': read('listSailors', 'List sailors', list(sailor), {}, search),
  '/sailors/retired': read('listRetiredSailors', 'List retired sailors', list(sailor)),
  '/sailors/{sailorId}': read('getSailor', 'Get a sailor', sailor, { sailorId: text }),
  '/sailors/{sailorId}/certificates': read(
    'getCertificates',
    'Get the certificates of a sailor',
    list(object({ kind: text })),
    { sailorId: text },
  ),
  '/sailors/{sailorId}/photos': read('getSailorPhotos', 'Get photos of a sailor', list(object({ url: text })), {
    sailorId: text,
  }),
  '/berths/free': read('listFreeBerths', 'List free berths', list(object({ id: text, name: text }))),
  '/berths/{berthId}/fees': read('getFees', 'Get the fees of a berth', list(object({ amount: whole })), {
    berthId: text,
  }),
}

const aurora = { id: 'a', name: 'Aurora', flag: 'NO', captainId: 's1', arrivedAt: '2026-01-01T00:00:00Z' }
const bremen = { id: 'b', name: 'Bremen', flag: 'DE', captainId: 's2', arrivedAt: '2026-02-01T00:00:00Z' }
const calypso = { id: 'c', name: 'Calypso', flag: 'GR', captainId: 's3', arrivedAt: '2026-03-01T00:00:00Z' }
const told = {
  '/ships': [aurora, bremen, calypso],
  '/ships/in-port': [bremen, calypso],
  '/ships/expected': [calypso],
  '/ships/leaving-today': [bremen],
  '/ships/mine': [aurora],
  '/ships/b/crew': [{ id: 's2', name: 'Ben', rank: 'mate' }],
  '/ships/c/crew': [{ id: 's3', name: 'Cleo', rank: 'captain' }],
  '/ships/c/cargo': [{ good: 'salt' }],
  '/ships/c/photos': [{ url: 'c.png' }],
  '/ships/a/crew': [{ id: 's1', name: 'Ada', rank: 'captain' }],
  '/sailors/s1/photos': [{ url: 's1.png' }],
  '/sailors/retired': [{ id: 's9', name: 'Olaf', rank: 'captain' }],
  '/sailors/s9/certificates': [{ kind: 'radio' }],
  '/berths/free': [{ id: 'q4', name: 'Quay 4' }],
  '/berths/q4/fees': [{ amount: 12 }],
}

const harbour = await tenantWithTold('Harbour', paths, told)

const callsOf = (steps: readonly Shown[]) => steps.flatMap(({ operation }) => operation ?? [])

describe('a thing that is told of by words that are an operation themselves', () => {
  it.each([
    ['show the crew of a ship in port', ['GET /ships/in-port', 'GET /ships/{shipId}/crew'], 'Ben'],
    ['who is in the crew of the latest ship in port?', ['GET /ships/in-port', 'GET /ships/{shipId}/crew'], 'Cleo'],
    ['what is the cargo of a ship that is expected?', ['GET /ships/expected', 'GET /ships/{shipId}/cargo'], 'salt'],
    ["an expected ship's cargo", ['GET /ships/expected', 'GET /ships/{shipId}/cargo'], 'salt'],
    ['photos of the expected ships', ['GET /ships/expected', 'GET /ships/{shipId}/photos'], 'c.png'],
    ['the crew of a ship leaving today', ['GET /ships/leaving-today', 'GET /ships/{shipId}/crew'], 'Ben'],
    ['the crew of my latest ship', ['GET /ships/mine', 'GET /ships/{shipId}/crew'], 'Ada'],
    ['certificates of a retired sailor', ['GET /sailors/retired', 'GET /sailors/{sailorId}/certificates'], 'radio'],
    ['the fees of a free berth', ['GET /berths/free', 'GET /berths/{berthId}/fees'], '12'],
    [
      'photos of a sailor in the crew of the ship Aurora',
      ['GET /ships', 'GET /ships/{shipId}/crew', 'GET /sailors/{sailorId}/photos'],
      's1.png',
    ],
  ])('“%s” finds it by that', async (message, calls, answer) => {
    const plan = await harbour.plan(message)
    expect([plan.status, callsOf(plan.steps)]).toEqual(['ready', calls])
    const run = await harbour.run(plan)
    expect(run.data.status).toBe('succeeded')
    expect(JSON.stringify(run.data.output)).toContain(answer)
  })

  it('says that the first of them is taken, unless it is said which one is meant', async () => {
    const { assumptions } = await harbour.plan('show the crew of a ship in port')
    expect(assumptions).toEqual(['the first ship that is found is the one meant'])
    expect((await harbour.plan('show the crew of the latest ship in port')).assumptions).toEqual([])
  })

  it.each([
    ['list the ships in port', ['GET /ships/in-port']],
    ['which ships are expected?', ['GET /ships/expected']],
    ['which ships are leaving today?', ['GET /ships/leaving-today']],
    ['when did the latest ship in port arrive?', ['GET /ships/in-port']],
    ['what is the flag of the expected ship?', ['GET /ships/expected']],
    ['show the cargo of Aurora', ['GET /ships', 'GET /ships/{shipId}/cargo']],
  ])('“%s” takes no call more than it needs', async (message, calls) => {
    expect(callsOf((await harbour.plan(message)).steps)).toEqual(calls)
  })

  it.each([
    ['the passengers of the third cabin on the second deck of the ship Aurora', 'GET /ships'],
    ['the passengers of the third cabin on the second deck of a ship in port', 'GET /ships/in-port'],
  ])('“%s” takes the numbers that are said', async (message, first) => {
    const { steps } = await harbour.plan(message)
    const passengers = 'GET /ships/{shipId}/decks/{deck_number}/cabins/{cabin_number}/passengers'
    expect(callsOf(steps)).toEqual([first, passengers])
    const values = Object.fromEntries(
      (steps as Shown[]).at(-1)?.bindings.map(({ target, source, value }) => [target, `${source} ${value}`]) ?? [],
    )
    expect(values).toMatchObject({ deck_number: 'literal 2', cabin_number: 'literal 3' })
  })
})

describe('the newest, the latest, the oldest of a list', async () => {
  const tenant = await tenantWithStore()
  const store: Record<string, Row[]> = {}

  beforeAll(async () => {
    const headers = { 'x-store-key': tenant.store.apiKey }
    for (const name of ['customers', 'orders', 'refunds']) {
      store[name] = []
      for (let cursor: string | null = ''; cursor !== null;) {
        const reply: Response = await fetch(`${tenant.store.url}/${name}?limit=50${cursor}`, { headers })
        const { items, nextCursor } = (await reply.json()) as { items: Row[]; nextCursor: string | null }
        store[name].push(...items)
        cursor = nextCursor && `&cursor=${nextCursor}`
      }
    }
  })

  const last = (name: string) =>
    (store[name] ?? []).toSorted((a, b) => String(a['createdAt']).localeCompare(String(b['createdAt']))).at(-1) ?? {}
  const withId = (name: string, id: unknown) => (store[name] ?? []).find((row) => row['id'] === id) ?? {}

  async function answer(prompt: string): Promise<unknown> {
    const { data } = await tenant.call('POST', '/api/v1/query', { prompt })
    return data.rows
  }

  it.each(['show the orders of the newest customer', "show the newest customer's orders"])('%s', async (prompt) => {
    const expected = store['orders']?.filter((order) => order['customerId'] === last('customers')['id'])
    expect(await answer(prompt)).toEqual(expected)
  })

  it('counts what the newest customer has', async () => {
    const prompt = 'how many orders does the newest customer have?'
    const { data } = await tenant.call('POST', '/api/v1/query', { prompt })
    const expected = store['orders']?.filter((order) => order['customerId'] === last('customers')['id'])
    expect(callsOf(data.plan.steps)).toEqual(['GET /customers', 'GET /customers/{customerId}/orders'])
    expect(data.answer).toContain(String(expected?.length))
  })

  it.each([
    ['show the customer of the latest order', () => withId('customers', last('orders')['customerId'])],
    ['show the order of the latest refund', () => withId('orders', last('refunds')['orderId'])],
    [
      "the customer's email of the most recent refund",
      () => withId('customers', withId('orders', last('refunds')['orderId'])['customerId']),
    ],
  ])('%s', async (prompt, expected) => {
    expect(JSON.stringify(await answer(prompt))).toContain(String(expected()['id']))
  })

  it('takes the total of the latest order from the list of orders', async () => {
    const { data } = await tenant.call('POST', '/api/chat', { message: 'what is the total of the latest order?' })
    expect(callsOf(data.steps)).toEqual(['GET /orders'])
  })
})
