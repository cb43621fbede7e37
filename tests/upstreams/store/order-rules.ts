import type { NewOrder, NewRefund } from './bodies.ts'
import { lineOf, promiseFor, totalsOf } from './order-lines.ts'
import { notFound, StoreError } from './problem.ts'
import { currency } from './schema.ts'
import type { Order, OrderItem, Product, Refund } from './schema.ts'
import type { Store } from './state.ts'

/** The order of an id, or a 404. */
export function getOrder(state: Store, id: string): Order {
  const order = state.orders.get(id)
  if (order === undefined) throw notFound('order', id)
  return order
}

function getProduct(state: Store, id: string): Product {
  const product = state.products.get(id)
  if (product === undefined) throw notFound('product', id)
  return product
}

function wanted(items: NewOrder['items']): Map<string, number> {
  const quantities = new Map<string, number>()
  for (const item of items) quantities.set(item.productId, (quantities.get(item.productId) ?? 0) + item.quantity)
  return quantities
}

/** Places an order: every product must be in stock before any stock is taken. */
export function placeOrder(state: Store, body: NewOrder): Order {
  if (!state.customers.has(body.customerId)) throw notFound('customer', body.customerId)
  const picks = [...wanted(body.items)].map(([id, quantity]) => ({ product: getProduct(state, id), quantity }))
  for (const { product, quantity } of picks) {
    if (product.stock >= quantity) continue
    throw new StoreError(409, `not enough stock of ${product.id}: ${quantity} wanted, ${product.stock} left`)
  }
  const lines: OrderItem[] = picks.map(({ product, quantity }) => lineOf(product, quantity))
  for (const { product, quantity } of picks) product.stock -= quantity
  const createdAt = new Date().toISOString()
  const order: Order = {
    id: state.nextId('ord'),
    customerId: body.customerId,
    status: 'pending',
    ...totalsOf(lines),
    refundedCents: 0,
    currency,
    note: body.note ?? null,
    createdAt,
    paidAt: null,
    promisedAt: promiseFor(createdAt),
  }
  state.orders.set(order.id, order)
  state.orderItems.set(order.id, lines)
  return order
}

/** Cancels an order that has not left the store yet and puts its pieces back on the shelf. */
export function cancelOrder(state: Store, id: string): Order {
  const order = getOrder(state, id)
  if (order.status !== 'pending' && order.status !== 'paid') {
    throw new StoreError(409, `order ${id} is ${order.status} and can no longer be cancelled`)
  }
  for (const line of state.orderItems.get(id) ?? []) getProduct(state, line.productId).stock += line.quantity
  order.status = 'cancelled'
  return order
}

/** Pays an order back, in full or in part. What makes the refund complete also closes the order. */
export function refundOrder(state: Store, id: string, body: NewRefund): Refund {
  const order = getOrder(state, id)
  if (order.paidAt === null) throw new StoreError(409, `order ${id} was never paid`)
  const remaining = order.totalCents - order.refundedCents
  const amountCents = body.amountCents ?? remaining
  if (remaining === 0) throw new StoreError(422, `order ${id} is already refunded in full`)
  if (amountCents > remaining) {
    throw new StoreError(422, `only ${remaining} cents of order ${id} are left to refund, not ${amountCents}`)
  }
  order.refundedCents += amountCents
  if (order.refundedCents === order.totalCents) order.status = 'refunded'
  const createdAt = new Date().toISOString()
  const refund = { id: state.nextId('rfd'), orderId: id, amountCents, currency, reason: body.reason, createdAt }
  state.refunds.set(refund.id, refund)
  return refund
}
