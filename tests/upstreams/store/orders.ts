import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { newOrderShape, newRefundShape } from './bodies.ts'
import { idParam, ordersQuery, writeHeaders } from './inputs.ts'
import { cancelOrder, getOrder, placeOrder, refundOrder } from './order-rules.ts'
import { newestFirst, paginate } from './paging.ts'
import { json, jsonBody, pageOf, problems } from './replies.ts'
import type { StoreEnv } from './replies.ts'
import { orderItemShape, orderShape, refundShape } from './schema.ts'
import type { Store } from './state.ts'

const tags = ['Orders']
const params = idParam('orderId', 'Id of the order.', 'ord_3001')

/** The shape of one page of orders. */
export const orderPage = pageOf('OrderPage', orderShape)

const listOrders = createRoute({
  method: 'get',
  path: '/orders',
  operationId: 'listOrders',
  summary: 'List orders',
  description: 'Lists orders, newest first. Filter by state, customer or day; `status=late` finds overdue deliveries.',
  tags,
  request: { query: ordersQuery },
  responses: { 200: json(orderPage, 'A page of orders.'), ...problems(400, 401) },
})

const createOrder = createRoute({
  method: 'post',
  path: '/orders',
  operationId: 'createOrder',
  summary: 'Place an order',
  description:
    'Places a pending order, takes its pieces from stock and computes the total. Fails with 409, without any effect, when a product is short.',
  tags,
  request: { headers: writeHeaders, body: jsonBody(newOrderShape, 'The order to place.') },
  responses: { 201: json(orderShape, 'The new order.'), ...problems(400, 401, 404, 409, 422) },
})

const readOrder = createRoute({
  method: 'get',
  path: '/orders/{orderId}',
  operationId: 'getOrder',
  summary: 'Read an order',
  description: 'Reads one order by id, with its state and totals but without its lines.',
  tags,
  request: { params },
  responses: { 200: json(orderShape, 'The order.'), ...problems(400, 401, 404) },
})

const cancel = createRoute({
  method: 'post',
  path: '/orders/{orderId}/cancel',
  operationId: 'cancelOrder',
  summary: 'Cancel an order',
  description:
    'Cancels a pending or paid order and returns its pieces to stock; a paid one is refunded separately. Fails with 409 once the order was sent.',
  tags,
  request: { params, headers: writeHeaders },
  responses: { 200: json(orderShape, 'The cancelled order.'), ...problems(400, 401, 404, 409, 422) },
})

const listItems = createRoute({
  method: 'get',
  path: '/orders/{orderId}/items',
  operationId: 'listOrderItems',
  summary: 'List the lines of an order',
  description: 'Lists every line of one order with product, quantity and price. All lines come on one page.',
  tags,
  request: { params },
  responses: {
    200: json(pageOf('OrderItemPage', orderItemShape), 'The lines of the order.'),
    ...problems(400, 401, 404),
  },
})

const refund = createRoute({
  method: 'post',
  path: '/orders/{orderId}/refunds',
  operationId: 'refundOrder',
  summary: 'Refund an order',
  description:
    'Pays a paid order back, in full unless an amount is given; a complete refund sets its state to refunded. Fails with 409 for an unpaid order and with 422 for more than is left to refund.',
  tags,
  request: { params, headers: writeHeaders, body: jsonBody(newRefundShape, 'The refund to pay out.') },
  responses: { 201: json(refundShape, 'The new refund.'), ...problems(400, 401, 404, 409, 422) },
})

/** The routes under /orders. */
export function orderRoutes(state: Store) {
  const app = new OpenAPIHono<StoreEnv>()

  app.openapi(listOrders, (c) => {
    const query = c.req.valid('query')
    const found = [...state.orders.values()]
      .filter((order) => query.status === undefined || order.status === query.status)
      .filter((order) => query.customerId === undefined || order.customerId === query.customerId)
      .filter((order) => order.createdAt >= (query.since ?? ''))
    return c.json(paginate(found, newestFirst, query), 200)
  })

  app.openapi(createOrder, (c) => c.json(placeOrder(state, c.req.valid('json')), 201))

  app.openapi(readOrder, (c) => c.json(getOrder(state, c.req.valid('param').orderId), 200))

  app.openapi(cancel, (c) => c.json(cancelOrder(state, c.req.valid('param').orderId), 200))

  app.openapi(listItems, (c) => {
    const { id } = getOrder(state, c.req.valid('param').orderId)
    const items = state.orderItems.get(id) ?? []
    return c.json({ items, nextCursor: null, total: items.length }, 200)
  })

  app.openapi(refund, (c) => c.json(refundOrder(state, c.req.valid('param').orderId, c.req.valid('json')), 201))

  return app
}
