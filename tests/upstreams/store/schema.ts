import { z } from '@hono/zod-openapi'

/** The one currency the store trades in. */
export const currency = 'EUR'

/** The shelves of the store. */
export const categories = ['audio', 'books', 'garden', 'kitchen'] as const

/** Every state an order can be in. */
export const orderStatuses = ['pending', 'paid', 'shipped', 'late', 'delivered', 'cancelled', 'refunded'] as const

const when = (description: string, example: string) => z.iso.datetime().openapi({ description, example })
const cents = (description: string, example: number) => z.int().min(0).openapi({ description, example })
const currencyField = z.string().length(3).openapi({ description: 'ISO 4217 code of the currency.', example: currency })

/** A customer. */
export const customerShape = z
  .object({
    id: z.string().openapi({ description: 'Id of the customer.', example: 'cus_1001' }),
    name: z.string().openapi({ description: 'Full name.', example: 'Ada Lovelace' }),
    email: z.email().openapi({ description: 'E-mail address, unique in the store.', example: 'ada@example.com' }),
    city: z.string().nullable().openapi({ description: 'Home city, null when unknown.', example: 'London' }),
    createdAt: when('When the customer was added.', '2026-01-05T09:00:00.000Z'),
  })
  .openapi('Customer', { description: 'Someone who buys from the store.' })

/** A product. */
export const productShape = z
  .object({
    id: z.string().openapi({ description: 'Id of the product.', example: 'prd_2001' }),
    name: z.string().openapi({ description: 'Name on the shelf.', example: 'Studio Headphones' }),
    category: z.enum(categories).openapi({ description: 'Shelf it stands on.', example: 'audio' }),
    description: z.string().openapi({ description: 'One sentence about it.', example: 'Closed-back headphones.' }),
    priceCents: cents('Price of one piece, in cents.', 12900),
    currency: currencyField,
    stock: z.int().min(0).openapi({ description: 'Pieces left to sell.', example: 14 }),
    createdAt: when('When the product was added.', '2026-01-02T08:00:00.000Z'),
  })
  .openapi('Product', { description: 'Something the store sells.' })

/** An order, without its lines. */
export const orderShape = z
  .object({
    id: z.string().openapi({ description: 'Id of the order.', example: 'ord_3001' }),
    customerId: z.string().openapi({ description: 'Id of the customer who ordered.', example: 'cus_1001' }),
    status: z.enum(orderStatuses).openapi({
      description: 'State of the order; `late` means sent but not delivered by the promised time.',
      example: 'late',
    }),
    itemCount: z.int().openapi({ description: 'Pieces ordered, over all lines.', example: 3 }),
    totalCents: cents('Sum of all lines, in cents.', 15800),
    refundedCents: cents('Sum of all refunds so far, in cents.', 0),
    currency: currencyField,
    note: z.string().nullable().openapi({ description: 'What the customer asked for.', example: 'Leave at the door.' }),
    createdAt: when('When the order was placed.', '2026-01-10T10:15:00.000Z'),
    paidAt: when('When it was paid, null while unpaid.', '2026-01-10T10:20:00.000Z').nullable(),
    promisedAt: when('When delivery was promised for.', '2026-01-17T10:15:00.000Z'),
  })
  .openapi('Order', { description: 'An order. Its lines are read with listOrderItems.' })

/** One line of an order. */
export const orderItemShape = z
  .object({
    productId: z.string().openapi({ description: 'Id of the product.', example: 'prd_2001' }),
    productName: z.string().openapi({ description: 'Its name when ordered.', example: 'Studio Headphones' }),
    quantity: z.int().min(1).openapi({ description: 'Pieces ordered.', example: 2 }),
    unitPriceCents: cents('Price of one piece when ordered, in cents.', 12900),
    lineTotalCents: cents('Price of the whole line, in cents.', 25800),
    currency: currencyField,
  })
  .openapi('OrderItem', { description: 'One line of an order.' })

/** A refund. */
export const refundShape = z
  .object({
    id: z.string().openapi({ description: 'Id of the refund.', example: 'rfd_4001' }),
    orderId: z.string().openapi({ description: 'Id of the order it pays back.', example: 'ord_3001' }),
    amountCents: z.int().min(1).openapi({ description: 'Amount paid back, in cents.', example: 4900 }),
    currency: currencyField,
    reason: z.string().openapi({ description: 'Why it was paid back.', example: 'Arrived broken.' }),
    createdAt: when('When it was paid back.', '2026-02-20T14:00:00.000Z'),
  })
  .openapi('Refund', { description: 'Money paid back on an order, in full or in part.' })

/** A customer as stored. */
export type Customer = z.infer<typeof customerShape>
/** A product as stored. */
export type Product = z.infer<typeof productShape>
/** An order as stored. */
export type Order = z.infer<typeof orderShape>
/** An order line as stored. */
export type OrderItem = z.infer<typeof orderItemShape>
/** A refund as stored. */
export type Refund = z.infer<typeof refundShape>
