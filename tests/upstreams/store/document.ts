import { createHash } from 'node:crypto'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { dump } from 'js-yaml'
import type { StoreEnv } from './replies.ts'

const paragraphs = [
  [
    'A small store with customers, products, orders and refunds, kept in memory.',
    'Every request but getHealth needs the store key in the `X-Store-Key` header.',
  ],
  [
    'Amounts are whole cents of the given currency, times are ISO 8601 in UTC.',
    'Lists come in pages: pass the `nextCursor` of one page as `cursor` to read the next.',
  ],
  [
    'Writes take an `Idempotency-Key` header; repeating a write with the same key returns the recorded answer,',
    'marked with `Idempotency-Replayed: true`, and does not act again. Errors are problem documents (RFC 9457).',
  ],
]
const description = paragraphs.map((sentences) => sentences.join(' ')).join('\n\n')

const tags = [
  { name: 'Customers', description: 'People who buy from the store.' },
  { name: 'Products', description: 'What the store sells, and how much of it is left.' },
  { name: 'Orders', description: 'Placing, following, cancelling and refunding orders.' },
  { name: 'Refunds', description: 'Money that was paid back.' },
  { name: 'Service', description: 'The state of the service itself.' },
]

function buildDocument(app: OpenAPIHono<StoreEnv>, url: string) {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Sample Store', version: '1.0.0', description },
    servers: [{ url, description: 'This store.' }],
    tags,
    security: [{ storeKey: [] }],
  })
}

function answerText(c: Context<StoreEnv>, text: string, contentType: string) {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`
  const held = (c.req.header('If-None-Match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  c.header('ETag', etag)
  c.header('Cache-Control', 'no-cache')
  if (held.includes(etag) || held.includes('*')) return c.body(null, 304)
  return c.body(text, 200, { 'content-type': contentType })
}

/** Serves the OpenAPI document of all routes added so far and later, as JSON and as YAML. */
export function serveDocument(app: OpenAPIHono<StoreEnv>, url: () => string): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'storeKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-Store-Key',
    description: 'The key of the store.',
  })
  app.get('/openapi.json', (c) =>
    answerText(c, JSON.stringify(buildDocument(app, url()), null, 2), 'application/json; charset=utf-8'),
  )
  app.get('/openapi.yaml', (c) =>
    answerText(c, dump(buildDocument(app, url()), { noRefs: true }), 'application/yaml; charset=utf-8'),
  )
}
