import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { customerChangesShape, newCustomerShape } from './bodies.ts'
import { customerOrdersQuery, customersQuery, idParam, writeHeaders } from './inputs.ts'
import { newestFirst, oldestFirst, paginate } from './paging.ts'
import { notFound, StoreError } from './problem.ts'
import { json, jsonBody, pageOf, problems } from './replies.ts'
import type { StoreEnv } from './replies.ts'
import { customerShape } from './schema.ts'
import type { Customer } from './schema.ts'
import { orderPage } from './orders.ts'
import type { Store } from './state.ts'

const tags = ['Customers']
const customerPage = pageOf('CustomerPage', customerShape)
const params = idParam('customerId', 'Id of the customer.', 'cus_1001')

const listCustomers = createRoute({
  method: 'get',
  path: '/customers',
  operationId: 'listCustomers',
  summary: 'List customers',
  description: 'Lists customers, oldest first. Use `search` to find one by name or e-mail address.',
  tags,
  request: { query: customersQuery },
  responses: { 200: json(customerPage, 'A page of customers.'), ...problems(400, 401) },
})

const createCustomer = createRoute({
  method: 'post',
  path: '/customers',
  operationId: 'createCustomer',
  summary: 'Add a customer',
  description: 'Adds a customer. Fails with 409 when the e-mail address is already taken.',
  tags,
  request: { headers: writeHeaders, body: jsonBody(newCustomerShape, 'The customer to add.') },
  responses: { 201: json(customerShape, 'The new customer.'), ...problems(400, 401, 409, 422) },
})

const getCustomer = createRoute({
  method: 'get',
  path: '/customers/{customerId}',
  operationId: 'getCustomer',
  summary: 'Read a customer',
  description: 'Reads one customer by id.',
  tags,
  request: { params },
  responses: { 200: json(customerShape, 'The customer.'), ...problems(400, 401, 404) },
})

const updateCustomer = createRoute({
  method: 'patch',
  path: '/customers/{customerId}',
  operationId: 'updateCustomer',
  summary: 'Change a customer',
  description: 'Changes the given fields of a customer and leaves the others alone.',
  tags,
  request: { params, headers: writeHeaders, body: jsonBody(customerChangesShape, 'The fields to change.') },
  responses: { 200: json(customerShape, 'The changed customer.'), ...problems(400, 401, 404, 409, 422) },
})

const deleteCustomer = createRoute({
  method: 'delete',
  path: '/customers/{customerId}',
  operationId: 'deleteCustomer',
  summary: 'Delete a customer',
  description: 'Deletes a customer for good. Fails with 409 when the customer has orders, in any state.',
  tags,
  request: { params, headers: writeHeaders },
  responses: { 204: { description: 'The customer is gone.' }, ...problems(400, 401, 404, 409, 422) },
})

const listCustomerOrders = createRoute({
  method: 'get',
  path: '/customers/{customerId}/orders',
  operationId: 'listCustomerOrders',
  summary: 'List the orders of a customer',
  description: 'Lists the orders of one customer, newest first, in every state or only one.',
  tags,
  request: { params, query: customerOrdersQuery },
  responses: { 200: json(orderPage, 'A page of orders.'), ...problems(400, 401, 404) },
})

function find(state: Store, id: string): Customer {
  const customer = state.customers.get(id)
  if (customer === undefined) throw notFound('customer', id)
  return customer
}

function claimEmail(state: Store, email: string, owner?: Customer): void {
  const wanted = email.toLowerCase()
  for (const customer of state.customers.values()) {
    if (customer === owner || customer.email.toLowerCase() !== wanted) continue
    throw new StoreError(409, `the e-mail address ${email} belongs to ${customer.id}`)
  }
}

/** The routes under /customers. */
export function customerRoutes(state: Store) {
  const app = new OpenAPIHono<StoreEnv>()

  app.openapi(listCustomers, (c) => {
    const query = c.req.valid('query')
    const search = query.search?.toLowerCase() ?? ''
    const city = query.city?.toLowerCase()
    const found = [...state.customers.values()]
      .filter((customer) => `${customer.name}\n${customer.email}`.toLowerCase().includes(search))
      .filter((customer) => city === undefined || customer.city?.toLowerCase() === city)
    return c.json(paginate(found, oldestFirst, query), 200)
  })

  app.openapi(createCustomer, (c) => {
    const { name, email, city } = c.req.valid('json')
    claimEmail(state, email)
    const createdAt = new Date().toISOString()
    const customer = { id: state.nextId('cus'), name, email, city: city ?? null, createdAt }
    state.customers.set(customer.id, customer)
    return c.json(customer, 201)
  })

  app.openapi(getCustomer, (c) => c.json(find(state, c.req.valid('param').customerId), 200))

  app.openapi(updateCustomer, (c) => {
    const customer = find(state, c.req.valid('param').customerId)
    const { name, email, city } = c.req.valid('json')
    if (email !== undefined) claimEmail(state, email, customer)
    customer.name = name ?? customer.name
    customer.email = email ?? customer.email
    if (city !== undefined) customer.city = city
    return c.json(customer, 200)
  })

  app.openapi(deleteCustomer, (c) => {
    const { id } = find(state, c.req.valid('param').customerId)
    const ordered = [...state.orders.values()].some((order) => order.customerId === id)
    if (ordered) throw new StoreError(409, `customer ${id} has orders and cannot be deleted`)
    state.customers.delete(id)
    return c.body(null, 204)
  })

  app.openapi(listCustomerOrders, (c) => {
    const { id } = find(state, c.req.valid('param').customerId)
    const query = c.req.valid('query')
    const found = [...state.orders.values()]
      .filter((order) => order.customerId === id)
      .filter((order) => query.status === undefined || order.status === query.status)
    return c.json(paginate(found, newestFirst, query), 200)
  })

  return app
}
