import { lineOf, promiseFor, totalsOf } from './order-lines.ts'
import { currency } from './schema.ts'
import type { Order, OrderItem, Product, Refund } from './schema.ts'

// Lines are written 'product xQuantity, …' so that an order stays on one line of this table.
type OrderRow = [customer: number, status: Order['status'], placed: string, lines: string, note?: string]
type RefundRow = [order: number, amountCents: number, paidBack: string, reason: string]

const orders: OrderRow[] = [
  [1001, 'delivered', '01-12T10:15', '2005 x1, 2007 x2'],
  [1003, 'delivered', '01-14T16:40', '2007 x3'],
  [1002, 'delivered', '01-18T08:05', '2006 x1, 2013 x1', 'Please leave it with the porter.'],
  [1005, 'refunded', '01-20T13:30', '2014 x1'],
  [1004, 'delivered', '01-25T19:10', '2008 x1, 2002 x1'],
  [1006, 'cancelled', '01-27T11:00', '2004 x1'],
  [1007, 'delivered', '02-01T07:45', '2015 x1, 2010 x4'],
  [1009, 'delivered', '02-04T15:20', '2006 x2, 2005 x1', 'Sign with the author names, if possible.'],
  [1002, 'late', '02-06T09:30', '2001 x1', 'Needed before the conference.'],
  [1008, 'refunded', '02-09T17:55', '2009 x2, 2011 x1'],
  [1010, 'delivered', '02-12T12:00', '2003 x1'],
  [1011, 'cancelled', '02-14T20:25', '2012 x1, 2010 x2', 'Ordered by mistake.'],
  [1001, 'late', '02-17T10:10', '2014 x1, 2013 x2'],
  [1003, 'shipped', '02-20T14:35', '2001 x1'],
  [1008, 'late', '02-23T08:50', '2003 x1, 2007 x1'],
  [1006, 'delivered', '02-26T18:15', '2002 x2'],
  [1002, 'late', '03-01T11:40', '2015 x2', 'Ring twice.'],
  [1005, 'shipped', '03-03T09:05', '2006 x1'],
  [1007, 'shipped', '03-05T16:30', '2009 x1, 2010 x3'],
  [1004, 'cancelled', '03-08T13:15', '2001 x2'],
  [1009, 'paid', '03-10T10:00', '2005 x3'],
  [1011, 'shipped', '03-12T19:45', '2013 x1'],
  [1001, 'paid', '03-15T08:20', '2008 x1, 2005 x1', 'Gift wrap, please.'],
  [1010, 'shipped', '03-18T15:10', '2011 x2'],
  [1003, 'paid', '03-20T12:30', '2002 x1, 2007 x1'],
  [1006, 'paid', '03-22T17:05', '2014 x1'],
  [1008, 'pending', '03-25T09:50', '2015 x1'],
  [1002, 'paid', '03-27T14:20', '2010 x5'],
  [1007, 'pending', '03-29T11:35', '2003 x1, 2001 x1'],
  [1001, 'pending', '03-31T18:40', '2009 x1'],
]

const refunds: RefundRow[] = [
  [3004, 6900, '02-02T09:00', 'The grinder arrived broken.'],
  [3010, 7300, '02-20T14:00', 'Sent back unopened.'],
  [3007, 1200, '02-24T10:30', 'One seed box was missing.'],
]

function time(text: string): string {
  return `2026-${text}:00.000Z`
}

function seedLines(text: string, products: Product[]): OrderItem[] {
  return text.split(', ').flatMap((entry) => {
    const [number, quantity] = entry.split(' x')
    const product = products.find((candidate) => candidate.id === `prd_${number}`)
    return product === undefined ? [] : [lineOf(product, Number(quantity))]
  })
}

function seedOrder([customer, status, placed, , note]: OrderRow, id: string, lines: OrderItem[]): Order {
  const createdAt = time(placed)
  const unpaid = status === 'pending' || status === 'cancelled'
  return {
    id,
    customerId: `cus_${customer}`,
    status,
    ...totalsOf(lines),
    refundedCents: 0,
    currency,
    note: note ?? null,
    createdAt,
    paidAt: unpaid ? null : new Date(Date.parse(createdAt) + 5 * 60_000).toISOString(),
    promisedAt: promiseFor(createdAt),
  }
}

/** The orders every new store starts with, ord_3001 onwards, with their lines and refunds. */
export function seedOrders(products: Product[]) {
  const lines = new Map<string, OrderItem[]>()
  const seeded = orders.map((row, index) => {
    const id = `ord_${3001 + index}`
    const own = seedLines(row[3], products)
    lines.set(id, own)
    return seedOrder(row, id, own)
  })
  const paidBack = refunds.map(([order, amountCents, at, reason], index): Refund => {
    const orderId = `ord_${order}`
    const target = seeded.find((candidate) => candidate.id === orderId)
    if (target !== undefined) target.refundedCents += amountCents
    return { id: `rfd_${4001 + index}`, orderId, amountCents, currency, reason, createdAt: time(at) }
  })
  return { orders: seeded, lines, refunds: paidBack }
}
