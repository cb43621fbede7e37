import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Compensation, compensationOf } from '../src/compensations/compensation.ts'
import { fillCompensation } from '../src/compensations/fill.ts'
import { namesIn } from '../src/compensations/item-path.ts'
import type { JsonSchema, Operation } from '../src/specs/operation.ts'
import { buildRequest } from '../src/steps/request.ts'
import { operation as plainOperation, parameter, text } from './operations.ts'

const BASE = 'https://api.example.com/v1'
const object = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, text])),
})

/** An operation by its name; what is in braces is declared as a parameter of the path. */
function operation(name: string, response: JsonSchema | null = null, more: Partial<Operation> = {}): Operation {
  const inPath = namesIn(name).map((key) => parameter(key, text, 'path', true))
  const plain = plainOperation(name, { parameters: [...inPath, ...(more.parameters ?? [])] })
  const effect = { POST: 'create', DELETE: 'delete' }[plain.method] ?? 'update'
  return { ...plain, response, effect: effect as Operation['effect'], ...more, parameters: plain.parameters }
}

const reasonOf = (found: object) => ('reason' in found ? found.reason : null)

/** What takes an operation back, as `<operation> <field>`, or null. */
function told(create: Operation, ...deletes: Operation[]): string | null {
  const found = compensationOf(create, deletes)
  if ('reason' in found) return null
  return `${found.operation.path} ${found.id?.field?.join('.') ?? '-'}`
}

describe('what takes back what an operation creates', () => {
  it.each([
    ['POST /orders', 'DELETE /orders/{id}', ['id', 'name'], 'id'],
    ['POST /orders/', 'DELETE /orders/{orderId}', ['order_id', 'id'], 'order_id'],
    ['POST /orders', 'DELETE /orders/{order}', ['id'], 'id'],
    ['POST /orders', 'DELETE /orders/{id}', ['orderId'], 'orderId'],
    ['POST /teams', 'DELETE /teams/{team_slug}', ['id', 'slug'], 'slug'],
    ['POST /p/{id}/issues', 'DELETE /p/{project_id}/issues/{issue_iid}', ['id', 'iid'], 'iid'],
    ['POST /a/{x}/notes.json', 'DELETE /a/{y}/notes/{note_id}.json', ['id'], 'id'],
    ['POST /orders', 'DELETE /orders/{id}', ['number'], '-'],
    ['POST /orders', 'DELETE /orders/{login}', ['id'], '-'],
    ['POST /issues/{n}/blockers', 'DELETE /issues/{n}/blockers/{issue_id}', ['id'], '-'],
    ['POST /issues/{n}/blockers', 'DELETE /issues/{n}/blockers/{issue_id}', ['id', 'issueId'], 'issueId'],
  ])('%s ← %s, by the field that is named for the parameter', (create, remove, fields, field) => {
    expect(told(operation(create, object(...fields)), operation(remove))).toBe(`${remove.split(' ')[1]} ${field}`)
  })

  it('finds the id in what wraps the thing, and chooses none of several', () => {
    const inside = (name: string, ...beside: string[]) => {
      const outer = object(...beside)
      return operation('POST /orders', { ...outer, properties: { ...outer.properties, [name]: object('id') } })
    }
    const remove = operation('DELETE /orders/{id}')
    expect(told(inside('order'), remove)).toBe('/orders/{id} order.id')
    expect(told(inside('data'), remove)).toBe('/orders/{id} data.id')
    expect(told(inside('customer'), remove)).toBe('/orders/{id} -')
    expect(told(inside('data', 'id'), remove)).toBeNull()
    expect(told(operation('POST /orders', { type: 'array', items: object('id') }), remove)).toBeNull()
  })

  it('is nothing where none or several fit, or one asks for what nobody knows', () => {
    const create = operation('POST /orders', object('id'))
    const remove = (more: Partial<Operation>) => operation('DELETE /orders/{id}', null, more)
    expect(told(create)).toBeNull()
    expect(told(create, operation('DELETE /orders'), operation('DELETE /orders/{id}/lines'))).toBeNull()
    expect(told(create, operation('DELETE /orders/{id}'), operation('DELETE /orders/{name}'))).toBeNull()
    expect(told(create, remove({ server: 'https://other.example' }))).toBeNull()
    expect(told(create, remove({ parameters: [parameter('reason', text, 'query', true)] }))).toBeNull()
    const body = { contentType: 'application/json', required: true, schema: {} }
    expect(told(create, remove({ requestBody: body }))).toBeNull()
    expect(told(create, remove({ parameters: [parameter('reason', text, 'query')] }))).not.toBeNull()
  })

  it.each(['update', 'delete', 'pay', 'message'] as const)('is nothing for what has the effect %s', (effect) => {
    const create = operation('POST /orders', object('id'), { effect })
    expect(told(create, operation('DELETE /orders/{id}'))).toBeNull()
  })

  it('of a PUT is the DELETE of its path, unless the document says that it changes what is there', () => {
    const remove = operation('DELETE /teams/{team}/members/{member}')
    const put = (summary: string) => operation('PUT /teams/{id}/members/{user}', null, { summary })
    expect(told(put('Add a member'), remove)).toBe('/teams/{team}/members/{member} -')
    expect(told(put('Create or update a membership'), remove)).not.toBeNull()
    expect(told(put('Update a membership'), remove)).toBeNull()
    expect(told(operation('PATCH /teams/{id}/members/{user}'), remove)).toBeNull()
    expect(told(operation('PUT /contacts'), operation('DELETE /contacts'))).toBeNull()
  })
})

/** What one call is taken back with: it was made with these values, and answered like that. */
function fill(
  create: Operation,
  remove: Operation,
  values: Record<string, unknown>,
  answer: { status?: number; headers?: Record<string, string>; body?: unknown; url?: string },
) {
  const compensation = compensationOf(create, [remove])
  if ('reason' in compensation) throw new Error(compensation.reason)
  return fillWith(compensation, create, values, answer)
}

function fillWith(
  compensation: Compensation,
  create: Operation,
  values: Record<string, unknown>,
  { status = 201, headers = {}, body = null, url }: Parameters<typeof fill>[3],
) {
  const endpoint = { ...create, id: 'end_1', connectionId: 'con_1', manual: false }
  const request = buildRequest(endpoint, BASE, values, undefined)
  const sent = { ...request, url: url ?? request.url }
  return fillCompensation(compensation, {
    operation: create,
    baseUrl: BASE,
    request: sent,
    response: { status, headers, body },
  })
}

describe('the call that takes another back', () => {
  const create = operation('POST /orders', object('id'))
  const remove = operation('DELETE /orders/{id}')

  it('has the id of the answer, or of its Location, and neither where the two differ', () => {
    expect(fill(create, remove, {}, { body: { id: 'a/b' } })).toEqual({ parameters: { id: 'a/b' } })
    expect(fill(create, remove, {}, { body: { id: 7 } })).toEqual({ parameters: { id: 7 } })
    const at = (location: string, body: unknown = null) => fill(create, remove, {}, { headers: { location }, body })
    expect(at('/v1/orders/a%2Fb')).toEqual({ parameters: { id: 'a/b' } })
    expect(at(`${BASE}/orders/7`, { id: 7 })).toEqual({ parameters: { id: 7 } })
    expect(reasonOf(at(`${BASE}/orders/8`, { id: 7 }))).toContain('names two')
    expect(reasonOf(at('https://other.example/orders/8'))).toContain('does not tell')
    expect(reasonOf(at('/v1/jobs/8'))).toContain('does not tell')
  })

  it.each([[null], [{}], [{ id: '' }], [{ id: null }], [{ id: ['a'] }], [{ id: 2 ** 53 }], [{ id: 'a•••' }], ['a']])(
    'is none where the answer is %j',
    (body) => {
      expect(reasonOf(fill(create, remove, {}, { body }))).toContain('does not tell')
    },
  )

  it('is none where the API is somewhere else by now', () => {
    const moved = fill(create, remove, {}, { body: { id: 'a' }, url: 'https://staging.example.com/v1/orders' })
    expect(reasonOf(moved)).toContain('https://staging.example.com')
  })

  it('is none where the answer is what holds the new thing', () => {
    const put = operation('POST /carts/{cartId}/items', object('id'))
    const take = operation('DELETE /carts/{cartId}/items/{itemId}')
    expect(reasonOf(fill(put, take, { cartId: 'c' }, { body: { id: 'c' } }))).toContain('created in')
    const cart = { type: 'object', properties: { id: text, items: { type: 'array', items: object('sku') } } }
    expect(told(operation('POST /carts/{cartId}/items', cart), take)).toBeNull()
  })

  it('is made where 201 says that something was created, when only that says it', () => {
    const put = operation('PUT /stars/{repo}', null, { summary: 'Star' })
    const unstar = operation('DELETE /stars/{name}')
    expect(fill(put, unstar, { repo: 'x' }, { status: 201 })).toEqual({ parameters: { name: 'x' } })
    expect(reasonOf(fill(put, unstar, { repo: 'x' }, { status: 204 }))).toContain('204')
    const upsert = operation('POST /orders', object('id'), { summary: 'Create or update an order' })
    const known = operation('POST /orders', object('id'), { description: '200 means that it was there already.' })
    expect(reasonOf(fill(known, remove, {}, { status: 200, body: { id: 'a' } }))).toContain('200')
    const strict = operation('POST /orders', object('id'), { description: 'Fails with 409 when it is there already.' })
    expect(fill(strict, remove, {}, { status: 200, body: { id: 'a' } })).toEqual({ parameters: { id: 'a' } })
    expect(reasonOf(fill(upsert, remove, {}, { status: 200, body: { id: 'a' } }))).toContain('200')
    expect(reasonOf(fill(create, remove, {}, { status: 202, body: { id: 'job' } }))).toContain('202')
    expect(fill(create, remove, {}, { status: 200, body: { id: 'a' } })).toEqual({ parameters: { id: 'a' } })
  })

  it('has what the call was made with, in its place whatever it is called there', () => {
    const others = [parameter('account', text, 'query'), parameter('X-Tenant', text, 'header')]
    const within = operation('POST /shops/{shop}/orders', object('id'), { parameters: others })
    const there = operation('DELETE /shops/{shopId}/orders/{id}', null, {
      parameters: [
        parameter('account', text, 'query', true),
        parameter('x-tenant', text, 'header'),
        parameter('if-match', text, 'header'),
      ],
    })
    const values = { shop: 'é/1', account: 'a b', 'X-Tenant': 't' }
    expect(fill(within, there, values, { body: { id: 'o' } })).toEqual({
      parameters: { shopId: 'é/1', id: 'o', account: 'a b', 'x-tenant': 't' },
    })
    expect(reasonOf(fill(within, there, { shop: 's' }, { body: { id: 'o' } }))).toContain('"account"')
  })

  it('goes to the very place below which the thing was created, whatever the values', () => {
    const isWritable = (one: string) => one !== '.' && one !== '..' && one.isWellFormed() && !one.includes('•')
    const value = fc.string({ minLength: 1 }).filter(isWritable)
    const within = operation('POST /a/{one}/b/{two}/c', object('id'))
    const there = operation('DELETE /a/{x}/b/{y}/c/{id}')
    fc.assert(
      fc.property(fc.uniqueArray(value, { minLength: 3, maxLength: 3 }), ([one = '', two = '', id = '']) => {
        const filled = fill(within, there, { one, two }, { body: { id } })
        if ('reason' in filled) throw new Error(filled.reason)
        const endpoint = { ...there, id: 'end_2', connectionId: 'con_1', manual: false }
        const made = buildRequest({ ...within, ...endpoint, ...there }, BASE, filled.parameters, undefined)
        const created = buildRequest({ ...endpoint, ...within }, BASE, { one, two }, undefined)
        expect(made.url).toBe(`${created.url}/${encodeURIComponent(id)}`)
      }),
    )
  })
})
