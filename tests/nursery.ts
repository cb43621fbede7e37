import { tenantWithTold, type Office } from './office.ts'

type Schema = Record<string, unknown>

const text = { type: 'string' }
const moment = { type: 'string', format: 'date-time' }
const object = (properties: Schema) => ({ type: 'object', properties })
const list = (items: Schema) => ({ type: 'array', items })
const page = (items: Schema) => object({ items: list(items) })
const responses = (schema: Schema) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: text })
const inQuery = (name: string, required = false, description = '') => {
  return { name, in: 'query', required, description, schema: text }
}
const operation = (summary: string, schema: Schema, parameters: object[] = [], body: Schema | null = null) => ({
  summary,
  parameters,
  ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
  responses: responses(schema),
})
const nothing = object({})

const grower = object({ id: text, name: text, town: text })
const plant = object({ id: text, name: text, createdAt: moment, height: { type: 'number' } })
const bed = object({ id: text, name: text })
const buyer = object({ id: text, name: text, email: { ...text, format: 'email' } })
const swap = object({ id: text, plantId: text, createdAt: moment })
const consignment = object({ id: text, totalCents: { type: 'integer', description: 'In cents.' }, createdAt: moment })

/** A nursery that nobody has: growers with their plants, beds of whoever calls, and what becomes of both. */
const paths = {
  '/growers': { get: operation('Search growers', page(grower), [inQuery('search', true)]) },
  '/growers/{growerId}': { get: operation('Get a grower', grower, [inPath('growerId')]) },
  '/growers/{growerId}/plants': { get: operation("Get a grower's plants", page(plant), [inPath('growerId')]) },
  '/growers/{growerId}/similar': { get: operation('Get similar growers', page(grower), [inPath('growerId')]) },
  '/growers/{growerId}/follow': { put: operation('Follow a grower', nothing, [inPath('growerId')]) },
  '/plants': { get: operation('Search plants', page(plant), [inQuery('search', true)]) },
  '/plants/{plantId}': { get: operation('Get a plant', plant, [inPath('plantId')]) },
  '/me/plants': {
    put: operation('Save plants for the current user', nothing, [
      inQuery('ids', true, 'Comma-separated ids of plants.'),
    ]),
  },
  '/me/beds': { get: operation("Get the current user's beds", page(bed)) },
  '/beds': { post: operation('Create a bed', bed, [], { ...object({ name: text }), required: ['name'] }) },
  '/beds/{bedId}/plants': {
    post: operation('Add plants to a bed', nothing, [inPath('bedId')], {
      ...object({ plantIds: list(text) }),
      required: ['plantIds'],
    }),
  },
  '/swaps': { get: operation('List swaps', list(swap)) },
  '/swaps/{swapId}/decline': { post: operation('Decline a swap', swap, [inPath('swapId')]) },
  '/swaps/{swapId}/cancel': { post: operation('Cancel a swap', swap, [inPath('swapId')]) },
  '/buyers': { get: operation('List buyers', list(buyer), [inQuery('search')]) },
  '/shops': { get: operation('List shops', list(bed)) },
  '/stores': { get: operation('List stores', list(bed)) },
  '/consignments': { get: operation('List consignments', list(consignment)) },
  '/consignments/{consignmentId}/cancel': {
    post: operation('Cancel a consignment', consignment, [inPath('consignmentId')]),
  },
}

const plants = [
  { id: 'p1', name: 'Sorrel', createdAt: '2026-02-01T00:00:00Z', height: 40 },
  { id: 'p2', name: 'Tansy', createdAt: '2026-05-01T00:00:00Z', height: 90 },
  { id: 'p3', name: 'Rue', createdAt: '2026-01-01T00:00:00Z', height: 60 },
  { id: 'p4', name: 'Lovage', createdAt: '2026-03-01T00:00:00Z', height: 180 },
]

const told = {
  '/growers': { items: [{ id: 'g1', name: 'Ada Holm', town: 'Lund' }] },
  '/growers/g1/plants': { items: plants },
  '/growers/g1/similar': {
    items: [
      { id: 'g7', name: 'Bo Ek' },
      { id: 'g8', name: 'Cy Alm' },
    ],
  },
  '/me/beds': {
    items: [
      { id: 'b1', name: 'Shade' },
      { id: 'b2', name: 'Herbs' },
    ],
  },
  '/swaps': [
    { id: 's1', plantId: 'p1', createdAt: '2026-01-01T00:00:00Z' },
    { id: 's2', plantId: 'p2', createdAt: '2026-02-01T00:00:00Z' },
  ],
  '/consignments': [
    { id: 'c1', totalCents: 5000, createdAt: '2026-01-01T00:00:00Z' },
    { id: 'c2', totalCents: 900, createdAt: '2026-02-01T00:00:00Z' },
    { id: 'c3', totalCents: 7000, createdAt: '2026-03-01T00:00:00Z' },
  ],
}

/** A tenant with the nursery connected. */
export function tenantWithNursery(): Promise<Office> {
  return tenantWithTold('Nursery', paths, told)
}
