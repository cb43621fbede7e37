import { describe, expect, it } from 'vitest'
import { tenantWithTold, type Office } from './office.ts'

const text = { type: 'string' }
const object = (properties: object) => ({ type: 'object', properties })
const list = (items: object) => ({ type: 'array', items })
const page = (items: object) => object({ items: list(items), total: { type: 'integer' } })
const answers = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
const query = (name: string, schema: object = text, required = false, description = '') => {
  return { name, in: 'query', schema, required, description }
}
const kinds = (...values: string[]) => ({ type: 'string', enum: values })
const mayTake = (properties: object, required: string[] = []) => ({
  content: { 'application/json': { schema: { ...object(properties), required } } },
})

const thing = object({ id: text, name: text, uri: text })
const idsOf = (things: string) => query('ids', text, true, `A comma-separated list of the IDs of the ${things}.`)
const whom = [query('type', kinds('director', 'member'), true), query('ids', text, true)]

/** A cinema club that nobody has: what is screened, watched and kept is found by one search over things of many kinds. */
const paths = {
  '/search': {
    get: {
      summary: 'Search for items',
      parameters: [query('q', text, true), query('type', list(kinds('film', 'director', 'reel')), true)],
      responses: answers(object({ films: page(thing), directors: page(thing), reels: page(thing) })),
    },
  },
  '/films': {
    get: { summary: 'Get several films', parameters: [query('ids', text, true)], responses: answers(list(thing)) },
  },
  '/me/screen': { get: { summary: 'Get playback state', responses: answers(object({ on: { type: 'boolean' } })) } },
  '/me/screen/devices': {
    get: {
      summary: 'Get available devices',
      responses: answers(object({ devices: list(object({ id: text, name: text })) })),
    },
  },
  '/me/screen/play': {
    put: {
      summary: 'Start or resume playback',
      parameters: [query('device_id')],
      requestBody: mayTake({
        context_uri: { ...text, description: 'URI of what to show: films, directors or reels.' },
      }),
      responses: answers(object({})),
    },
  },
  '/me/following': {
    get: {
      summary: 'Get followed directors',
      parameters: [query('type', kinds('director'), true)],
      responses: answers(page(thing)),
    },
    put: {
      summary: 'Follow directors or members',
      parameters: whom,
      requestBody: mayTake({ ids: list(text) }, ['ids']),
      responses: answers(object({})),
    },
    delete: { summary: 'Unfollow directors or members', parameters: whom, responses: answers(object({})) },
  },
  '/me/following/contains': {
    get: {
      summary: 'Check if user follows directors or members',
      parameters: whom,
      responses: answers(list({ type: 'boolean' })),
    },
  },
  '/me/reels': {
    get: {
      summary: "Get user's saved reels",
      description: "Get a list of the clips saved in the current user's archive.",
      responses: answers(page(object({ saved_at: text, reel: thing }))),
    },
    put: {
      summary: 'Save reels for current user',
      parameters: [idsOf('reels')],
      requestBody: mayTake({ ids: list(text) }),
      responses: answers(object({})),
    },
  },
  '/me/reels/contains': {
    get: {
      summary: "Check user's saved reels",
      parameters: [idsOf('reels')],
      responses: answers(list({ type: 'boolean' })),
    },
  },
}

const told = {
  '/search': {
    films: { items: [{ id: 'f1', name: 'Vertigo', uri: 'club:film:f1' }], total: 1 },
    directors: { items: [{ id: 'd1', name: 'Agnes Varda', uri: 'club:director:d1' }], total: 1 },
    reels: { items: [{ id: 'r1', name: 'Sunrise', uri: 'club:reel:r1' }], total: 1 },
  },
}

const club = (): Promise<Office> => tenantWithTold('Club', paths, told)
const operationsOf = (plan: Awaited<ReturnType<Office['plan']>>) =>
  plan.definition.steps.map(({ operation }: { operation?: string }) => operation)

describe('what is done to what is only named', () => {
  it.each([
    ['Play Vertigo', 'PUT /me/screen/play {"context_uri":"club:film:f1"}'],
    ['Play the reel Sunrise', 'PUT /me/screen/play {"context_uri":"club:reel:r1"}'],
    ['Follow Agnes Varda', 'PUT /me/following?type=director&ids=d1'],
    ['unfollow Agnes Varda', 'DELETE /me/following?type=director&ids=d1'],
    ['Save the clip Sunrise', 'PUT /me/reels?ids=r1'],
  ])('%s', async (message, call) => {
    const office = await club()
    const plan = await office.plan(message)
    expect(operationsOf(plan)).toEqual(['GET /search', call.split(/[ ?]/).slice(0, 2).join(' ')])
    expect((await office.run(plan)).data.status).toBe('succeeded')
    expect((await office.changes()).map((line) => decodeURIComponent(line).trim())).toEqual([
      expect.stringContaining(call),
    ])
  })

  it('says of what kind it was taken to be', async () => {
    const { assumptions } = await (await club()).plan('Follow Agnes Varda')
    expect(assumptions).toContain('“Agnes Varda” is taken for what the director is called')
  })
})

describe('whether something is so', () => {
  it.each([
    ['am I following Agnes Varda?', 'GET /me/following/contains'],
    ['is the clip Sunrise in my archive?', 'GET /me/reels/contains'],
  ])('is checked: %s', async (message, operation) => {
    const plan = await (await club()).plan(message)
    expect([plan.status, operationsOf(plan)]).toEqual(['ready', ['GET /search', operation]])
  })
})
