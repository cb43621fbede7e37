import { createRoute } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { stillMay } from '../auth/still-may.ts'
import { body, createRouter, failure, ok, okPage, page, secured, success } from '../http/router.ts'
import { getKey, listKeys } from '../keys/queries.ts'
import { ApiKey, IssuedApiKey, KeyEdit, KeyParam, KeyQuery, KeyRenewal, KeyRotation, NewKey } from '../keys/schema.ts'
import { createKey, renewKey, revokeKey, rotateKey, updateKey } from '../keys/service.ts'

const base = { tags: ['API keys'], security: secured, middleware: authenticate() }
const params = KeyParam

const create = createRoute({
  ...base,
  method: 'post',
  path: '/keys',
  operationId: 'createKey',
  summary: 'Make an API key',
  request: { body: body(NewKey) },
  responses: { 201: ok(IssuedApiKey, 'The key, and its token this once'), ...failure },
})

const list = createRoute({
  ...base,
  method: 'get',
  path: '/keys',
  operationId: 'listKeys',
  summary: 'List API keys',
  request: { query: KeyQuery },
  responses: { 200: okPage(ApiKey, 'Keys, newest first unless sorted otherwise'), ...failure },
})

const get = createRoute({
  ...base,
  method: 'get',
  path: '/keys/{id}',
  operationId: 'getKey',
  summary: 'One API key',
  request: { params },
  responses: { 200: ok(ApiKey, 'The key'), ...failure },
})

const update = createRoute({
  ...base,
  method: 'patch',
  path: '/keys/{id}',
  operationId: 'updateKey',
  summary: 'Change what an API key may do',
  request: { params, body: body(KeyEdit) },
  responses: { 200: ok(ApiKey, 'The key as it is from the next request on'), ...failure },
})

const rotate = createRoute({
  ...base,
  method: 'post',
  path: '/keys/{id}/rotate',
  operationId: 'rotateKey',
  summary: 'Give an API key another token',
  request: { params, body: body(KeyRotation) },
  responses: { 200: ok(IssuedApiKey, 'The key, and its new token this once'), ...failure },
})

const renew = createRoute({
  ...base,
  method: 'post',
  path: '/keys/{id}/renew',
  operationId: 'renewKey',
  summary: 'Set when an API key expires',
  request: { params, body: body(KeyRenewal) },
  responses: { 200: ok(ApiKey, 'The key'), ...failure },
})

const revoke = createRoute({
  ...base,
  method: 'delete',
  path: '/keys/{id}',
  operationId: 'revokeKey',
  summary: 'Revoke an API key for good',
  request: { params },
  responses: { 200: ok(ApiKey, 'The key, which does not work any more'), ...failure },
})

export const keyRoutes = createRouter()
  .openapi(create, async (c) =>
    c.json(success(await createKey(c.var.ctx, c.req.valid('json'), stillMay(c.var.ctx))), 201),
  )
  .openapi(list, async (c) => c.json(page(await listKeys(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(get, async (c) => c.json(success(await getKey(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(update, async (c) => {
    const { id } = c.req.valid('param')
    return c.json(success(await updateKey(c.var.ctx, id, c.req.valid('json'), stillMay(c.var.ctx))), 200)
  })
  .openapi(rotate, async (c) => {
    const { id } = c.req.valid('param')
    return c.json(success(await rotateKey(c.var.ctx, id, c.req.valid('json'), stillMay(c.var.ctx))), 200)
  })
  .openapi(renew, async (c) => {
    const { id } = c.req.valid('param')
    return c.json(success(await renewKey(c.var.ctx, id, c.req.valid('json'), stillMay(c.var.ctx))), 200)
  })
  .openapi(revoke, async (c) => c.json(success(await revokeKey(c.var.ctx, c.req.valid('param').id)), 200))
