import { tenantWithTold, type Office } from './office.ts'

type Schema = Record<string, unknown>

const text = { type: 'string' }
const whole = { type: 'integer' }
const mail = { type: 'string', format: 'email' }
const moment = { type: 'string', format: 'date-time' }
const day = { type: 'string', format: 'date' }
const choice = (...values: string[]) => ({ type: 'string', enum: values })
const object = (properties: Schema, required: string[] = []) => ({ type: 'object', properties, required })
const page = (items: Schema) => object({ results: { type: 'array', items } })

const person = { first_name: text, last_name: text, email: mail, phone_number: text, job_title: text }
const contact = object({ id: whole, ...person, company_id: whole, created_at: moment })
const company = object({ id: whole, name: text, industry: text })
const cents = { type: 'integer', description: 'Price in cents.' }
const product = object({ id: whole, name: text, shelf: choice('garden', 'kitchen'), price_cents: cents, stock: whole })
const status = choice('pending', 'paid', 'shipped', 'cancelled')
const order = object({ id: whole, contact_id: whole, status, total: { type: 'number' }, placed_on: day, due_on: day })
const lines = { type: 'array', items: object({ product_id: text, quantity: whole }, ['product_id', 'quantity']) }

const query = (parameters: Schema) =>
  Object.entries(parameters).map(([name, schema]) => ({ name, in: 'query', schema }))
const operation = (operationId: string, summary: string, schema: Schema, more: Schema = {}) => ({
  operationId,
  summary,
  ...more,
  responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
})
const takes = (properties: Schema, required: string[] = []) => ({
  requestBody: { required: true, content: { 'application/json': { schema: object(properties, required) } } },
})
const byId = (name: string) => ({ parameters: [{ name, in: 'path', required: true, schema: whole }] })

/** A shop that nobody has, in the style of many: snake case, pages of results, a path for each thing. */
const paths = {
  '/contacts': {
    get: operation('list_contacts', 'List contacts', page(contact), {
      parameters: query({ email: mail, company_id: whole, created_after: moment, created_before: moment }),
    }),
    post: operation('create_contact', 'Create a contact', contact, takes(person, ['email'])),
  },
  '/contacts/{contact_id}': {
    ...byId('contact_id'),
    get: operation('get_contact', 'Get a contact', contact),
    patch: operation('update_contact', 'Update a contact', contact, takes(person)),
    delete: operation('delete_contact', 'Delete a contact', object({})),
  },
  '/companies': {
    get: operation('list_companies', 'List companies', page(company), { parameters: query({ name: text }) }),
  },
  '/products': {
    get: operation('list_products', 'List products', page(product), {
      parameters: query({ shelf: choice('garden', 'kitchen'), max_price: cents }),
    }),
  },
  '/products/{product_id}': {
    ...byId('product_id'),
    get: operation('get_product', 'Get a product', product),
    patch: operation(
      'update_product',
      'Update a product',
      product,
      takes({ name: text, price_cents: cents, stock: whole }),
    ),
  },
  '/orders': {
    get: operation('list_orders', 'List orders', page(order), {
      parameters: query({ status, contact_id: whole, since: day }),
    }),
    post: operation(
      'create_order',
      'Place an order',
      order,
      takes({ contact_id: whole, items: lines }, ['contact_id', 'items']),
    ),
  },
  '/orders/{order_id}': { ...byId('order_id'), get: operation('get_order', 'Get an order', order) },
  '/orders/{order_id}/cancel': { ...byId('order_id'), post: operation('cancel_order', 'Cancel an order', order) },
}

const contacts = [
  {
    id: 7,
    first_name: 'Ada',
    last_name: 'Byron',
    email: 'ada@example.com',
    phone_number: '1',
    created_at: '2026-01-05T09:00:00Z',
  },
  {
    id: 8,
    first_name: 'Bo',
    last_name: 'Lund',
    email: 'bo@example.com',
    phone_number: '2',
    created_at: '2026-02-05T09:00:00Z',
  },
]
const products = [
  { id: 1, name: 'Rake', shelf: 'garden', price_cents: 1000, stock: 4 },
  { id: 2, name: 'Pan', shelf: 'kitchen', price_cents: 2500, stock: 40 },
]
const orders = [
  { id: 5, contact_id: 7, status: 'pending', total: 20, placed_on: '2026-01-31', due_on: '2026-02-07' },
  { id: 6, contact_id: 7, status: 'shipped', total: 90, placed_on: '2026-02-01', due_on: '2026-02-08' },
]

/** A tenant with a shop of their own connected. */
export function tenantWithShop(): Promise<Office> {
  const one = (path: string, all: readonly { id: number }[]) => all.map((each) => [`${path}/${each.id}`, each])
  const lists = { '/contacts': contacts, '/companies': [], '/products': products, '/orders': orders }
  return tenantWithTold('Shop', paths, {
    ...Object.fromEntries(Object.entries(lists).map(([path, results]) => [path, { results }])),
    ...Object.fromEntries(Object.entries(lists).flatMap(([path, all]) => one(path, all))),
  })
}
