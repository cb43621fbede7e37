import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { z } from '@hono/zod-openapi'
import { newProductShape, productChangesShape } from './bodies.ts'
import { idParam, productsQuery, writeHeaders } from './inputs.ts'
import { oldestFirst, paginate } from './paging.ts'
import type { Ordering } from './paging.ts'
import { notFound } from './problem.ts'
import { json, jsonBody, pageOf, problems } from './replies.ts'
import type { StoreEnv } from './replies.ts'
import { currency, productShape } from './schema.ts'
import type { Product } from './schema.ts'
import type { Store } from './state.ts'

const tags = ['Products']
const params = idParam('productId', 'Id of the product.', 'prd_2001')

const listProducts = createRoute({
  method: 'get',
  path: '/products',
  operationId: 'listProducts',
  summary: 'List products',
  description: 'Lists products by shelf, price or stock. Use `search` to find one by name or description.',
  tags,
  request: { query: productsQuery },
  responses: { 200: json(pageOf('ProductPage', productShape), 'A page of products.'), ...problems(400, 401) },
})

const createProduct = createRoute({
  method: 'post',
  path: '/products',
  operationId: 'createProduct',
  summary: 'Add a product',
  description: 'Adds a product to a shelf, without stock unless some is given.',
  tags,
  request: { headers: writeHeaders, body: jsonBody(newProductShape, 'The product to add.') },
  responses: { 201: json(productShape, 'The new product.'), ...problems(400, 401, 422) },
})

const getProduct = createRoute({
  method: 'get',
  path: '/products/{productId}',
  operationId: 'getProduct',
  summary: 'Read a product',
  description: 'Reads one product by id, with its price and stock.',
  tags,
  request: { params },
  responses: { 200: json(productShape, 'The product.'), ...problems(400, 401, 404) },
})

const updateProduct = createRoute({
  method: 'patch',
  path: '/products/{productId}',
  operationId: 'updateProduct',
  summary: 'Change a product',
  description: 'Changes the given fields of a product, for example its price or stock. Placed orders keep their price.',
  tags,
  request: { params, headers: writeHeaders, body: jsonBody(productChangesShape, 'The fields to change.') },
  responses: { 200: json(productShape, 'The changed product.'), ...problems(400, 401, 404, 422) },
})

const orderings: Record<'name' | 'price' | '-price', Ordering<Product>> = {
  name: { name: 'name', key: (product) => product.name.toLowerCase() },
  price: { name: 'price', key: (product) => product.priceCents },
  '-price': { name: '-price', key: (product) => product.priceCents, descending: true },
}

function matches(product: Product, query: z.infer<typeof productsQuery>): boolean {
  const text = `${product.name}\n${product.description}`.toLowerCase()
  return (
    text.includes(query.search?.toLowerCase() ?? '') &&
    (query.category === undefined || product.category === query.category) &&
    product.priceCents >= (query.minPrice ?? 0) &&
    product.priceCents <= (query.maxPrice ?? Infinity) &&
    (query.inStock === undefined || product.stock > 0 === query.inStock)
  )
}

function find(state: Store, id: string): Product {
  const product = state.products.get(id)
  if (product === undefined) throw notFound('product', id)
  return product
}

/** The routes under /products. */
export function productRoutes(state: Store) {
  const app = new OpenAPIHono<StoreEnv>()

  app.openapi(listProducts, (c) => {
    const query = c.req.valid('query')
    const found = [...state.products.values()].filter((product) => matches(product, query))
    const ordering = query.sort === undefined ? oldestFirst : orderings[query.sort]
    return c.json(paginate(found, ordering, query), 200)
  })

  app.openapi(createProduct, (c) => {
    const { description = '', ...rest } = c.req.valid('json')
    const createdAt = new Date().toISOString()
    const product = { id: state.nextId('prd'), ...rest, description, currency, createdAt }
    state.products.set(product.id, product)
    return c.json(product, 201)
  })

  app.openapi(getProduct, (c) => c.json(find(state, c.req.valid('param').productId), 200))

  app.openapi(updateProduct, (c) => {
    const product = find(state, c.req.valid('param').productId)
    return c.json(Object.assign(product, c.req.valid('json')), 200)
  })

  return app
}
