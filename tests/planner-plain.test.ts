import { describe, expect, it } from 'vitest'
import { tenantWithOffice } from './office.ts'
import { tenantWithShop } from './shop.ts'

type Shown = { operation: string | null; effect: string; title: string; bindings: { target: string; source: string }[] }

/** What a shop is sent when a message is planned, confirmed and run. */
async function sentBy(message: string): Promise<string[]> {
  const shop = await tenantWithShop()
  const plan = await shop.plan(message)
  expect([plan.message, plan.status]).toEqual([message, 'ready'])
  expect((await shop.run(plan)).data.status).toBe('succeeded')
  return shop.changes()
}

describe('things that are named one by one', () => {
  it.each([
    ['Remove ticket t2 and ticket t3', ['DELETE /tickets/t2', 'DELETE /tickets/t3']],
    ['Delete tickets t1, t2 and t4', ['DELETE /tickets/t1', 'DELETE /tickets/t2', 'DELETE /tickets/t4']],
  ])('are each done: %s', async (message, expected) => {
    const office = await tenantWithOffice()
    const plan = await office.plan(message)
    expect([plan.status, plan.assumptions]).toEqual(['ready', []])
    expect((await office.run(plan)).data.status).toBe('succeeded')
    expect(await office.changes()).toEqual(expected)
  })

  it.each([
    ['Cancel orders 5 and 6', ['POST /orders/5/cancel', 'POST /orders/6/cancel']],
    ['Cancel order 5 and order 6', ['POST /orders/5/cancel', 'POST /orders/6/cancel']],
  ])('also by numbers: %s', async (message, expected) => {
    expect(await sentBy(message)).toEqual(expected)
  })

  it('are counted in a list of a body, each with its own number', async () => {
    expect(await sentBy('Place an order for contact 7 with 2 of prd_1 and 3 of prd_2')).toEqual([
      `POST /orders ${JSON.stringify({
        items: [
          { product_id: 'prd_1', quantity: 2 },
          { product_id: 'prd_2', quantity: 3 },
        ],
        contact_id: 7,
      })}`,
    ])
  })
})

describe('a field of each of several', () => {
  it.each([
    'For each stalled ticket create an alarm with its subject',
    'For every stalled ticket create an alarm saying its subject',
  ])('fills what the call says: %s', async (message) => {
    const office = await tenantWithOffice()
    const plan = await office.plan(message)
    expect([plan.status, plan.assumptions]).toEqual(['ready', []])
    expect((await office.run(plan)).data.status).toBe('succeeded')
    expect((await office.changes()).toSorted()).toEqual([
      'POST /alarms {"message":"Door"}',
      'POST /alarms {"message":"Sink"}',
    ])
  })

  it('goes where it is said to go', async () => {
    const office = await tenantWithOffice()
    const plan = await office.plan('Send a letter to each guest with their name as the subject and the body "Hi"')
    expect((await office.run(plan)).data.status).toBe('succeeded')
    const sent = (await office.changes()).map((line) => JSON.parse(line.slice('POST /letters '.length)))
    expect(sent.map(({ to, subject, body }) => `${to} ${subject} ${body}`).toSorted()).toEqual([
      'ana@example.com Ana Hi',
      'bo@example.com Bo Hi',
      'cy@example.com Cy Hi',
    ])
  })
})

describe('a condition', () => {
  it.each([
    ['Cancel order 5 if it is still pending', ['POST /orders/5/cancel']],
    ['Cancel order 6 if it is still pending', []],
    ['If order 5 is pending, cancel it', ['POST /orders/5/cancel']],
    ['If order 6 is pending, cancel it', []],
    ['Cancel order 6 unless it has shipped', []],
    ['If the total of order 6 is above 50, cancel it', ['POST /orders/6/cancel']],
    [
      'Check that no company named Acme exists, then create a contact with the email eve@example.com',
      ['POST /contacts {"email":"eve@example.com"}'],
    ],
    [
      'If there is no company named Acme, create a contact with the email eve@example.com',
      ['POST /contacts {"email":"eve@example.com"}'],
    ],
  ])('is about the very thing, which is read first: %s', async (message, expected) => {
    expect(await sentBy(message)).toEqual(expected)
  })
})

describe('a number', () => {
  it.each([
    ['Increase the price of product 1 by 10 percent', 'PATCH /products/1 {"price_cents":1100}'],
    ['Lower the price of product 1 by 2 euros', 'PATCH /products/1 {"price_cents":800}'],
    ['Add 3 to the stock of product 1', 'PATCH /products/1 {"stock":7}'],
    ['Lower the price of all garden products by 10%', 'PATCH /products/1 {"price_cents":900}'],
    ['Set the price of product 1 to 20', 'PATCH /products/1 {"price_cents":2000}'],
    ['Set the price of product 1 to 19.99', 'PATCH /products/1 {"price_cents":1999}'],
    ['Set the stock of product 1 to 20', 'PATCH /products/1 {"stock":20}'],
  ])('is worked out from what is there, or written as the API wants it: %s', async (message, expected) => {
    expect(await sentBy(message)).toContain(expected)
  })

  it('is said to be written in cents', async () => {
    const plan = await (await tenantWithShop()).plan('Set the price of product 1 to 20')
    expect(plan.assumptions).toEqual(['20 is written as 2000 cents'])
  })

  it('is asked for where an update does not say it', async () => {
    const plan = await (await tenantWithShop()).plan('Change the price of product 1')
    expect([plan.status, plan.missing.map(({ name }: { name: string }) => name)]).toEqual([
      'needs_input',
      ['price_cents'],
    ])
  })

  it.each([
    ['rooms more expensive than 100', ['Suite', 'Tower']],
    ['the two most expensive rooms', ['Suite', 'Tower']],
  ])('compares, and orders only where the most is asked for: %s', async (prompt, expected) => {
    const { call } = await tenantWithOffice()
    const { data } = await call('POST', '/api/v1/query', { prompt })
    expect(data.rows.map(({ name }: { name: string }) => name)).toEqual(expected)
  })

  it('of things in stock is no price', async () => {
    const { call } = await tenantWithShop()
    const { data } = await call('POST', '/api/v1/query', { prompt: 'products with fewer than 5 in stock' })
    expect(data.rows.map(({ name }: { name: string }) => name)).toEqual(['Rake'])
  })
})

describe('somebody who is named', () => {
  it.each([
    ['Delete the contact Bo Lund', ['DELETE /contacts/8']],
    [
      'Create a contact Eve Holm with the email eve@example.com',
      ['POST /contacts {"email":"eve@example.com","first_name":"Eve","last_name":"Holm"}'],
    ],
    ['Update the phone number of Bo Lund to "555"', ['PATCH /contacts/8 {"phone_number":"555"}']],
    ['Update the phone number of Bo Lund to +49 170 1234567', ['PATCH /contacts/8 {"phone_number":"+49 170 1234567"}']],
  ])('is found among their like: %s', async (message, expected) => {
    expect(await sentBy(message)).toEqual(expected)
  })

  it.each([
    ['What is the email of Bo Lund?', ['bo@example.com']],
    ['What is the email of Ada Byron?', ['ada@example.com']],
  ])('is asked about: %s', async (prompt, expected) => {
    const { call } = await tenantWithShop()
    const { data } = await call('POST', '/api/v1/query', { prompt })
    expect(data.rows.map(({ value }: { value: string }) => value)).toEqual(expected)
  })

  it('who is not there has no orders, rather than all of them', async () => {
    const shop = await tenantWithShop()
    const plan = await shop.plan('Cancel all pending orders of the contact Nemo Nobody')
    const { data } = await shop.run(plan)
    expect([data.status, await shop.changes()]).toEqual(['failed', []])
  })
})

describe('a stretch of time', () => {
  it.each([
    ['orders from January 2026', [5]],
    ['orders placed in February 2026', [6]],
    ['orders placed in Q1 2026', [5, 6]],
    ['orders placed in 2025', []],
    ['orders due in February 2026', [5, 6]],
    ['orders placed between December 2025 and January 2026', [5]],
  ])('is from its first day to its last: %s', async (prompt, expected) => {
    const { call } = await tenantWithShop()
    const { data } = await call('POST', '/api/v1/query', { prompt })
    expect([data.status, data.rows.map(({ id }: { id: number }) => id)]).toEqual(['answered', expected])
  })

  it('says which things are meant that something is done to', async () => {
    expect(await sentBy('Cancel all orders placed in January 2026')).toEqual(['POST /orders/5/cancel'])
  })

  it.each([
    ['contacts created in March 2026', ['2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z']],
    ['contacts created since March 2026', ['2026-03-01T00:00:00Z']],
  ])('goes to the parameters that say from when until when: %s', async (message, expected) => {
    const plan = await (await tenantWithShop()).plan(message)
    const values = plan.steps.flatMap(({ bindings }: Shown) => bindings).map(({ value }: { value: string }) => value)
    expect(values).toEqual(expected)
  })
})

describe('what nobody asked for', () => {
  it.each([
    ['orders that are pending or paid', 'things told of'],
    ['orders of contact 7', 'things told of'],
    ['the last order of contact 7', 'one of them'],
    ['What is the email of Ada Byron?', 'a question'],
  ])('is not done: %s (%s)', async (message) => {
    const plan = await (await tenantWithShop()).plan(message)
    expect(plan.steps.map(({ effect }: Shown) => effect)).not.toEqual([])
    expect(new Set(plan.steps.map(({ effect }: Shown) => effect))).toEqual(new Set(['read']))
  })

  it('is not done instead of something else: a shipped order is not cancelled', async () => {
    const plan = await (await tenantWithShop()).plan('Mark order 5 as shipped')
    expect(plan.effects).toEqual(['read'])
    expect(plan.assumptions).toContainEqual(expect.stringContaining('is left out: nothing connected does it'))
  })

  it('is not done to whatever a list begins with', async () => {
    const plan = await (await tenantWithShop()).plan('List the orders and cancel it')
    expect(plan.status).toBe('needs_input')
  })
})
