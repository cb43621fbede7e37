import { describe, expect, it } from 'vitest'
import { tenantWithTold, type Office } from './office.ts'

const text = { type: 'string' }
const object = (properties: object) => ({ type: 'object', properties })
const answers = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
const id = { name: 'id', in: 'path', required: true, schema: text }
const item = (summary: string, schema: object) => ({
  get: { summary, parameters: [id], responses: answers(object({ data: schema })) },
})
const listOf = (summary: string, schema: object, parameters: readonly object[] = []) => ({
  get: { summary, parameters, responses: answers(object({ data: { type: 'array', items: schema } })) },
})

const harbour = object({ id: text, name: text, town: text })
const ship = object({ id: text, name: text, draught: text })
// That is what pilots are licensed for, and no number of a harbour.
const pilot = object({ id: text, name: text, grade: { type: 'string', enum: ['5', '6', '7'] } })

/** Harbours, ships and pilots, each of which is had by way of either of the others. */
const paths = {
  '/harbours/{id}': item('Returns a specific harbour', harbour),
  '/harbours/{id}/ships': listOf('Returns the ships in a harbour', ship, [id]),
  '/harbours/{id}/pilots': listOf('Returns the pilots of a harbour', pilot, [id]),
  '/ships': listOf('Returns a list of ships', ship),
  '/ships/{id}': item('Returns a specific ship', ship),
  '/ships/{id}/harbour': item('Returns the harbour of a ship', harbour),
  '/ships/{id}/pilots': listOf('Returns the pilots of a ship', pilot, [id]),
  '/pilots': listOf('Returns a list of pilots', pilot),
  '/pilots/{id}/harbours': listOf('Returns the harbours of a pilot', harbour, [id]),
  '/pilots/{id}/ships': listOf('Returns the ships of a pilot', ship, [id]),
}

type Shown = { operation: string; parameters: Record<string, unknown> }

const HARBOUR = ['GET /harbours/{id}', 'GET /harbours/{id}/ships', 'GET /harbours/{id}/pilots']

describe('what belongs to one thing', () => {
  it.each([
    ['show harbour 7 with its ships and pilots', HARBOUR],
    ['Retrieve the data for a specific harbour, including its ships, and its pilots', HARBOUR],
    ["A harbour's detailed profile and all that belongs to it, such as its ships and pilots", HARBOUR],
    ['Provides a view of the harbour, including lists of ships and pilots', HARBOUR],
    ['get ship 3 and its harbour', ['GET /ships/{id}', 'GET /ships/{id}/harbour']],
    ['Retrieves ships within the harbour', ['GET /harbours/{id}/ships']],
    ['list the harbours for pilot 6', ['GET /pilots/{id}/harbours']],
  ])('is had by way of that: %s', async (message, operations) => {
    const { definition } = await (await tenantWithHarbours()).plan(message)
    expect(definition.steps.map(({ operation }: Shown) => operation)).toEqual(operations)
  })

  it('takes the number of that for its own alone', async () => {
    const { definition } = await (await tenantWithHarbours()).plan('show me the ships and the pilots of harbour 7')
    expect(definition.steps).toEqual([
      expect.objectContaining({ operation: 'GET /harbours/{id}/ships', parameters: { id: '7' } }),
      expect.objectContaining({ operation: 'GET /harbours/{id}/pilots', parameters: { id: '7' } }),
    ])
  })

  it('is asked for once where nobody says which thing it is', async () => {
    const { missing, definition } = await (
      await tenantWithHarbours()
    ).plan('list the ships and the pilots of a harbour')
    expect(missing.map(({ name }: { name: string }) => name)).toEqual(['harbourId'])
    expect(definition.steps.map(({ parameters }: Shown) => parameters)).toEqual([
      { id: '{{ input.harbourId }}' },
      { id: '{{ input.harbourId }}' },
    ])
  })

  it('is asked for twice where two are meant', async () => {
    const { missing } = await (
      await tenantWithHarbours()
    ).plan('list the ships of a harbour and the pilots of another harbour')
    expect(missing).toHaveLength(2)
  })
})

function tenantWithHarbours(): Promise<Office> {
  return tenantWithTold('Harbours', paths, {})
}
