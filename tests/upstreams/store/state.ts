import type { Customer, Order, OrderItem, Product, Refund } from './schema.ts'
import { seedCustomers, seedProducts } from './seed-catalogue.ts'
import { seedOrders } from './seed-orders.ts'

/** Everything the store knows, by id. Order lines are kept under the id of their order. */
export interface Store {
  customers: Map<string, Customer>
  products: Map<string, Product>
  orders: Map<string, Order>
  orderItems: Map<string, OrderItem[]>
  refunds: Map<string, Refund>
  nextId: (kind: IdKind) => string
}

/** The prefix of an id. */
export type IdKind = 'cus' | 'prd' | 'ord' | 'rfd'

function byId<T extends { id: string }>(items: T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]))
}

/** A fresh store holding the seed; two of them never share anything. */
export function createStore(): Store {
  const customers = seedCustomers()
  const products = seedProducts()
  const { orders, lines, refunds } = seedOrders(products)
  const last: Record<IdKind, number> = {
    cus: 1000 + customers.length,
    prd: 2000 + products.length,
    ord: 3000 + orders.length,
    rfd: 4000 + refunds.length,
  }
  return {
    customers: byId(customers),
    products: byId(products),
    orders: byId(orders),
    orderItems: lines,
    refunds: byId(refunds),
    // Ids only ever grow, so a deleted customer's id is not given to someone else.
    nextId: (kind) => `${kind}_${(last[kind] += 1)}`,
  }
}
