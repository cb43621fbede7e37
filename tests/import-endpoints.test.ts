import { describe, expect, it } from 'vitest'
import { HandWrittenEndpoint, importEndpoints } from '../src/specs/import/index.ts'
import { namesOf, operationOf, readImported } from './import-reading.ts'

/** Checks and imports endpoints as they come over the wire, and reads the document. */
const read = (endpoints: unknown[]) =>
  readImported(
    importEndpoints({
      name: 'Shop',
      baseUrl: 'https://a.example/v1',
      endpoints: endpoints.map((endpoint) => HandWrittenEndpoint.parse(endpoint)),
    }),
  )

describe('endpoints written by hand', () => {
  it('become operations', () => {
    const spec = read([
      {
        method: 'POST',
        path: '/orders/{orderId}/notes/{noteId}',
        summary: 'Write a note',
        description: 'On an order',
        parameters: [
          { name: 'orderId', in: 'path', type: 'integer', description: 'Of the order' },
          { name: 'notify', in: 'query', schema: { type: 'boolean' } },
          { name: 'X-Shop', in: 'header', required: true },
          { name: 'stray', in: 'path' },
        ],
        body: { example: { text: 'hello', tags: ['a'] } },
        response: { schema: { type: 'object', properties: { id: { type: 'integer' } } } },
      },
      { method: 'GET', path: '/orders', summary: 'List orders', response: { example: [{ id: 1 }] } },
    ])
    expect(spec).toMatchObject({ title: 'Shop', baseUrl: 'https://a.example/v1', skipped: [], findings: [] })
    expect(namesOf(spec)).toEqual(['GET /orders', 'POST /orders/{orderId}/notes/{noteId}'])
    const note = operationOf(spec, 'POST /orders/{orderId}/notes/{noteId}')
    expect(note).toMatchObject({ summary: 'Write a note', description: 'On an order' })
    expect(note.parameters.map((one) => [one.name, one.in, one.required, one.schema['type']])).toEqual([
      ['orderId', 'path', true, 'integer'],
      ['notify', 'query', false, 'boolean'],
      ['X-Shop', 'header', true, 'string'],
      ['noteId', 'path', true, 'string'],
    ])
    expect(note.requestBody).toEqual({
      contentType: 'application/json',
      required: true,
      schema: {
        type: 'object',
        properties: { text: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
      },
    })
    expect(note.response).toEqual({ type: 'object', properties: { id: { type: 'integer' } } })
    expect(operationOf(spec, 'GET /orders').response).toMatchObject({ type: 'array', items: { required: ['id'] } })
  })

  it.each([
    ['no slash', { path: 'orders' }],
    ['a query', { path: '/orders?x=1' }],
    ['an open brace', { path: '/orders/{id' }],
    ['a method that is none', { method: 'FETCH' }],
    ['no summary', { summary: ' ' }],
    ['a media type that is none', { body: { contentType: 'json' } }],
  ])('are refused with %s', (_what, members) => {
    expect(HandWrittenEndpoint.safeParse({ method: 'GET', path: '/x', summary: 'X', ...members }).success).toBe(false)
  })

  it.each<[string, unknown[], string]>([
    ['none', [], '/endpoints'],
    ['one operation twice', [{ path: '/a/{id}' }, { path: '/a/{other}' }], '/endpoints/1/method'],
    [
      'two names for one parameter',
      [{ path: '/a/{id}' }, { path: '/a/{other}', method: 'DELETE' }],
      '/endpoints/1/path',
    ],
  ])('are refused with %s', (_what, endpoints, path) => {
    const all = endpoints.map((endpoint) => Object.assign({ method: 'GET', summary: 'X' }, endpoint))
    expect(() => read(all)).toThrow(
      expect.objectContaining({ code: 'SPEC_INVALID', errors: [expect.objectContaining({ path })] }),
    )
  })
})
