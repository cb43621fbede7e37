import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, okPage, page, secured, success } from '../http/router.ts'
import { schedulePlan } from './schedule-plan.ts'
import {
  NewSchedule,
  PreviewQuery,
  Schedule,
  ScheduleEdit,
  SchedulePlan,
  SchedulePreview,
  TriggerQuery,
} from './schema.ts'
import {
  createSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  previewSchedule,
  updateSchedule,
} from './service.ts'

const base = { tags: ['Schedules'], security: secured, middleware: authenticate() }
const ofWorkflow = z.object({ id: z.string().openapi({ example: 'wfl_…' }) })
const params = ofWorkflow.extend({ scheduleId: z.string().openapi({ example: 'sch_…' }) })

const create = createRoute({
  ...base,
  method: 'post',
  path: '/workflows/{id}/schedules',
  operationId: 'createSchedule',
  summary: 'Have a workflow run by itself',
  request: { params: ofWorkflow, body: body(NewSchedule) },
  responses: { 201: ok(Schedule, 'The schedule'), ...failure },
})

const list = createRoute({
  ...base,
  method: 'get',
  path: '/workflows/{id}/schedules',
  operationId: 'listSchedules',
  summary: 'List the schedules of a workflow',
  request: { params: ofWorkflow, query: TriggerQuery },
  responses: { 200: okPage(Schedule, 'Schedules, newest first'), ...failure },
})

const get = createRoute({
  ...base,
  method: 'get',
  path: '/workflows/{id}/schedules/{scheduleId}',
  operationId: 'getSchedule',
  summary: 'One schedule with its next five times',
  request: { params },
  responses: { 200: ok(Schedule, 'The schedule'), ...failure },
})

const update = createRoute({
  ...base,
  method: 'patch',
  path: '/workflows/{id}/schedules/{scheduleId}',
  operationId: 'updateSchedule',
  summary: 'Change a schedule, or turn it on or off',
  request: { params, body: body(ScheduleEdit) },
  responses: { 200: ok(Schedule, 'The schedule'), ...failure },
})

const remove = createRoute({
  ...base,
  method: 'delete',
  path: '/workflows/{id}/schedules/{scheduleId}',
  operationId: 'deleteSchedule',
  summary: 'Remove a schedule',
  request: { params },
  responses: { 200: ok(z.object({ id: z.string(), deleted: z.literal(true) }), 'It is gone'), ...failure },
})

const preview = createRoute({
  ...base,
  method: 'get',
  path: '/schedules/preview',
  operationId: 'previewSchedule',
  summary: 'The next five times of a timetable that is not stored',
  request: { query: PreviewQuery },
  responses: { 200: ok(SchedulePreview, 'The times'), ...failure },
})

const ofPlan = createRoute({
  ...base,
  method: 'post',
  path: '/chat/schedule',
  operationId: 'schedulePlan',
  summary: 'Confirm a plan and have it run by itself',
  description:
    'The plan becomes a workflow with a schedule: at the times that the plan says, or the request. Nothing is run now. Each run asks where the policy of an API does not let its changes run by themselves.',
  request: { body: body(SchedulePlan) },
  responses: { 201: ok(Schedule, 'The schedule'), ...failure },
})

export const scheduleRoutes = createRouter()
  .openapi(ofPlan, async (c) => c.json(success(await schedulePlan(c.var.ctx, c.req.valid('json'))), 201))
  .openapi(create, async (c) =>
    c.json(success(await createSchedule(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))), 201),
  )
  .openapi(list, async (c) =>
    c.json(page(await listSchedules(c.var.ctx, c.req.valid('param').id, c.req.valid('query'))), 200),
  )
  .openapi(get, async (c) => {
    const { id, scheduleId } = c.req.valid('param')
    return c.json(success(await getSchedule(c.var.ctx, id, scheduleId)), 200)
  })
  .openapi(update, async (c) => {
    const { id, scheduleId } = c.req.valid('param')
    return c.json(success(await updateSchedule(c.var.ctx, id, scheduleId, c.req.valid('json'))), 200)
  })
  .openapi(remove, async (c) => {
    const { id, scheduleId } = c.req.valid('param')
    return c.json(success(await deleteSchedule(c.var.ctx, id, scheduleId)), 200)
  })
  .openapi(preview, (c) => c.json(success(previewSchedule(c.var.ctx, c.req.valid('query'))), 200))
