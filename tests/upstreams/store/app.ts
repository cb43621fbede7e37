import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { applyFaults } from './break.ts'
import { controlRoutes } from './control.ts'
import { customerRoutes } from './customers.ts'
import { serveDocument } from './document.ts'
import type { FaultSwitches } from './faults.ts'
import { replayRepeats } from './idempotency.ts'
import { recordChanges } from './ledger.ts'
import type { LedgerEntry } from './ledger.ts'
import { orderRoutes } from './orders.ts'
import { answerError, answerProblem, rejectInvalid, StoreError } from './problem.ts'
import { productRoutes } from './products.ts'
import { refundRoutes } from './refunds.ts'
import { json } from './replies.ts'
import type { StoreEnv } from './replies.ts'
import type { Store } from './state.ts'

/** What an app is made of. */
export interface StoreParts {
  state: Store
  ledger: LedgerEntry[]
  faults: FaultSwitches
  apiKey: string
  /** Base URL for the OpenAPI document; known only once the server listens. */
  url: () => string
}

const resources = ['/customers/*', '/products/*', '/orders/*', '/refunds/*']

const health = createRoute({
  method: 'get',
  path: '/health',
  operationId: 'getHealth',
  summary: 'Check the service',
  description: 'Answers when the store is up. Needs no key.',
  tags: ['Service'],
  security: [],
  responses: {
    200: json(
      z
        .object({ status: z.literal('ok').openapi({ description: 'Always `ok`.', example: 'ok' }) })
        .openapi('Health', { description: 'The state of the service.' }),
      'The store is up.',
    ),
  },
})

const echoRequestId: MiddlewareHandler<StoreEnv> = async (c, next) => {
  await next()
  const id = c.req.header('X-Request-Id')
  if (id !== undefined) c.header('X-Request-Id', id)
}

function requireKey(apiKey: string): MiddlewareHandler<StoreEnv> {
  return async (c, next) => {
    const key = c.req.header('X-Store-Key')
    if (key === undefined) throw new StoreError(401, 'X-Store-Key required')
    if (key !== apiKey) throw new StoreError(401, 'X-Store-Key invalid')
    await next()
  }
}

/** The whole store as one app. */
export function createApp(parts: StoreParts) {
  const app = new OpenAPIHono<StoreEnv>({ defaultHook: rejectInvalid })
  app.onError(answerError)
  app.notFound((c) => answerProblem(c, 404, `no route for ${c.req.method} ${c.req.path}`))
  app.use(echoRequestId)
  // Inside out: a fault can lose an answer already given, and a repeat never reaches the ledger.
  const layers = [applyFaults(parts.faults), requireKey(parts.apiKey), replayRepeats(), recordChanges(parts.ledger)]
  for (const path of resources) app.use(path, ...layers)
  app.route('/', customerRoutes(parts.state))
  app.route('/', productRoutes(parts.state))
  app.route('/', orderRoutes(parts.state))
  app.route('/', refundRoutes(parts.state))
  app.route('/', controlRoutes(parts.faults, parts.ledger))
  app.openapi(health, (c) => c.json({ status: 'ok' as const }, 200))
  serveDocument(app, parts.url)
  return app
}
