import { describe, expect, it, vi } from 'vitest'
import { createWorld } from '../src/context.ts'
import { LATER } from '../src/planner/language/events.ts'
import { startDueSchedules } from '../src/triggers/due.ts'
import { type Reply, testEnv } from './helpers.ts'
import { tenantWithTold } from './office.ts'
import { inPath, inQuery, list, object, operation, text } from './spec-pieces.ts'

const day = { type: 'string', format: 'date' }
const moment = { type: 'string', format: 'date-time' }
const harvest = object({ id: text, orchard: text, picked_on: day, status: text })
const delivery = object({ id: text, buyer: text, delivered_at: moment })
/** An orchard that nobody has: lists that filter by days, by moments, and not at all. */
const paths = {
  '/harvests': {
    get: operation('List harvests', list(harvest), [
      inQuery('picked_since', day),
      inQuery('picked_until', day),
      inQuery('status', { type: 'string', enum: ['open', 'sold', 'spoiled'] }),
    ]),
    post: operation('Record a harvest', harvest, [], object({ orchard: text, picked_on: day }, ['orchard'])),
  },
  '/harvests/{id}': { delete: operation('Delete a harvest', object({}), [inPath('id')]) },
  '/deliveries': {
    get: operation('List deliveries', list(delivery), [inQuery('since', moment), inQuery('until', moment)]),
  },
  '/pickers': { get: operation('List pickers', list(object({ id: text, name: text, hired_on: day }))) },
  '/pickers/{picker_id}': { get: operation('Get a picker', object({ id: text, name: text }), [inPath('picker_id')]) },
  '/pickers/{picker_id}/shifts': {
    get: operation('List the shifts of a picker', list(object({ id: text, on: day })), [inPath('picker_id')]),
  },
  '/inspections': {
    post: operation(
      'Plan an inspection',
      object({ id: text }),
      [],
      object({ orchard: text, recurrence: { type: 'string', enum: ['daily', 'weekly'] } }, ['orchard']),
    ),
  },
}
const orchard = await tenantWithTold('Orchard', paths, {
  '/harvests': { items: [{ id: 'h1', orchard: 'North', picked_on: '2026-01-01', status: 'spoiled' }] },
})

const PLACE = { timeZone: 'Europe/Berlin' }
const ask = async (message: string, chatId?: string): Promise<Reply['data']> =>
  (await orchard.call('POST', '/api/chat', { message, ...PLACE, ...(chatId && { chatId }) })).data
const talk = async (...messages: string[]) => {
  let plan: Reply['data']
  for (const message of messages) plan = await ask(message, plan?.chatId)
  return plan
}
const scheduled = (body: Record<string, unknown>) => orchard.call('POST', '/api/chat/schedule', body)

const YESTERDAY = '$plus($today("Europe/Berlin"), -1, "day")'

describe('a plan that is to run again and again', () => {
  it.each([
    [
      'every Monday at 9, list the harvests picked last week',
      {
        picked_since: '{{ $startOf($plus($today("Europe/Berlin"), -1, "week"), "week") }}',
        picked_until: '{{ $endOf($plus($today("Europe/Berlin"), -1, "week"), "week") }}',
      },
      'List harvests (picked_since: the first day of last week, picked_until: the last day of last week)',
    ],
    [
      'list the deliveries since yesterday every day at 7',
      { since: `{{ $atTime(${YESTERDAY}, "00:00:00", "Europe/Berlin") }}` },
      'List deliveries (since: the start of yesterday)',
    ],
    [
      'every day at 8, list the harvests picked since 2026-05-01',
      { picked_since: '2026-05-01' },
      'List harvests (picked_since: 2026-05-01)',
    ],
  ])('has the days of each run: %s', async (message, parameters, title) => {
    const plan = await ask(message)
    expect(plan.schedule).toMatchObject({ timeZone: 'Europe/Berlin', words: expect.stringMatching(/^every/) })
    expect(plan.definition.steps).toMatchObject([{ operation: expect.stringMatching(/^GET/), parameters }])
    expect([plan.status, plan.steps[0].title, plan.assumptions, plan.findings]).toEqual(['ready', title, [], []])
  })

  it('has them in what is kept of a list too', async () => {
    const plan = await ask('every day at 7 list the pickers hired in the last 3 months')
    expect(plan.definition.steps.at(-1).value).toContain('hired_on >= $plus($today("Europe/Berlin"), -3, "month")')
    expect(plan.steps.at(-1).title).toBe(
      'Keep those where hired on is not before 3 months ago and hired on is not after today',
    )
  })

  it('says where they stay those of today', async () => {
    const plan = await ask('every day at 8, list the harvests picked last friday')
    expect(plan.assumptions).toEqual([
      expect.stringMatching(/^days that count from today are those of 20\d\d-.* in every run/),
    ])
  })

  it('is none where the API repeats things itself, or no timetable tells it', async () => {
    const inspection = await ask('plan an inspection of orchard North every week')
    expect([inspection.schedule, inspection.request]).toEqual([null, inspection.message])
    const odd = await ask('list the spoiled harvests every 45 minutes')
    expect([odd.schedule, odd.steps.length]).toEqual([null, 1])
    expect(odd.assumptions).toEqual([
      '“every 45 minutes” is not scheduled: no cron expression tells “every 45 minutes”',
    ])
    expect((await ask('list the spoiled harvests')).schedule).toBeNull()
  })

  it('is told by a later message of its chat, kept by what refines it, and forgotten by another request', async () => {
    const weekly = await talk('list the harvests', 'every Monday at 9 please')
    expect([weekly.schedule?.cron, weekly.request, weekly.steps.length]).toEqual(['0 9 * * 1', 'list the harvests', 1])
    expect((await ask('make it every Friday at noon instead', weekly.chatId)).schedule.cron).toBe('0 12 * * 5')
    const refined = await ask('only the spoiled ones', weekly.chatId)
    expect([refined.schedule.cron, refined.steps[0].bindings]).toMatchObject(['0 12 * * 5', [{ value: 'spoiled' }]])
    expect((await ask('just once', weekly.chatId)).schedule).toBeNull()
    expect((await talk('every day at 7 list the harvests', 'List the pickers')).schedule).toBeNull()
  })
})

describe('POST /api/chat/schedule', () => {
  it('makes a workflow that runs by itself, with the days of each run', async () => {
    const plan = await ask('every morning at 8 record a harvest of orchard North picked today')
    expect(plan).toMatchObject({
      status: 'ready',
      schedule: { cron: '0 8 * * *' },
      executionId: null,
      workflowId: null,
    })
    const { status, data } = await scheduled({ planId: plan.id })
    expect([status, data]).toMatchObject([
      201,
      { cron: '0 8 * * *', timeZone: 'Europe/Berlin', enabled: true, lastRun: null },
    ])
    expect(data.nextRuns).toHaveLength(5)
    expect((await orchard.call('GET', `/api/chat/${plan.id}`)).data.workflowId).toBe(data.workflowId)
    expect(await orchard.changes()).toEqual([])
    const { data: listed } = await orchard.call('GET', '/api/workflows')
    expect(listed.map(({ id }: { id: string }) => id)).toContain(data.workflowId)
    const ran = await orchard.call('POST', `/api/workflows/${data.workflowId}/execute?wait=10`, {})
    const today = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin', dateStyle: 'short' })
    const body = JSON.stringify({ orchard: 'North', picked_on: today.format(Date.parse(ran.data.createdAt)) })
    expect(await orchard.changes()).toEqual([`POST /harvests ${body}`])
  })

  it('runs it when its time has come', async () => {
    const { id } = await ask('every hour list the spoiled harvests')
    const { data } = await scheduled({ planId: id })
    const world = createWorld(testEnv, 'req_recurring', () => {})
    await startDueSchedules({ ...world, now: () => Date.parse(data.nextRunAt) + 1000 })
    const ended = await vi.waitUntil(
      async () => {
        const [run] = (await orchard.call('GET', `/api/executions?workflowId=${data.workflowId}`)).data
        return run?.finishedAt && run
      },
      { timeout: 10_000 },
    )
    expect([ended.trigger, ended.status]).toEqual(['schedule', 'succeeded'])
  })

  it('takes a plan once, of two at the same time one', async () => {
    const { id } = await ask('every day at 8 list the harvests')
    const replies = await Promise.all([scheduled({ planId: id }), scheduled({ planId: id })])
    const [made, refused] = replies.toSorted((a, b) => a.status - b.status)
    expect([made?.status, refused?.status, refused?.body.code]).toEqual([201, 409, 'PLAN_ALREADY_SCHEDULED'])
    expect(refused?.body.workflowId).toBe(made?.data.workflowId)
    expect((await orchard.call('GET', `/api/workflows/${made?.data.workflowId}/schedules`)).data).toHaveLength(1)
  })

  it('asks when, where neither the plan nor the request says so', async () => {
    const { id } = await ask('list the harvests')
    const { status, body } = await scheduled({ planId: id })
    expect([status, body.code, body.errors[0].path]).toEqual([422, 'VALIDATION_FAILED', '/cron'])
    expect((await scheduled({ planId: id, cron: '61 * * * *' })).body.errors).toMatchObject([{ path: '/cron' }])
    const { data } = await scheduled({ planId: id, cron: '0 6 * * 1', timeZone: 'Asia/Tokyo', name: 'Early' })
    expect(data).toMatchObject({ cron: '0 6 * * 1', timeZone: 'Asia/Tokyo', name: 'Early' })
  })

  it('wants the inputs that a plan misses, the same in each run', async () => {
    const plan = await ask('every Friday at 9 delete a harvest')
    expect([plan.status, plan.schedule.cron]).toEqual(['needs_input', '0 9 * * 5'])
    expect((await scheduled({ planId: plan.id })).body.code).toBe('MISSING_INPUT')
    const input = Object.fromEntries(plan.missing.map(({ name }: { name: string }) => [name, 'h1']))
    expect((await scheduled({ planId: plan.id, input })).data).toMatchObject({ input })
  })

  it('has nothing to schedule where nothing was found', async () => {
    const { id } = await ask('every day at 9 whistle a tune')
    expect((await scheduled({ planId: id })).body.code).toBe('INVALID_WORKFLOW')
  })
})

describe('what is to be done each time something happens', () => {
  it.each([
    ['Whenever a harvest is spoiled, delete it', 'delete the harvest', 'DELETE /harvests/{id}', 'harvest_id'],
    ['when a new picker signs up, show the picker', 'show the picker', 'GET /pickers/{picker_id}', 'picker_id'],
    ['delete it as soon as someone records a harvest', 'delete the harvest', 'DELETE /harvests/{id}', 'harvest_id'],
    [
      'each time a picker is ill, list their shifts',
      'list the shifts of the picker',
      'GET /pickers/{picker_id}/shifts',
      'picker_id',
    ],
  ])('has the thing as an input, and is not waited for: %s', async (message, request, operation, input) => {
    const plan = await ask(message)
    expect([plan.status, plan.request, plan.definition.steps.length]).toEqual(['needs_input', request, 1])
    expect(plan.definition.steps).toMatchObject([{ operation, parameters: expect.any(Object) }])
    expect(Object.values(plan.definition.steps[0].parameters)).toEqual([`{{ input.${input} }}`])
    expect(plan.missing).toMatchObject([{ name: input }])
    expect(plan.definition.inputs.required).toEqual([input])
    expect(plan.assumptions).toEqual([expect.stringMatching(/is not waited for: make a workflow of it with a webhook/)])
    expect([plan.schedule, plan.explanation]).toEqual([null, expect.stringMatching(/One value is still needed\.$/)])
    expect(JSON.stringify(plan)).not.toContain(LATER)
  })

  it('does it to the thing that the workflow is given', async () => {
    const { definition } = await ask('Whenever a harvest is spoiled, delete it')
    const { data: made } = await orchard.call('POST', '/api/workflows', { definition })
    const input = { harvest_id: 'h77' }
    expect((await orchard.call('POST', `/api/workflows/${made.id}/execute?wait=10`, { input })).data.status).toBe(
      'succeeded',
    )
    expect((await orchard.changes()).at(-1)).toBe('DELETE /harvests/h77')
  })

  it('stays so in a chat that goes on, until something else is asked', async () => {
    const more = await talk('Whenever a harvest is spoiled, delete it', 'and list the pickers')
    expect(more.event).toMatchObject({ noun: 'harvest' })
    expect(more.definition.steps).toMatchObject([
      { operation: 'DELETE /harvests/{id}', parameters: { id: '{{ input.harvest_id }}' } },
      { operation: 'GET /pickers' },
    ])
    const plan = await talk('Whenever a harvest is spoiled, delete it', 'list the pickers')
    expect([plan.event, plan.status]).toEqual([null, 'ready'])
  })

  it.each([
    'when harvest h5 is spoiled, delete it',
    'record a harvest: pick it when a tree is ripe',
    'record a harvest of orchard "when a tree is ripe"',
    'when is a harvest spoiled?',
  ])('is not meant by “%s”', async (message) => {
    const { event, assumptions } = await ask(message)
    expect([event, assumptions.join()]).toEqual([null, expect.not.stringMatching(/waited for/)])
  })
})
