import { z } from '@hono/zod-openapi'
import { categories, orderStatuses } from './schema.ts'

const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(100)
  .default(20)
  .openapi({ description: 'Most items on one page.', example: 20 })

const cursor = z.string().optional().openapi({
  description: 'The `nextCursor` of the page before; leave out for the first page.',
  example: 'WyJpZCIsMTAyMCwxMDIwXQ',
})

const status = z.enum(orderStatuses).optional().openapi({ description: 'Only orders in this state.', example: 'late' })

const filter = (description: string, example: string) => z.string().optional().openapi({ description, example })

// Coercion takes null as well, which a query string cannot hold; the document should say integer alone.
const priceFilter = (description: string, example: number) =>
  z.coerce.number().int().min(0).optional().openapi({ type: 'integer', minimum: 0, description, example })

/** Query of listCustomers. */
export const customersQuery = z.object({
  search: filter('Only customers whose name or e-mail address contains this text, in any case.', 'lovelace'),
  city: filter('Only customers of this city, in any case.', 'London'),
  limit,
  cursor,
})

/** Query of listProducts. */
export const productsQuery = z.object({
  search: filter('Only products whose name or description contains this text, in any case.', 'kettle'),
  category: z.enum(categories).optional().openapi({ description: 'Only products on this shelf.', example: 'kitchen' }),
  minPrice: priceFilter('Only products at this price or above, in cents.', 1000),
  maxPrice: priceFilter('Only products at this price or below, in cents.', 5000),
  // A query string holds the words true and false; the document should still say boolean.
  inStock: z
    .enum(['true', 'false'])
    .transform((word) => word === 'true')
    .optional()
    .openapi({ type: 'boolean', description: 'Only products with (true) or without (false) stock.', example: true }),
  sort: z.enum(['name', 'price', '-price']).optional().openapi({
    description: 'Order of the list: by name, by rising or by falling price. Oldest first when left out.',
    example: '-price',
  }),
  limit,
  cursor,
})

/** Query of listOrders. */
export const ordersQuery = z.object({
  status,
  customerId: filter('Only orders of this customer.', 'cus_1001'),
  since: z.iso.date().optional().openapi({
    description: 'Only orders placed on this day (UTC) or later.',
    example: '2026-03-01',
  }),
  limit,
  cursor,
})

/** Query of listCustomerOrders. */
export const customerOrdersQuery = z.object({ status, limit, cursor })

/** Query of listRefunds. */
export const refundsQuery = z.object({ orderId: filter('Only refunds of this order.', 'ord_3001'), limit, cursor })

/** The path parameter that names one thing. */
export function idParam<N extends string>(name: N, description: string, example: string) {
  const id = z.string().min(1).max(64).openapi({ description, example })
  return z.object({ [name]: id } as Record<N, typeof id>)
}

/** The header every write takes. */
export const writeHeaders = z.object({
  'Idempotency-Key': z.string().min(1).max(255).optional().openapi({
    description:
      'Makes the write safe to repeat: the same key answers with the recorded response and does not act again.',
    example: 'a3f1c2d4-order-retry',
  }),
})
