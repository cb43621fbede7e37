import { describe, expect, it } from 'vitest'
import { tenantWithTold } from './office.ts'

const text = { type: 'string' }
const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required })
const answers = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
const inPath = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: text }))
const list = (operationId: string, summary: string, properties: object, path = '', ...query: string[]) => ({
  operationId,
  summary,
  parameters: [...inPath(path), ...query.map((name) => ({ name, in: 'query', schema: text }))],
  responses: answers({ type: 'array', items: object({ id: text, ...properties }) }),
})
const act = (operationId: string, summary: string, path: string, body?: ReturnType<typeof object>) => ({
  operationId,
  summary,
  parameters: inPath(path),
  ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
  responses: answers(object({})),
})
const when = { type: 'string', format: 'date-time' }
const bill = { amount: { type: 'number' }, dueDate: when, status: text }
const regatta = { title: text, start: when, clubId: text }

/** A marina that nobody has: boats are moored and let, bills paid, and regattas sailed. */
const paths = {
  '/bills': { get: list('listBills', 'List bills', bill) },
  '/bills/{billId}/pay': { post: act('payBill', 'Pay a bill', '/{billId}') },
  '/skippers': { get: list('listSkippers', 'List skippers', { name: text, createdAt: when }, '', 'search') },
  '/skippers/{skipperId}': { delete: act('deleteSkipper', 'Delete a skipper', '/{skipperId}') },
  '/skippers/{skipperId}/keys': { get: list('listSkipperKeys', 'List the keys of a skipper', {}, '/{skipperId}') },
  '/keys': { get: list('listKeys', 'List keys', { createdAt: when }) },
  '/keys/{keyId}/block': { post: act('blockKey', 'Block a key', '/{keyId}') },
  '/boats': { get: list('listBoats', 'List boats', { name: text, createdAt: when }) },
  '/boats/{boatId}': { delete: act('deleteBoat', 'Delete a boat', '/{boatId}') },
  '/accounts': { get: list('listAccounts', 'List accounts', { name: text, openedAt: when }) },
  '/transfers': {
    post: act(
      'createTransfer',
      'Transfer money between accounts',
      '',
      object({ fromAccountId: text, toAccountId: text, amount: { type: 'number' } }, ['fromAccountId', 'toAccountId']),
    ),
  },
  '/clubs': { get: list('listClubs', 'List clubs', { name: text }) },
  '/clubs/{clubId}': { patch: act('updateClub', 'Rename a club', '/{clubId}', object({ name: text })) },
  '/regattas': { get: list('listRegattas', 'List regattas', regatta, '', 'search') },
  '/regattas/{regattaId}': { delete: act('deleteRegatta', 'Delete a regatta', '/{regattaId}') },
}
const marina = await tenantWithTold('Marina', paths, {})
type Shown = { operation: string | null }
const operationsOf = (steps: readonly Shown[]) => steps.flatMap(({ operation }) => operation ?? [])
const bindingsOf = async (message: string) => {
  const { status, steps } = await marina.plan(message)
  const last = steps.at(-1)
  return [
    status,
    last?.operation,
    ...(last?.bindings ?? []).flatMap(({ source }: { source: string }) => (source === 'literal' ? [] : [source])),
  ]
}

describe('what something is done to, where what is said does not tell which that is', () => {
  it.each([
    ['one thing in the place of two', 'transfer 100 from my oldest account to my newest account', 'POST /transfers', 2],
    ['the first of whichever comes first', 'block my key', 'POST /keys/{keyId}/block', 1],
    ['whose it is finds no place', 'pay the newest bill of Vattenfall', 'POST /bills/{billId}/pay', 1],
    ['which are meant finds no place', 'pay all overdue bills', 'POST /bills/{billId}/pay', 1],
    ['another is the newest', 'block the key of the newest boat', 'POST /keys/{keyId}/block', 1],
    ['those like it are meant', 'delete the regattas similar to the regatta Spring', 'DELETE /regattas/{regattaId}', 1],
    ['a word that is no name', 'delete the skipper of the latest regatta', 'DELETE /skippers/{skipperId}', 1],
  ])('is asked for: %s', async (_, message, operation, asked) => {
    const inputs = Array.from({ length: asked }, () => 'input')
    expect(await bindingsOf(message)).toEqual(['needs_input', operation, ...inputs])
  })

  it.each([
    ['pay the newest bill', 'POST /bills/{billId}/pay'],
    ['pay all bills', 'POST /bills/{billId}/pay'],
    ['delete the skipper Ada', 'DELETE /skippers/{skipperId}'],
    ['block the key of the newest skipper', 'POST /keys/{keyId}/block'],
  ])('is found where it does: %s', async (message, operation) => {
    expect((await bindingsOf(message)).slice(0, 2)).toEqual(['ready', operation])
  })
})

describe('what is taken away', () => {
  it.each([
    'delete the owner of the regatta Spring',
    'remove Ada from the regatta Spring',
    'delete the owner of the boat Aurora',
    "delete Ada's keys",
    'clear the boat Aurora',
  ])('is not that whose it is: %s', async (message) => {
    const { steps } = await marina.plan(message)
    expect(operationsOf(steps)).not.toContain('DELETE /regattas/{regattaId}')
    expect(operationsOf(steps)).not.toContain('DELETE /boats/{boatId}')
    expect(operationsOf(steps)).not.toContain('DELETE /skippers/{skipperId}')
  })
})

it('finds what is named by its own name, and not by that of what belongs to it', async () => {
  const { status, steps } = await marina.plan('rename the club Nord to Ost')
  expect([status, operationsOf(steps)]).toEqual(['ready', ['GET /clubs', 'PATCH /clubs/{clubId}']])
})

it('is renamed to what stands behind, though that is written like an id', async () => {
  const { steps } = await marina.plan('rename the club Nord to ost-2')
  expect(operationsOf(steps)).toEqual(['GET /clubs', 'PATCH /clubs/{clubId}'])
  const last = (steps as { bindings: { target: string; source: string; value: string }[] }[]).at(-1)
  expect(last?.bindings).toMatchObject([
    { target: 'name', value: 'ost-2' },
    { target: 'clubId', source: 'step' },
  ])
})
