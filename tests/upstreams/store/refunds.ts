import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { idParam, refundsQuery } from './inputs.ts'
import { newestFirst, paginate } from './paging.ts'
import { notFound } from './problem.ts'
import { json, pageOf, problems } from './replies.ts'
import type { StoreEnv } from './replies.ts'
import { refundShape } from './schema.ts'
import type { Store } from './state.ts'

const tags = ['Refunds']

const listRefunds = createRoute({
  method: 'get',
  path: '/refunds',
  operationId: 'listRefunds',
  summary: 'List refunds',
  description: 'Lists refunds, newest first, of every order or only one.',
  tags,
  request: { query: refundsQuery },
  responses: { 200: json(pageOf('RefundPage', refundShape), 'A page of refunds.'), ...problems(400, 401) },
})

const getRefund = createRoute({
  method: 'get',
  path: '/refunds/{refundId}',
  operationId: 'getRefund',
  summary: 'Read a refund',
  description: 'Reads one refund by id.',
  tags,
  request: { params: idParam('refundId', 'Id of the refund.', 'rfd_4001') },
  responses: { 200: json(refundShape, 'The refund.'), ...problems(400, 401, 404) },
})

/** The routes under /refunds. */
export function refundRoutes(state: Store) {
  const app = new OpenAPIHono<StoreEnv>()

  app.openapi(listRefunds, (c) => {
    const query = c.req.valid('query')
    const found = [...state.refunds.values()].filter(
      (refund) => query.orderId === undefined || refund.orderId === query.orderId,
    )
    return c.json(paginate(found, newestFirst, query), 200)
  })

  app.openapi(getRefund, (c) => {
    const { refundId } = c.req.valid('param')
    const refund = state.refunds.get(refundId)
    if (refund === undefined) throw notFound('refund', refundId)
    return c.json(refund, 200)
  })

  return app
}
