import { tenantWithTold, type Office } from './office.ts'

const text = { type: 'string' }
const object = (properties: object) => ({ type: 'object', properties })
const list = (items: object) => ({ type: 'array', items })
const page = (items: object) => object({ items: list(items), total: { type: 'integer' } })
const answers = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: text })
const query = (name: string, schema: object = text, required = false) => ({ name, in: 'query', schema, required })
const kinds = (...values: string[]) => ({ type: 'string', enum: values })

const painter = object({ id: text, name: text, uri: text, born: { type: 'integer' } })
const painting = object({ id: text, name: text, uri: text, year: { type: 'integer' } })
const tour = object({ id: text, name: text, public: { type: 'boolean' } })
const user = object({ id: text, display_name: text })

/** A museum that nobody has: one search over things of many kinds, and what belongs to whoever calls. */
const paths = {
  '/search': {
    get: {
      summary: 'Search for items',
      parameters: [query('q', text, true), query('type', list(kinds('painter', 'painting', 'tour')), true)],
      responses: answers(object({ painters: page(painter), paintings: page(painting), tours: page(tour) })),
    },
  },
  '/painters': {
    get: {
      summary: 'Get several painters',
      parameters: [query('ids', text, true)],
      responses: answers(object({ painters: list(painter) })),
    },
  },
  '/painters/{id}': { get: { summary: 'Get painter', parameters: [inPath('id')], responses: answers(painter) } },
  '/painters/{id}/paintings': {
    get: { summary: "Get painter's paintings", parameters: [inPath('id')], responses: answers(page(painting)) },
  },
  '/painters/{id}/pupils': {
    get: { summary: "Get painter's pupils", parameters: [inPath('id')], responses: answers(page(painter)) },
  },
  '/paintings/{id}': { get: { summary: 'Get painting', parameters: [inPath('id')], responses: answers(painting) } },
  '/me': { get: { summary: "Get current user's profile", responses: answers(user) } },
  '/me/tours': { get: { summary: "Get current user's tours", responses: answers(page(tour)) } },
  '/me/following': {
    put: {
      summary: 'Follow painters or users',
      parameters: [query('type', kinds('painter', 'user'), true), query('ids', text, true)],
      responses: answers(object({})),
    },
  },
  '/users/{user_id}': {
    get: { summary: "Get user's profile", parameters: [inPath('user_id')], responses: answers(user) },
    delete: { summary: 'Delete user', parameters: [inPath('user_id')], responses: answers(object({})) },
  },
  '/users/{user_id}/tours': {
    post: {
      summary: 'Create tour',
      parameters: [inPath('user_id')],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { ...object({ name: text }), required: ['name'] } } },
      },
      responses: answers(tour),
    },
  },
  '/tours/{tour_id}/paintings': {
    post: {
      summary: 'Add paintings to tour',
      parameters: [inPath('tour_id'), query('uris')],
      responses: answers(object({})),
    },
  },
}

const told = {
  '/search': {
    painters: { items: [{ id: 'p1', name: 'Rembrandt', uri: 'museum:painter:p1' }], total: 1 },
    paintings: { items: [{ id: 'w1', name: 'Milkmaid', uri: 'museum:painting:w1' }], total: 1 },
    tours: { items: [{ id: 't9', name: 'Focus' }], total: 1 },
  },
  '/painters/p1/pupils': { items: [{ id: 'p2', name: 'Dou' }], total: 1 },
  '/painters/p1/paintings': { items: [{ id: 'w2', name: 'Night Watch' }], total: 1 },
  '/me': { id: 'u1', display_name: 'Ada' },
  '/me/tours': {
    items: [
      { id: 't1', name: 'Dawn' },
      { id: 't2', name: 'Focus' },
    ],
    total: 2,
  },
}

/** A tenant with the museum connected. */
export function tenantWithMuseum(): Promise<Office> {
  return tenantWithTold('Museum', paths, told)
}
