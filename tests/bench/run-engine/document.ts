/** The OpenAPI document of the upstream, by which APIQ connects it. */
export function describeUpstream(url: string) {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
  const item = { $ref: '#/components/schemas/Item' }
  const answer = { description: 'The item', content: { 'application/json': { schema: item } } }
  const operation = (operationId: string, summary: string) => ({
    operationId,
    summary,
    parameters: [id],
    responses: { 200: answer },
  })
  const previous = { type: 'object', properties: { previous: { type: 'string' } } }
  const requestBody = { content: { 'application/json': { schema: previous } } }
  return {
    openapi: '3.1.0',
    info: { title: 'Items', version: '1' },
    servers: [{ url }],
    security: [{ key: [] }],
    paths: {
      '/items/{id}': {
        get: operation('getItem', 'Get an item'),
        post: { ...operation('createItem', 'Create an item'), requestBody },
      },
      '/slow/{id}': { get: operation('getSlowItem', 'Get an item that takes its time') },
    },
    components: {
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-bench-key' } },
      schemas: {
        Item: {
          type: 'object',
          properties: { id: { type: 'string' }, next: { type: 'string' }, note: { type: 'string' } },
          required: ['id', 'next', 'note'],
        },
      },
    },
  }
}
