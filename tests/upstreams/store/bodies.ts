import { z } from '@hono/zod-openapi'
import { categories } from './schema.ts'

// Bodies are strict: a misspelt optional field must be refused, not silently mean something else.

const personName = z.string().min(1).max(120).openapi({ description: 'Full name.', example: 'Mary Somerville' })
const email = z.email().openapi({ description: 'E-mail address, unique in the store.', example: 'mary@example.com' })
const city = z.string().min(1).max(80).openapi({ description: 'Home city.', example: 'Edinburgh' })
const productName = z.string().min(1).max(120).openapi({ description: 'Name on the shelf.', example: 'Tea Kettle' })
const category = z.enum(categories).openapi({ description: 'Shelf it stands on.', example: 'kitchen' })
const description = z.string().max(500).openapi({ description: 'One sentence about it.', example: 'Holds 1.2 litres.' })
const price = z.int().min(0).openapi({ description: 'Price of one piece, in cents.', example: 3900 })
const stock = z.int().min(0).openapi({ description: 'Pieces left to sell.', example: 10 })

function hasField(body: object): boolean {
  return Object.keys(body).length > 0
}

const changesSomething = { message: 'at least one field is needed' }

/** Body of createCustomer. */
export const newCustomerShape = z
  .strictObject({ name: personName, email, city: city.optional() })
  .openapi('NewCustomer', { description: 'A customer to add.' })

/** Body of updateCustomer. */
export const customerChangesShape = z
  .strictObject({ name: personName.optional(), email: email.optional(), city: city.nullable().optional() })
  .refine(hasField, changesSomething)
  .openapi('CustomerChanges', { description: 'The fields to change; at least one.', minProperties: 1 })

/** Body of createProduct. */
export const newProductShape = z
  .strictObject({
    name: productName,
    category,
    description: description.optional(),
    priceCents: price,
    stock: stock.default(0),
  })
  .openapi('NewProduct', { description: 'A product to add.' })

/** Body of updateProduct. */
export const productChangesShape = z
  .strictObject({
    name: productName.optional(),
    category: category.optional(),
    description: description.optional(),
    priceCents: price.optional(),
    stock: stock.optional(),
  })
  .refine(hasField, changesSomething)
  .openapi('ProductChanges', { description: 'The fields to change; at least one.', minProperties: 1 })

/** Body of createOrder. */
export const newOrderShape = z
  .strictObject({
    customerId: z.string().openapi({ description: 'Id of the customer who orders.', example: 'cus_1001' }),
    items: z
      .array(
        z.strictObject({
          productId: z.string().openapi({ description: 'Id of the product.', example: 'prd_2001' }),
          quantity: z.int().min(1).max(1000).openapi({ description: 'Pieces wanted.', example: 1 }),
        }),
      )
      .min(1)
      .max(50)
      .openapi({ description: 'What is ordered; a product named twice becomes one line.' }),
    note: z.string().max(500).optional().openapi({ description: 'A wish of the customer.', example: 'Gift wrap.' }),
  })
  .openapi('NewOrder', { description: 'An order to place.' })

/** Body of refundOrder. */
export const newRefundShape = z
  .strictObject({
    amountCents: z.int().min(1).optional().openapi({
      description: 'Amount to pay back, in cents; everything not yet refunded when left out.',
      example: 1500,
    }),
    reason: z.string().min(1).max(500).openapi({ description: 'Why it is paid back.', example: 'Arrived broken.' }),
  })
  .openapi('NewRefund', { description: 'A refund to pay out.' })

/** A customer to add. */
export type NewCustomer = z.infer<typeof newCustomerShape>
/** Changes to a customer. */
export type CustomerChanges = z.infer<typeof customerChangesShape>
/** A product to add. */
export type NewProduct = z.infer<typeof newProductShape>
/** Changes to a product. */
export type ProductChanges = z.infer<typeof productChangesShape>
/** An order to place. */
export type NewOrder = z.infer<typeof newOrderShape>
/** A refund to pay out. */
export type NewRefund = z.infer<typeof newRefundShape>
