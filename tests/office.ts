import { newTenant, testEnv, type Tenant } from './helpers.ts'

const text = { type: 'string' }
const choice = (...values: string[]) => ({ type: 'string', enum: values })
const list = (items: object) => ({ type: 'array', items })
const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required })
const answers = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
const takes = (properties: object, required: string[]) => ({
  required: true,
  content: { 'application/json': { schema: object(properties, required) } },
})
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: text })

const ticket = object({
  id: text,
  subject: text,
  state: choice('open', 'stalled', 'solved'),
  urgent: { type: 'boolean' },
  assignee: text,
  votes: { type: 'integer' },
  openedAt: { type: 'string', format: 'date-time' },
})
const guest = object({
  id: text,
  name: text,
  email: { type: 'string', format: 'email' },
  town: text,
  nights: { type: 'integer' },
})
const room = object({ id: text, name: text, price: { type: 'number' } })

/** A hotel's office that nobody has: lists without filters, and operations that do one thing. */
const paths = {
  '/tickets': { get: { operationId: 'listTickets', summary: 'List tickets', responses: answers(list(ticket)) } },
  '/tickets/{ticketId}': {
    delete: {
      operationId: 'deleteTicket',
      summary: 'Delete a ticket',
      parameters: [inPath('ticketId')],
      responses: answers(object({})),
    },
  },
  '/tickets/{ticketId}/reminders': {
    post: {
      operationId: 'remindAgent',
      summary: 'Send a reminder of a ticket',
      parameters: [inPath('ticketId')],
      responses: answers(object({ id: text })),
    },
  },
  '/guests': {
    get: { operationId: 'listGuests', summary: 'List guests', responses: answers(object({ guests: list(guest) })) },
  },
  '/letters': {
    post: {
      operationId: 'sendLetter',
      summary: 'Send a letter by email',
      requestBody: takes({ to: { type: 'string', format: 'email' }, subject: text, body: text }, [
        'to',
        'subject',
        'body',
      ]),
      responses: answers(object({ id: text })),
    },
  },
  '/rooms': { get: { operationId: 'listRooms', summary: 'List rooms', responses: answers(list(room)) } },
  '/tanks/{tankId}/level': {
    get: {
      operationId: 'getLevel',
      summary: 'Get the level of a tank',
      parameters: [inPath('tankId')],
      responses: answers(object({ tankId: text, level: { type: 'number' } })),
    },
  },
  '/alarms': {
    post: {
      operationId: 'createAlarm',
      summary: 'Create an alarm',
      requestBody: takes({ message: text }, ['message']),
      responses: answers(object({ id: text })),
    },
  },
  '/deliveries': {
    post: {
      operationId: 'createDelivery',
      summary: 'Create a delivery',
      requestBody: takes({ note: text }, []),
      responses: answers(object({ id: text })),
    },
  },
  '/purchases': {
    post: {
      operationId: 'createPurchase',
      summary: 'Create a purchase',
      requestBody: takes(
        { items: list(object({ product: text, quantity: { type: 'integer' } }, ['product', 'quantity'])) },
        ['items'],
      ),
      responses: answers(object({ id: text })),
    },
  },
}

export const tickets = [
  {
    id: 't1',
    subject: 'Lamp',
    state: 'open',
    urgent: false,
    assignee: 'Mira Voss',
    votes: 3,
    openedAt: '2026-01-02T10:00:00Z',
  },
  {
    id: 't2',
    subject: 'Sink',
    state: 'stalled',
    urgent: true,
    assignee: 'Ben Ito',
    votes: 12,
    openedAt: '2026-02-02T10:00:00Z',
  },
  {
    id: 't3',
    subject: 'Door',
    state: 'stalled',
    urgent: false,
    assignee: 'Mira Voss',
    votes: 7,
    openedAt: '2026-03-02T10:00:00Z',
  },
  {
    id: 't4',
    subject: 'Key',
    state: 'solved',
    urgent: false,
    assignee: 'Ben Ito',
    votes: 1,
    openedAt: '2026-04-02T10:00:00Z',
  },
]
const guests = [
  { id: 'g1', name: 'Ana', email: 'ana@example.com', town: 'Porto', nights: 2 },
  { id: 'g2', name: 'Bo', email: 'bo@example.com', town: 'Oslo', nights: 5 },
  { id: 'g3', name: 'Cy', email: 'cy@example.com', town: 'Porto', nights: 1 },
]
const rooms = [
  { id: 'r1', name: 'Attic', price: 40 },
  { id: 'r2', name: 'Suite', price: 210 },
  { id: 'r3', name: 'Garden', price: 95.5 },
  { id: 'r4', name: 'Tower', price: 130 },
]

export type Office = Tenant & {
  plan: (
    message: string,
  ) => Promise<
    Tenant['call'] extends (...args: never[]) => Promise<infer R> ? (R extends { data: infer D } ? D : never) : never
  >
  /** Confirms a plan and runs it to its end. */
  run: (plan: { id: string }, input?: object) => ReturnType<Tenant['call']>
  /** What was changed so far, in the order in which it came. */
  changes: () => Promise<string[]>
}

/** A tenant with an office of their own connected; its tank is at `level`. */
export function tenantWithOffice(level = 50): Promise<Office> {
  const told = {
    '/tickets': tickets,
    '/guests': { guests },
    '/rooms': rooms,
    '/tanks/tank_1/level': { tankId: 'tank_1', level },
  }
  return tenantWithTold('Office', paths, told)
}

/** A tenant with an API connected that answers by path what it is told. */
export async function tenantWithTold(name: string, paths: object, told: object): Promise<Office> {
  const tenant = await newTenant()
  const url = `${testEnv.UPSTREAMS}/told/${crypto.randomUUID()}`
  await fetch(url, { method: 'PUT', body: JSON.stringify(told) })
  const spec = { openapi: '3.0.3', info: { title: name, version: '1' }, servers: [{ url }], paths }
  const connected = await tenant.call('POST', '/api/apis', { name, spec })
  if (connected.status !== 201) throw new Error(JSON.stringify(connected.body))
  return {
    ...tenant,
    plan: async (message) => (await tenant.call('POST', '/api/chat', { message })).data,
    run: (plan, input = {}) => tenant.call('POST', '/api/chat/execute?wait=10', { planId: plan.id, input }),
    changes: async () => (await (await fetch(`${url}/__changes`)).json()) as string[],
  }
}
