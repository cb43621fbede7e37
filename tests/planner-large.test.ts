import { expect, it } from 'vitest'
import { tenantWithTold, type Office } from './office.ts'

const text = { type: 'string' }
const shelf = { type: 'object', properties: { id: text, name: text } }
const answers = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
const hall = { name: 'hall', in: 'path', required: true, schema: text }
const body = {
  required: true,
  content: { 'application/json': { schema: { type: 'object', required: ['name'], properties: { name: text } } } },
}

const own = {
  '/visitor/shelves': {
    get: {
      summary: 'List shelves for the authenticated user',
      responses: answers({ type: 'array', items: shelf }),
    },
    post: {
      summary: 'Create a shelf for the authenticated user',
      requestBody: body,
      responses: answers(shelf),
    },
  },
}

const aisles = Object.fromEntries(
  Array.from({ length: 200 }, (_, at) => [
    `/halls/{hall}/aisle-${at}/shelves`,
    {
      get: { summary: 'List shelves', parameters: [hall], responses: answers({ type: 'array', items: shelf }) },
      post: {
        summary: 'Create a shelf label',
        parameters: [hall],
        requestBody: body,
        responses: answers({ type: 'object', properties: {} }),
      },
    },
  ]),
)

/** A warehouse in which hundreds of operations have to do with shelves, so that words alone find too many of them. */
function tenantWithWarehouse(): Promise<Office> {
  return tenantWithTold('Warehouse', { ...aisles, ...own }, {})
}

it('what belongs to whoever calls is found among hundreds', async () => {
  const { definition } = await (await tenantWithWarehouse()).plan('list my shelves')
  expect(definition?.steps).toMatchObject([{ operation: 'GET /visitor/shelves' }])
})

it('a long message asks no more of the database than it takes', async () => {
  const warehouse = await tenantWithWarehouse()
  const parts = Array.from({ length: 20 }, (_, at) => `create my shelf ${at} called Top${at}`)
  expect((await warehouse.call('POST', '/api/chat', { message: parts.join(', then ') })).status).toBe(201)
})
