import { describe, expect, it } from 'vitest'
import { tenantWithMuseum } from './museum.ts'

describe('one search over things of many kinds', () => {
  it.each([
    ['who are the pupils of Rembrandt?', 'GET /painters/{id}/pupils', 'Dou'],
    ['list the paintings of Rembrandt', 'GET /painters/{id}/paintings', 'Night Watch'],
  ])('finds whose things are asked for: %s', async (message, operation, answer) => {
    const museum = await tenantWithMuseum()
    const plan = await museum.plan(message)
    const [search, asked, ...more] = plan.definition.steps
    expect([search.operation, search.parameters, asked.operation, more]).toEqual([
      'GET /search',
      { q: 'Rembrandt', type: ['painter'] },
      operation,
      [],
    ])
    expect(JSON.stringify((await museum.run(plan)).data)).toContain(answer)
  })

  it('finds what is done to: by its kind, its ids and its uri', async () => {
    const museum = await tenantWithMuseum()
    expect((await museum.run(await museum.plan('follow the painter Rembrandt'))).data.status).toBe('succeeded')
    const plan = await museum.plan('add the painting Milkmaid to my tour Focus')
    expect((await museum.run(plan)).data.status).toBe('succeeded')
    expect((await museum.changes()).map((line) => decodeURIComponent(line))).toEqual([
      expect.stringContaining('PUT /me/following?type=painter&ids=p1'),
      expect.stringContaining('POST /tours/t2/paintings?uris=museum:painting:w1'),
    ])
  })

  it('never takes a name for an id', async () => {
    const { definition } = await (await tenantWithMuseum()).plan('show the painter Rembrandt')
    expect(JSON.stringify(definition)).not.toContain('"ids":"Rembrandt"')
  })
})

describe('whoever calls', () => {
  it('is whom something is made for where nobody is named, and that is said', async () => {
    const museum = await tenantWithMuseum()
    const plan = await museum.plan('create a tour called Dutch Light')
    expect([plan.status, plan.assumptions]).toEqual(['ready', ['the user is whoever the credential belongs to']])
    expect((await museum.run(plan)).data.status).toBe('succeeded')
    expect(await museum.changes()).toEqual(['POST /users/u1/tours {"name":"Dutch Light"}'])
  })

  it('has things of their own', async () => {
    const { definition } = await (await tenantWithMuseum()).plan('show my tours')
    expect(definition.steps).toMatchObject([{ operation: 'GET /me/tours' }])
  })

  it('is never deleted for want of a name', async () => {
    const { status, definition } = await (await tenantWithMuseum()).plan('delete the user')
    expect([status, definition.steps.length]).toEqual(['needs_input', 1])
  })
})
