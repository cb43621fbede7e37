import { describe, expect, it } from 'vitest'
import { withPlainVerbs } from '../src/planner/language/phrasal.ts'
import { type Office, tenantWithTold } from './office.ts'

const text = { type: 'string' }
const object = (properties: object) => ({ type: 'object', properties })
const list = (items: object) => ({ type: 'array', items })
const answers = (schema: object, example?: object) => ({
  200: { description: 'ok', content: { 'application/json': { schema, ...(example ? { example } : {}) } } },
})
const takes = (properties: object, required: readonly string[]) => ({
  required: true,
  content: { 'application/json': { schema: { ...object(properties), required } } },
})
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: text })
const query = (name: string, required = false) => ({ name, in: 'query', required, schema: text })

const play = object({ id: text, name: text, premiere: text })
const person = object({ id: text, name: text })
const rehearsal = object({ id: text, name: text, play: text })
const guest = object({ id: text, name: text, email: { type: 'string', format: 'email' } })
const hand = object({ id: text, name: text, job: text })

/** A theatre: what its people do only the example of an answer tells. */
const paths = {
  '/plays': {
    get: { summary: 'Search plays', parameters: [query('query', true)], responses: answers(list(play)) },
    post: { summary: 'Create a play', requestBody: takes({ name: text }, ['name']), responses: answers(play) },
  },
  '/plays/{play_id}': {
    get: { summary: 'Get a play', parameters: [inPath('play_id')], responses: answers(play) },
  },
  '/plays/{play_id}/people': {
    get: {
      summary: 'Get people',
      parameters: [inPath('play_id')],
      responses: answers(list(hand), [{ id: 'h1', name: 'Ada', job: 'Director' }]),
    },
  },
  '/plays/{play_id}/reviews': {
    get: {
      summary: 'Get reviews',
      parameters: [inPath('play_id')],
      responses: answers(list(object({ id: text, critic: text }))),
    },
  },
  '/people': {
    get: { summary: 'Search people', parameters: [query('query', true)], responses: answers(list(person)) },
  },
  '/people/{person_id}/plays': {
    get: { summary: 'Get plays of a person', parameters: [inPath('person_id')], responses: answers(list(play)) },
  },
  '/plays/{play_id}/posters': {
    post: {
      summary: 'Add a poster to a play',
      parameters: [inPath('play_id')],
      requestBody: takes({ text }, []),
      responses: answers(object({ id: text })),
    },
  },
  '/guests': {
    get: { summary: 'List guests', parameters: [query('email')], responses: answers(list(guest)) },
  },
  '/guests/{guest_id}': {
    delete: { summary: 'Delete a guest', parameters: [inPath('guest_id')], responses: answers(object({})) },
  },
  '/rehearsals': {
    get: { summary: 'List rehearsals', responses: answers(list(rehearsal)) },
    post: {
      summary: 'Schedule a rehearsal',
      requestBody: takes({ name: text }, ['name']),
      responses: answers(rehearsal),
    },
  },
  '/rehearsals/{rehearsal_id}': {
    get: { summary: 'Get a rehearsal', parameters: [inPath('rehearsal_id')], responses: answers(rehearsal) },
    delete: { summary: 'Delete a rehearsal', parameters: [inPath('rehearsal_id')], responses: answers(object({})) },
  },
  '/rehearsals/{rehearsal_id}/seats': {
    put: {
      summary: 'Set the seats of a rehearsal',
      parameters: [inPath('rehearsal_id')],
      requestBody: takes({ available: { type: 'integer' } }, ['available']),
      responses: answers(object({})),
    },
  },
  '/rehearsals/{rehearsal_id}/moveAllProps': {
    post: {
      operationId: 'moveAllProps',
      summary: 'Move all props',
      parameters: [inPath('rehearsal_id')],
      responses: answers(object({})),
    },
  },
}

type Shown = { operation?: string; type: string }

describe('who somebody is to a thing', () => {
  it.each([
    ['who directed Hamlet?', ['GET /plays', 'GET /plays/{play_id}/people']],
    ['tell me who the director of Hamlet is', ['GET /plays', 'GET /plays/{play_id}/people']],
  ])('is found by the examples of an answer: %s', async (message, operations) => {
    expect(await operationsFor(message)).toEqual(operations)
  })
})

describe('what is there already', () => {
  it.each([
    ['open the rehearsal "Act two"', 'POST /rehearsals'],
    ['open my rehearsal Act Two', 'POST /rehearsals'],
    ['cancel the rehearsal "Act two"', 'POST /rehearsals'],
    ['put the rehearsal "Act two" into the evening', 'POST /rehearsals/{rehearsal_id}/moveAllProps'],
    ['put the play "Hamlet" on hold', 'POST /plays'],
    ['set the length of the rehearsal "Act two" to 5', 'PUT /rehearsals/{rehearsal_id}/seats'],
    ['rename the rehearsal "Act two" to Dusk', 'DELETE /rehearsals/{rehearsal_id}'],
  ])('is not done otherwise: %s', async (message, operation) => {
    expect(await operationsFor(message)).not.toContain(operation)
  })

  it('is looked up by what it is called, which is no id', async () => {
    const { definition } = await (await tenantWithTheatre()).plan('delete the rehearsal named Dawn')
    expect(definition.steps.map(({ operation, type }: Shown) => operation ?? type)).toEqual([
      'GET /rehearsals',
      'transform',
      'DELETE /rehearsals/{rehearsal_id}',
    ])
    expect(JSON.stringify(definition.steps.at(-1))).not.toContain('Dawn')
  })
})

describe('what is made', () => {
  it('is made with what is its own, each by its operation', async () => {
    expect(await operationsFor('create a play called Hamlet with a poster')).toEqual([
      'POST /plays',
      'POST /plays/{play_id}/posters',
    ])
  })

  it('is told where it is only looked up', async () => {
    const { assumptions } = await (await tenantWithTheatre()).plan('create a review of the play "Hamlet"')
    expect(assumptions).toContain('“create a review of the play "Hamlet"” is not done: it is only looked up')
  })
})

describe('the account of somebody', () => {
  it('is whoever has it, where nothing is called so', async () => {
    expect(await operationsFor("delete ada@example.com's account")).toEqual([
      'GET /guests',
      'DELETE /guests/{guest_id}',
    ])
  })
})

describe('verbs of two words', () => {
  it.each([
    ['kick bob out of the team', 'remove bob from the team'],
    ['Turn off click tracking', 'disable click tracking'],
    ['switch the lights on', 'enable the lights'],
    ['spins up a new server', 'creates a new server'],
    ['put the invoice card into Review', 'move the invoice card to Review'],
    ['put two contacts on the list', 'add two contacts to the list'],
    ['bring it back from the archive', 'unarchive it'],
    ['leave a remark', 'add a remark'],
    ['leave the team', 'leave the team'],
    ['turn on', 'turn on'],
    ['put the mug on sale', 'put the mug on sale'],
    ['take off at 5', 'take off at 5'],
  ])('mean what a plain one says: %s', (said, plain) => {
    expect(withPlainVerbs(said)).toBe(plain)
  })
})

async function operationsFor(message: string): Promise<(string | undefined)[]> {
  const { definition } = await (await tenantWithTheatre()).plan(message)
  return (definition?.steps ?? []).map(({ operation }: Shown) => operation)
}

function tenantWithTheatre(): Promise<Office> {
  return tenantWithTold('Theatre', paths, {})
}
