import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, okPage, page, secured, success } from '../http/router.ts'
import { receiveEvent } from './deliver.ts'
import { createHook, deleteHook, getHook, listHooks, rotateHook, updateHook } from './hooks.ts'
import { Delivery, Hook, HookEdit, HookRotation, IssuedHook, NewHook, TriggerQuery } from './schema.ts'

const base = { tags: ['Hooks'], security: secured, middleware: authenticate() }
const ofWorkflow = z.object({ id: z.string().openapi({ example: 'wfl_…' }) })
const params = ofWorkflow.extend({ hookId: z.string().openapi({ example: 'hok_…' }) })

const create = createRoute({
  ...base,
  method: 'post',
  path: '/workflows/{id}/hooks',
  operationId: 'createHook',
  summary: 'Make a URL whose events run a workflow',
  request: { params: ofWorkflow, body: body(NewHook) },
  responses: { 201: ok(IssuedHook, 'The hook, and its secret this once'), ...failure },
})

const list = createRoute({
  ...base,
  method: 'get',
  path: '/workflows/{id}/hooks',
  operationId: 'listHooks',
  summary: 'List the hooks of a workflow',
  request: { params: ofWorkflow, query: TriggerQuery },
  responses: { 200: okPage(Hook, 'Hooks, newest first'), ...failure },
})

const get = createRoute({
  ...base,
  method: 'get',
  path: '/workflows/{id}/hooks/{hookId}',
  operationId: 'getHook',
  summary: 'One hook',
  request: { params },
  responses: { 200: ok(Hook, 'The hook'), ...failure },
})

const update = createRoute({
  ...base,
  method: 'patch',
  path: '/workflows/{id}/hooks/{hookId}',
  operationId: 'updateHook',
  summary: 'Change a hook, or turn it on or off',
  request: { params, body: body(HookEdit) },
  responses: { 200: ok(Hook, 'The hook'), ...failure },
})

const rotate = createRoute({
  ...base,
  method: 'post',
  path: '/workflows/{id}/hooks/{hookId}/rotate',
  operationId: 'rotateHook',
  summary: 'Give a hook another secret',
  request: { params, body: body(HookRotation) },
  responses: { 200: ok(IssuedHook, 'The hook, and its new secret this once'), ...failure },
})

const remove = createRoute({
  ...base,
  method: 'delete',
  path: '/workflows/{id}/hooks/{hookId}',
  operationId: 'deleteHook',
  summary: 'Remove a hook',
  request: { params },
  responses: { 200: ok(z.object({ id: z.string(), deleted: z.literal(true) }), 'It is gone'), ...failure },
})

export const hookRoutes = createRouter()
  .openapi(create, async (c) => {
    const hook = await createHook(c.var.ctx, c.req.valid('param').id, c.req.valid('json'), originOf(c.req.url))
    return c.json(success(hook), 201)
  })
  .openapi(list, async (c) => {
    const { id } = c.req.valid('param')
    return c.json(page(await listHooks(c.var.ctx, id, c.req.valid('query'), originOf(c.req.url))), 200)
  })
  .openapi(get, async (c) => {
    const { id, hookId } = c.req.valid('param')
    return c.json(success(await getHook(c.var.ctx, id, hookId, originOf(c.req.url))), 200)
  })
  .openapi(update, async (c) => {
    const { id, hookId } = c.req.valid('param')
    return c.json(success(await updateHook(c.var.ctx, id, hookId, c.req.valid('json'), originOf(c.req.url))), 200)
  })
  .openapi(rotate, async (c) => {
    const { id, hookId } = c.req.valid('param')
    return c.json(success(await rotateHook(c.var.ctx, id, hookId, c.req.valid('json'), originOf(c.req.url))), 200)
  })
  .openapi(remove, async (c) => {
    const { id, hookId } = c.req.valid('param')
    return c.json(success(await deleteHook(c.var.ctx, id, hookId)), 200)
  })

const deliver = createRoute({
  tags: ['Hooks'],
  method: 'post',
  path: '/hooks/{id}',
  operationId: 'receiveEvent',
  summary: 'Tell of an event (signed by the sender)',
  request: {
    params: z.object({ id: z.string().openapi({ example: 'hok_…' }) }),
    // Any type: what is signed are the bytes, so nothing here may read them before.
    body: { content: { 'application/json': { schema: {} } } },
  },
  responses: {
    200: ok(Delivery, 'The event had come before: the execution it started then'),
    202: ok(Delivery, 'The execution it started'),
    ...failure,
  },
})

/** Mounted at the root: what is sent here is signed, and needs no key. */
export const eventRoutes = createRouter().openapi(deliver, async (c) => {
  const event = {
    headers: c.req.raw.headers,
    query: new URL(c.req.url).searchParams,
    body: new Uint8Array(await c.req.arrayBuffer()),
  }
  const delivery = await receiveEvent(c.var.world, c.req.valid('param').id, event)
  return c.json(success(delivery), delivery.duplicate ? 200 : 202)
})

function originOf(url: string): string {
  return new URL(url).origin
}
