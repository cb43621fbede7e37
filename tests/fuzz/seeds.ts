/** Small documents that between them hold something of everything a document may hold. */
export const seeds: unknown[] = [
  {
    openapi: '3.0.3',
    info: { title: 'Library', version: '1', description: 'Books' },
    servers: [{ url: 'https://{region}.example.com/v1', variables: { region: { default: 'eu', enum: ['eu', 'us'] } } }],
    security: [{ key: [] }, { oauth: ['read'] }],
    paths: {
      '/books': {
        parameters: [{ $ref: '#/components/parameters/Limit' }],
        get: {
          operationId: 'listBooks',
          tags: ['books'],
          responses: { 200: { $ref: '#/components/responses/Books' } },
        },
        post: {
          operationId: 'addBook',
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Book' } } },
          },
          responses: { 201: { description: 'Added' }, default: { description: 'No' } },
        },
      },
      '/books/{isbn}': {
        delete: {
          parameters: [{ name: 'isbn', in: 'path', required: true, schema: { type: 'string', pattern: '^\\d+$' } }],
          responses: { 204: { description: 'Gone' } },
          security: [],
        },
      },
    },
    components: {
      parameters: { Limit: { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100, default: 20 } } },
      responses: {
        Books: {
          description: 'Books',
          headers: { Link: { schema: { type: 'string' } } },
          content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Book' } } } },
        },
      },
      schemas: {
        Book: {
          type: 'object',
          required: ['isbn'],
          properties: {
            isbn: { type: 'string', example: '9' },
            author: { $ref: '#/components/schemas/Author' },
            kind: { enum: ['novel', 'poem'] },
          },
        },
        Author: {
          type: 'object',
          properties: { books: { type: 'array', items: { $ref: '#/components/schemas/Book' } } },
        },
      },
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'X-Key' },
        oauth: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: 'https://a.example.com/token', scopes: { read: 'Read' } } },
        },
      },
    },
  },
  {
    openapi: '3.2.0',
    $self: 'https://a.example.com/openapi.json',
    info: { title: 'Streams', version: '2' },
    servers: [{ url: '/api', name: 'here' }],
    paths: {
      '/events/{id}': {
        $ref: '#/components/pathItems/Event',
      },
      '/search': {
        query: { requestBody: { content: { 'application/jsonl': { itemSchema: { $ref: '#word' } } } } },
        additionalOperations: { COPY: { responses: {} }, LINK: {} },
      },
    },
    components: {
      pathItems: {
        Event: {
          servers: [{ url: 'https://events.example.com' }],
          get: {
            parameters: [
              { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
              { name: 'all', in: 'querystring', content: { 'application/json': { schema: {} } } },
              { name: 'filter', in: 'query', style: 'deepObject', explode: true, schema: { type: 'object' } },
            ],
            responses: {
              '2XX': { content: { 'application/json': { schema: { $ref: 'https://b.example.com/word' } } } },
            },
          },
        },
      },
      schemas: {
        Word: { $id: 'https://b.example.com/word', $anchor: 'word', type: ['string', 'null'], $defs: { A: true } },
        Tree: { $dynamicAnchor: 'node', properties: { children: { items: { $dynamicRef: '#node' } } } },
      },
    },
    webhooks: { changed: { post: {} } },
  },
  {
    swagger: '2.0',
    info: { title: 'Old', version: '1' },
    host: 'old.example.com',
    basePath: '/v1',
    schemes: ['https'],
    consumes: ['application/json'],
    paths: {
      '/pets': {
        post: {
          consumes: ['multipart/form-data'],
          parameters: [
            { in: 'formData', name: 'photo', type: 'file' },
            { in: 'formData', name: 'tags', type: 'array', items: { type: 'string' }, collectionFormat: 'multi' },
          ],
          responses: { 200: { description: '', schema: { $ref: '#/definitions/Pet' } } },
        },
        put: { parameters: [{ $ref: '#/parameters/Pet' }], responses: { default: { $ref: '#/responses/None' } } },
      },
    },
    parameters: { Pet: { in: 'body', name: 'pet', schema: { $ref: '#/definitions/Pet' } } },
    responses: { None: { description: 'None', headers: { 'X-A': { type: 'integer' } } } },
    definitions: {
      Pet: { type: 'object', discriminator: 'kind', properties: { kind: { type: 'string', 'x-nullable': true } } },
    },
    securityDefinitions: {
      basic: { type: 'basic' },
      oauth: { type: 'oauth2', flow: 'accessCode', authorizationUrl: '/login', tokenUrl: '/token', scopes: {} },
    },
  },
  {
    info: { name: 'Calls', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    variable: [{ key: 'host', value: 'https://a.example.com' }],
    item: [
      {
        name: 'Orders',
        item: [
          {
            name: 'One',
            request: {
              method: 'GET',
              url: { raw: '{{host}}/orders/:id?x=1', host: ['{{host}}'], path: ['orders', ':id'] },
            },
          },
          { name: 'New', request: { method: 'POST', url: '{{host}}/orders', body: { mode: 'raw', raw: '{"a": 1}' } } },
        ],
      },
    ],
  },
  {
    log: {
      version: '1.2',
      entries: [
        {
          request: {
            method: 'GET',
            url: 'https://a.example.com/orders/17?page=2',
            headers: [{ name: 'accept', value: '*/*' }],
          },
          response: { status: 200, content: { mimeType: 'application/json', text: '{"id": 17}' } },
        },
      ],
    },
  },
  "curl -X POST 'https://a.example.com/orders?x=1' -H 'Authorization: Bearer abc' -d '{\"a\": [1, 2]}'",
]
