import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, okPage, page, secured, success } from '../http/router.ts'
import { getAttempt, listAttempts } from './inspect.ts'
import { rehearse } from './rehearse.ts'
import { replayExecution } from './replay.ts'
import { rerunExecution } from './rerun.ts'
import {
  AttemptParams,
  DecisionRequest,
  ExecutePlan,
  ExecuteWorkflow,
  Execution,
  ExecutionAttempt,
  ExecutionQuery,
  ExecutionSummary,
  LoggedEvent,
  LogQuery,
  Rehearsal,
  RehearseRequest,
  Replay,
  ReplayRequest,
  RerunRequest,
  ResumeRequest,
  StepParams,
  WaitQuery,
} from './schema.ts'
import {
  executePlan,
  executeWorkflow,
  getExecution,
  getLog,
  listExecutions,
  openSocket,
  readValue,
  watchExecution,
} from './service.ts'
import { cancelExecution, decideExecution, pauseExecution, resumeExecution } from './steer.ts'

const base = { tags: ['Executions'], security: secured, middleware: authenticate() }
const params = z.object({ id: z.string().openapi({ example: 'run_…' }) })

const confirm = createRoute({
  ...base,
  method: 'post',
  path: '/chat/execute',
  operationId: 'executePlan',
  summary: 'Confirm a plan and run it',
  request: { body: body(ExecutePlan), query: WaitQuery },
  responses: { 202: ok(Execution, 'The execution; finished if it was waited for'), ...failure },
})

const execute = createRoute({
  ...base,
  method: 'post',
  path: '/workflows/{id}/execute',
  operationId: 'executeWorkflow',
  summary: 'Run a workflow',
  request: {
    params: z.object({ id: z.string().openapi({ example: 'wfl_…' }) }),
    body: body(ExecuteWorkflow),
    query: WaitQuery,
  },
  responses: { 202: ok(Execution, 'The execution; finished if it was waited for'), ...failure },
})

const list = createRoute({
  ...base,
  method: 'get',
  path: '/executions',
  operationId: 'listExecutions',
  summary: 'List executions',
  request: { query: ExecutionQuery },
  responses: { 200: okPage(ExecutionSummary, 'Executions'), ...failure },
})

const get = createRoute({
  ...base,
  method: 'get',
  path: '/executions/{id}',
  operationId: 'getExecution',
  summary: 'One execution, step by step',
  request: { params },
  responses: { 200: ok(Execution, 'The execution as it is now'), ...failure },
})

const events = createRoute({
  ...base,
  method: 'get',
  path: '/executions/{id}/events',
  operationId: 'watchExecution',
  summary: 'Watch an execution live: server-sent events, or a WebSocket where the request asks for the upgrade',
  request: {
    params,
    query: z.object({
      after: z.coerce
        .number()
        .int()
        .min(0)
        .optional()
        .openapi({ description: 'Resume after this event; browsers cannot send Last-Event-ID with a WebSocket' }),
    }),
    headers: z.object({ 'last-event-id': z.string().optional().openapi({ description: 'Resume after this event' }) }),
  },
  responses: {
    200: {
      description: 'Each event: its sequence number as id, its type as event, the event as JSON in data',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    101: { description: 'A message for each event: JSON with id, event and data; "ping" is answered by "pong"' },
    ...failure,
  },
})

const cancel = createRoute({
  ...base,
  method: 'post',
  path: '/executions/{id}/cancel',
  operationId: 'cancelExecution',
  summary: 'Stop an execution',
  request: { params },
  responses: { 200: ok(Execution, 'The execution, cancelled'), ...failure },
})

const rehearsal = createRoute({
  ...base,
  method: 'post',
  path: '/rehearsals',
  operationId: 'rehearse',
  summary: 'Run a definition against made-up answers: the requests that would leave, nothing sent',
  request: { body: body(RehearseRequest) },
  responses: { 200: ok(Rehearsal, 'Every call of every branch'), ...failure },
})

const pause = createRoute({
  ...base,
  method: 'post',
  path: '/executions/{id}/pause',
  operationId: 'pauseExecution',
  summary: 'Begin no further step until it is resumed',
  request: { params },
  responses: { 200: ok(Execution, 'The execution, paused'), ...failure },
})

const resume = createRoute({
  ...base,
  method: 'post',
  path: '/executions/{id}/resume',
  operationId: 'resumeExecution',
  summary: 'Go on after a pause, or from the steps that failed',
  request: { params, body: body(ResumeRequest) },
  responses: { 200: ok(Execution, 'The execution as it goes on'), ...failure },
})

const decide = createRoute({
  ...base,
  method: 'post',
  path: '/executions/{id}/decide',
  operationId: 'decideExecution',
  summary: 'Approve or refuse, or settle a call whose outcome is not known',
  request: { params, body: body(DecisionRequest) },
  responses: { 200: ok(Execution, 'The execution as it goes on'), ...failure },
})

const log = createRoute({
  ...base,
  method: 'get',
  path: '/executions/{id}/log',
  operationId: 'getExecutionLog',
  summary: 'Everything that happened to an execution',
  request: { params, query: LogQuery },
  responses: { 200: okPage(LoggedEvent, 'The events in their order'), ...failure },
})

const value = createRoute({
  ...base,
  method: 'get',
  path: '/executions/{id}/values/{valueId}',
  operationId: 'getExecutionValue',
  summary: 'A large value that an execution or its log refers to, whole',
  request: { params: params.extend({ valueId: z.coerce.number().int().openapi({ example: 1 }) }) },
  responses: {
    200: { description: 'The value', content: { 'application/json': { schema: z.unknown() } } },
    ...failure,
  },
})

const attempts = createRoute({
  ...base,
  method: 'get',
  path: '/executions/{id}/steps/{path}/attempts',
  operationId: 'listExecutionAttempts',
  summary: 'Every attempt of a step, with request and response',
  request: { params: StepParams },
  responses: { 200: ok(z.array(ExecutionAttempt), 'The attempts, oldest first; bodies over 10 KB cut'), ...failure },
})

const attempt = createRoute({
  ...base,
  method: 'get',
  path: '/executions/{id}/steps/{path}/attempts/{number}',
  operationId: 'getExecutionAttempt',
  summary: 'One attempt of a step, uncut',
  request: { params: AttemptParams },
  responses: { 200: ok(ExecutionAttempt, 'The attempt with the whole of its bodies'), ...failure },
})

const replay = createRoute({
  ...base,
  method: 'post',
  path: '/executions/{id}/replay',
  operationId: 'replayExecution',
  summary: 'Go through an execution once more with the answers recorded then: nothing is sent',
  request: { params, body: body(ReplayRequest) },
  responses: { 200: ok(Replay, 'The requests that would leave now beside those that left'), ...failure },
})

const rerun = createRoute({
  ...base,
  method: 'post',
  path: '/executions/{id}/rerun',
  operationId: 'rerunExecution',
  summary: 'Run the same version of the workflow once more, with the same input or another',
  request: { params, body: body(RerunRequest), query: WaitQuery },
  responses: { 202: ok(Execution, 'The new execution; finished if it was waited for'), ...failure },
})

export const runRoutes = createRouter()
  .openapi(confirm, async (c) =>
    c.json(success(await executePlan(c.var.ctx, c.req.valid('json'), { waitSeconds: c.req.valid('query').wait })), 202),
  )
  .openapi(execute, async (c) =>
    c.json(
      success(
        await executeWorkflow(c.var.ctx, c.req.valid('param').id, c.req.valid('json'), c.req.valid('query').wait),
      ),
      202,
    ),
  )
  .openapi(list, async (c) => c.json(page(await listExecutions(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(get, async (c) => c.json(success(await getExecution(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(events, async (c) => {
    const { id } = c.req.valid('param')
    const last = Number.parseInt(c.req.valid('header')['last-event-id'] ?? '', 10)
    const after = c.req.valid('query').after ?? (last > 0 ? last : 0)
    if (c.req.header('upgrade')?.toLowerCase() === 'websocket') return openSocket(c.var.ctx, id, after)
    const stream = await watchExecution(c.var.ctx, id, after)
    return c.body(stream, 200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  })
  .openapi(cancel, async (c) => c.json(success(await cancelExecution(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(pause, async (c) => c.json(success(await pauseExecution(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(resume, async (c) =>
    c.json(success(await resumeExecution(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))), 200),
  )
  .openapi(decide, async (c) =>
    c.json(success(await decideExecution(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))), 200),
  )
  .openapi(log, async (c) => c.json(page(await getLog(c.var.ctx, c.req.valid('param').id, c.req.valid('query'))), 200))
  .openapi(value, async (c) => {
    const { id, valueId } = c.req.valid('param')
    return c.json(await readValue(c.var.ctx, id, valueId), 200)
  })
  .openapi(attempts, async (c) => {
    const { id, path } = c.req.valid('param')
    return c.json(success(await listAttempts(c.var.ctx, id, path)), 200)
  })
  .openapi(attempt, async (c) => {
    const { id, path, number } = c.req.valid('param')
    return c.json(success(await getAttempt(c.var.ctx, id, path, number)), 200)
  })
  .openapi(replay, async (c) =>
    c.json(success(await replayExecution(c.var.ctx, c.req.valid('param').id, c.req.valid('json').definition)), 200),
  )
  .openapi(rerun, async (c) =>
    c.json(
      success(await rerunExecution(c.var.ctx, c.req.valid('param').id, c.req.valid('json'), c.req.valid('query').wait)),
      202,
    ),
  )
  .openapi(rehearsal, async (c) => {
    const { definition, input } = c.req.valid('json')
    return c.json(success(await rehearse(c.var.ctx, definition, input)), 200)
  })
