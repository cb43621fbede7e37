import type { OrderItem, Product } from './schema.ts'

const week = 7 * 24 * 60 * 60_000

/** The order line for some pieces of a product, at today's price. */
export function lineOf(product: Product, quantity: number): OrderItem {
  return {
    productId: product.id,
    productName: product.name,
    quantity,
    unitPriceCents: product.priceCents,
    lineTotalCents: product.priceCents * quantity,
    currency: product.currency,
  }
}

/** What the lines of an order add up to. */
export function totalsOf(lines: OrderItem[]): { itemCount: number; totalCents: number } {
  return {
    itemCount: lines.reduce((sum, line) => sum + line.quantity, 0),
    totalCents: lines.reduce((sum, line) => sum + line.lineTotalCents, 0),
  }
}

/** When the store promises to deliver an order placed at the given time. */
export function promiseFor(createdAt: string): string {
  return new Date(Date.parse(createdAt) + week).toISOString()
}
