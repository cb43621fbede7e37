import { describe, expect, it } from 'vitest'
import { tenantWithStore } from './helpers.ts'
import { tenantWithNursery } from './nursery.ts'

type Shown = { operation: string | null; bindings: { target: string; source: string; value: string }[] }

const callsOf = (steps: readonly Shown[]) => steps.flatMap(({ operation }) => operation ?? [])

const nursery = await tenantWithNursery()
const planned = async (message: string) => {
  const { status, steps } = await nursery.plan(message)
  return [status, ...callsOf(steps)]
}

/** Plans and runs a message in a nursery of its own; gives its calls and what was sent to change something. */
async function done(message: string) {
  const own = await tenantWithNursery()
  const plan = await own.plan(message)
  expect(plan.status).toBe('ready')
  const { data } = await own.run(plan)
  expect(data.status).toBe('succeeded')
  return { calls: callsOf(plan.steps), sent: (await own.changes()).map(decodeURIComponent) }
}

const GROWER = ['GET /growers', 'GET /growers/{growerId}/plants']

describe('what something is done to', () => {
  it.each([
    ['save the newest plant of Ada Holm', 'PUT /me/plants?ids=p2'],
    ['save the newest plant of the grower Ada Holm', 'PUT /me/plants?ids=p2'],
    ["save Ada Holm's newest plant", 'PUT /me/plants?ids=p2'],
    ['save the first plant of the grower Ada Holm', 'PUT /me/plants?ids=p1'],
  ])('is found as it is told of: %s', async (message, sent) => {
    expect(await done(message)).toEqual({ calls: [...GROWER, 'PUT /me/plants'], sent: [sent] })
  })

  it.each([
    'add the first plant of Ada Holm to my bed Herbs',
    'add the first plant of the grower Ada Holm to my bed Herbs',
  ])('goes to what it is said to go to: %s', async (message) => {
    expect(await done(message)).toEqual({
      calls: [...GROWER, 'GET /me/beds', 'POST /beds/{bedId}/plants'],
      sent: ['POST /beds/b2/plants {"plantIds":["p1"]}'],
    })
  })

  it.each([
    ['save the 2 newest plants of Ada Holm', ['PUT /me/plants?ids=p2,p4']],
    ['save the first three plants of the grower Ada Holm', ['PUT /me/plants?ids=p1,p2,p3']],
    [
      'add the top 3 plants of the grower Ada Holm to my bed Herbs',
      ['POST /beds/b2/plants {"plantIds":["p1","p2","p3"]}'],
    ],
    ['add the 2 newest plants of Ada Holm to my bed Herbs', ['POST /beds/b2/plants {"plantIds":["p2","p4"]}']],
    ['add the plants of Ada Holm to my bed Herbs', ['POST /beds/b2/plants {"plantIds":["p1","p2","p3","p4"]}']],
  ])('is all of several where a list or a text of them is taken: %s', async (message, sent) => {
    expect((await done(message)).sent).toEqual(sent)
  })

  it('is somebody like the one who is named, and not that one', async () => {
    expect(await done('follow the first grower similar to Ada Holm')).toEqual({
      calls: ['GET /growers', 'GET /growers/{growerId}/similar', 'PUT /growers/{growerId}/follow'],
      sent: ['PUT /growers/g7/follow'],
    })
  })

  it.each([
    'follow the growers similar to Ada Holm',
    'follow the second grower similar to Ada Holm',
    'follow the second grower similar to the grower Ada Holm',
  ])('is asked about rather than taken for the first of several: %s', async (message) => {
    const { status, steps } = await nursery.plan(message)
    expect([status, steps]).toEqual(['needs_choice', []])
  })

  it('is only looked up, and said to be, where nothing does it to just that', async () => {
    const message = 'save the second plant of Ada Holm'
    const { effects, assumptions } = await nursery.plan(message)
    expect(effects).toEqual(['read'])
    expect(assumptions).toContain(`“${message}” is not done: it is only looked up`)
  })

  it.each([
    'add the first plant of Ada Holm to my first bed',
    'add the two tallest plants of Ada Holm to my bed Herbs',
  ])('is no id by its name: %s', async (message) => {
    const { status, steps } = await nursery.plan(message)
    expect(status).toBe('needs_input')
    expect(JSON.stringify(steps.at(-1).bindings)).not.toContain('Ada Holm')
  })
})

describe('the one that comes first by something', () => {
  it.each([
    ['cancel the cheapest consignment', 'POST /consignments/c2/cancel'],
    ['cancel the most expensive consignment', 'POST /consignments/c3/cancel'],
    ['cancel the latest consignment', 'POST /consignments/c3/cancel'],
    ['cancel the oldest swap', 'POST /swaps/s1/cancel'],
  ])('is that one where a field tells it: %s', async (message, sent) => {
    expect((await done(message)).sent.map((line) => line.split(' {')[0])).toEqual([sent])
  })

  it.each([
    ['cancel the cheapest swap', 'swapId'],
    ['cancel the largest swap', 'swapId'],
    ['cancel the second swap', 'swapId'],
    ['cancel the latest swap about shoes', 'swapId'],
    ['cancel the latest swap of roses', 'swapId'],
    ['cancel the oldest swap with mud', 'swapId'],
    ['cancel the latest consignment that annoys us', 'consignmentId'],
    ['cancel the latest parcel about roses', 'consignmentId'],
  ])('is asked for where nothing tells which that is: %s', async (message, target) => {
    const { status, steps } = await nursery.plan(message)
    expect([status, steps.length]).toEqual(['needs_input', 1])
    expect(steps[0].bindings).toMatchObject([{ target, source: 'input' }])
  })

  it('is asked for in a store where plain words tell of it', async () => {
    const { call } = await tenantWithStore()
    const { data } = await call('POST', '/api/chat', { message: 'cancel the latest order about shoes' })
    expect([data.status, ...callsOf(data.steps)]).toEqual(['needs_input', 'POST /orders/{orderId}/cancel'])
    expect(data.steps[0].bindings).toMatchObject([{ target: 'orderId', source: 'input' }])
  })
})

describe('what people call otherwise than an API does', () => {
  it.each([
    ['list the customers', 'GET /buyers'],
    ['show all clients', 'GET /buyers'],
    ['find the customer Mona Dahl', 'GET /buyers'],
    ['what is the email of the shopper Mona Dahl?', 'GET /buyers'],
    ['show the parcels', 'GET /consignments'],
    ['reject swap s1', 'POST /swaps/{swapId}/decline'],
    ['deny the swap s2', 'POST /swaps/{swapId}/decline'],
  ])('is meant by that: %s', async (message, call) => {
    expect(await planned(message)).toEqual(['ready', call])
  })

  it.each([
    ['list the shops', 'GET /shops'],
    ['list the stores', 'GET /stores'],
    ['cancel swap s1', 'POST /swaps/{swapId}/cancel'],
  ])('is left alone where the API calls something so: %s', async (message, call) => {
    expect(await planned(message)).toEqual(['ready', call])
  })

  it('is what something is done to as well', async () => {
    const { sent } = await done('cancel the cheapest parcel')
    expect(sent.map((line) => line.split(' {')[0])).toEqual(['POST /consignments/c2/cancel'])
  })
})

describe('what is put into something', () => {
  it.each([
    'put the first plant of Ada Holm into my bed Herbs',
    'can you put the first plant of the grower Ada Holm into my Herbs bed',
  ])('is added to it, where nothing says of one of them where it is: %s', async (message) => {
    expect((await done(message)).sent).toEqual(['POST /beds/b2/plants {"plantIds":["p1"]}'])
  })

  it.each([
    'create a bed called Spring with the 2 newest plants of Ada Holm',
    'create a bed with the 2 newest plants of Ada Holm called Spring',
    'create a bed called Spring, then add the 2 newest plants of Ada Holm to it',
  ])('is put into what is made for it: %s', async (message) => {
    expect(await done(message)).toEqual({
      calls: ['POST /beds', ...GROWER, 'POST /beds/{bedId}/plants'],
      sent: ['POST /beds {"name":"Spring"}', 'POST /beds/new_1/plants {"plantIds":["p2","p4"]}'],
    })
  })

  it('does not give its name to what is made for it', async () => {
    const { status, steps } = await nursery.plan('create a bed of all plants of Ada Holm')
    const names = steps.flatMap(({ bindings }: Shown) => bindings.filter(({ target }) => target === 'name'))
    expect(status).toBe('needs_input')
    expect(names.map(({ source }: { source: string }) => source)).toEqual(['input'])
  })
})
