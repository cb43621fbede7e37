import { describe, expect, it } from 'vitest'
import { fromArazzo } from '../src/workflows/arazzo/import.ts'
import { tenantWithTold } from './office.ts'

type Node = Record<string, unknown>

const answer = {
  200: {
    description: 'Done',
    content: {
      'application/json': {
        schema: { type: 'object', properties: { id: { type: 'string' }, state: { type: 'string' } } },
      },
    },
  },
}
const post = (operationId: string, names: string[] = []) => ({
  post: {
    operationId,
    parameters: names.map((name) => ({ name, in: 'query', required: true, schema: { type: 'string' } })),
    responses: answer,
  },
})
const paths = {
  '/login': post('login', ['user']),
  '/order': post('order', ['session']),
  '/pay': post('pay'),
  '/refund': post('refund'),
  '/report': post('report'),
  '/state': { get: { operationId: 'state', responses: answer } },
}

const step = (operationId: string, more: Node = {}) => ({ stepId: `do-${operationId}`, operationId, ...more })
const workflow = (workflowId: string, steps: Node[], more: Node = {}) => ({ workflowId, steps, ...more })
const login = workflow(
  'login',
  [
    step('login', {
      parameters: [{ name: 'user', in: 'query', value: '$inputs.user' }],
      outputs: { session: '$response.body#/id' },
    }),
  ],
  {
    inputs: { type: 'object', properties: { user: { type: 'string' } }, required: ['user'] },
    outputs: { session: '$steps.do-login.outputs.session' },
  },
)
const report = workflow('report', [step('report')])
const document = (workflows: Node[]) => ({
  arazzo: '1.0.1',
  info: { title: 'Shop', version: '1' },
  sourceDescriptions: [{ name: 'shop', url: './shop.json', type: 'openapi' }],
  workflows,
})

/** Imports a document and runs its workflow "main": what was changed there, and how the run ended. */
async function carryOut(workflows: Node[], told: Node = {}, input: Node = {}) {
  const done = { status: 200, body: { id: 's1', state: 'open' } }
  const names = ['login', 'order', 'pay', 'refund', 'report'].map((name) => [`POST /${name}`, done])
  const tenant = await tenantWithTold('Shop', paths, { ...Object.fromEntries(names), '/state': done.body, ...told })
  const { status, data, body } = await tenant.call('POST', '/api/workflows/import', { document: document(workflows) })
  if (status !== 201) throw new Error(JSON.stringify(body))
  const main = data.created.find(({ workflowId }: { workflowId: string }) => workflowId === 'main')
  if (!main) throw new Error(JSON.stringify(data))
  const run = await tenant.call('POST', `/api/workflows/${main.id}/execute?wait=20`, { input })
  const made = (await tenant.changes()).map((change) => change.replace(/^POST \/|\?.*$/g, ''))
  return { findings: data.findings, notes: main.notes, run: run.data, made, changes: await tenant.changes() }
}

const findingsOf = (workflows: Node[]) => {
  const names = ['login', 'order', 'pay', 'refund', 'report']
  const operations = names.map((name) => ({
    operation: `POST /${name}`,
    operationId: name,
    parameters: null,
    body: null,
  }))
  const api = { slug: 'shop', name: 'Shop', specUrl: null, baseUrl: 'https://shop.example', operations }
  return fromArazzo(document(workflows), [api]).findings
}

describe('a workflow that depends on others', () => {
  const order = step('order', {
    parameters: [{ name: 'session', in: 'query', value: '$workflows.login.outputs.session' }],
  })
  const inputs = { type: 'object', properties: { user: { type: 'string' } } }

  it('has them done first, with the inputs of the same name, and reads what they give', async () => {
    const main = workflow('main', [step('state'), order], { dependsOn: ['login'], inputs })
    const { findings, notes, run, changes } = await carryOut([main, login], {}, { user: 'ada' })
    expect([findings, run.status]).toEqual([[], 'succeeded'])
    expect(changes).toEqual(['POST /login?user=ada', 'POST /order?session=s1'])
    expect(notes.join()).toContain('gets the inputs user of this one')
    const [first, second] = run.steps
    expect([second.id, second.finishedAt >= first.finishedAt]).toEqual(['do_state', true])
  })

  it('does nothing where one of them fails', async () => {
    const main = workflow('main', [step('pay')], { dependsOn: ['login'], inputs })
    const { run, made } = await carryOut([main, login], { 'POST /login': { status: 403 } }, { user: 'ada' })
    expect([run.status, made]).toEqual(['failed', ['login']])
  })

  it('asks for what they need and the document does not give', async () => {
    const main = workflow('main', [step('pay')], { dependsOn: ['login'] })
    const { notes, run } = await carryOut([main, login], {}, { login_user: 'eve' })
    expect([run.status, notes.join()]).toEqual(['succeeded', expect.stringContaining('login_user')])
  })

  it('finds those of other documents, as actions do, among those that are stored here', async () => {
    const tenant = await tenantWithTold('Shop', paths, {})
    const store = (given: object) => tenant.call('POST', '/api/workflows/import', { document: given })
    const { data: first } = await store(document([report]))
    const onSuccess = [{ name: 'away', type: 'goto', workflowId: '$sourceDescriptions.other.report' }]
    const main = workflow('main', [step('pay', { onSuccess })], { dependsOn: ['$sourceDescriptions.other.report'] })
    const sourceDescriptions = [...document([]).sourceDescriptions, { name: 'other', url: './o.yaml', type: 'arazzo' }]
    const { data } = await store({ ...document([main]), sourceDescriptions })
    expect(data.findings).toEqual([])
    const { definition } = (await tenant.call('GET', `/api/workflows/${data.created[0].id}`)).data
    const { id: workflowId } = first.created[0]
    expect(definition.steps).toMatchObject([
      { id: 'report', type: 'workflow', workflowId },
      { id: 'do_pay', dependsOn: ['report'] },
      { type: 'workflow', workflowId, when: expect.any(String) },
    ])
  })

  it.each([
    ['one that is not there', [workflow('main', [step('pay')], { dependsOn: ['none'] })], '/workflows/0/dependsOn/0'],
    ['itself', [workflow('main', [step('pay')], { dependsOn: ['main'] })], '/workflows/0/dependsOn/0'],
    [
      'one that another runs first, too',
      [
        workflow('main', [step('pay')], { dependsOn: ['a', 'report'] }),
        workflow('a', [step('pay')], { dependsOn: ['report'] }),
        report,
      ],
      '/workflows/0/dependsOn/1',
    ],
    ['no list', [workflow('main', [step('pay')], { dependsOn: 'report' }), report], '/workflows/0/dependsOn'],
  ])('is told of with its place where it names %s', (_, workflows, path) => {
    expect(findingsOf(workflows).map((finding) => finding.path)).toEqual([path])
  })
})

describe('a success action that goes to a workflow', () => {
  const to = (condition: string | null) => ({
    name: 'away',
    type: 'goto',
    workflowId: 'report',
    ...(condition === null ? {} : { criteria: [{ condition }] }),
  })
  const main = (condition: string | null) =>
    workflow('main', [step('pay', { onSuccess: [to(condition)] }), step('refund')])

  it.each([
    ['always', null, ['pay', 'report']],
    ['where its criteria hold', "$response.body#/state == 'open'", ['pay', 'report']],
    ['not where they do not', "$response.body#/state == 'closed'", ['pay', 'refund']],
  ])('ends this one with that: %s', async (_, condition, expected) => {
    const { findings, run, made } = await carryOut([main(condition), report])
    expect([findings, run.status, made]).toEqual([[], 'succeeded', expected])
  })

  it('that is not there is left to a person', () => {
    expect(findingsOf([main(null)])).toMatchObject([
      { path: '/workflows/0/steps/0/onSuccess/0', message: expect.stringContaining('there is no workflow "report"') },
    ])
  })
})

describe('failure actions', () => {
  const onFailure = [
    { name: 'gone', type: 'goto', stepId: 'do-refund', criteria: [{ condition: '$statusCode == 404' }] },
    { name: 'tell', type: 'goto', workflowId: 'report', criteria: [{ condition: '{$statusCode == 409}' }] },
    { name: 'stop', type: 'end', criteria: [{ context: '$statusCode', type: 'regex', condition: '^42' }] },
  ]
  const state = (name: string) => step('state', { stepId: name })
  const main = workflow('main', [
    step('pay', { onFailure }),
    step('login', { parameters: [{ name: 'user', in: 'query', value: 'x' }] }),
    step('refund'),
  ])

  it.each([
    [200, 'succeeded', ['pay', 'login', 'refund']],
    [404, 'succeeded', ['pay', 'refund']],
    [409, 'succeeded', ['pay', 'report']],
    [422, 'failed', ['pay']],
    [400, 'failed', ['pay']],
  ])('decide after %i how to go on: %s', async (status, ended, expected) => {
    const { findings, run, made } = await carryOut([main, report], { 'POST /pay': { status } })
    expect([findings, run.status, made]).toEqual([[], ended, expected])
    expect(run.error?.message ?? `${status}`).toContain(String(status))
  })

  it('are for an answer that is not what the document wants, too', async () => {
    const successCriteria = [{ condition: "$response.body#/state == 'closed'" }]
    const away = { name: 'tell', type: 'goto', workflowId: 'report', criteria: [{ condition: '$statusCode < 300' }] }
    const over = { name: 'over', type: 'end' }
    const checked = step('pay', { successCriteria, onSuccess: [over], onFailure: [away] })
    const { findings, run, made } = await carryOut([workflow('main', [checked, step('refund'), state('last')]), report])
    expect([findings, run.status, made]).toEqual([[], 'succeeded', ['pay', 'report']])
  })

  it('that ask for what is not kept of a failure are told of, and the step fails', () => {
    const unread = {
      name: 'x',
      type: 'goto',
      stepId: 'do-refund',
      criteria: [{ condition: "$response.body#/a == 'b'" }],
    }
    expect(findingsOf([workflow('main', [step('pay', { onFailure: [unread] }), step('refund')])])).toMatchObject([
      { path: '/workflows/0/steps/0/onFailure/0', message: expect.stringContaining('not kept') },
    ])
  })

  it.each([
    ['more often than a step is', { retryLimit: 30 }, '/retryLimit'],
    ['after more than an hour', { retryAfter: 7200 }, '/retryAfter'],
  ])('that try again %s are told of', (_, more, at) => {
    const retry = { name: 'again', type: 'retry', ...more }
    expect(findingsOf([workflow('main', [step('pay', { onFailure: [retry] })])]).map(({ path }) => path)).toEqual([
      `/workflows/0/steps/0/onFailure/0${at}`,
    ])
  })

  it('that try again alike after several statuses are one; another way is told of', () => {
    const again = (name: string, condition: string, retryAfter: number) => {
      return { name, type: 'retry', retryAfter, criteria: [{ condition }] }
    }
    const actions = [
      again('a', '$statusCode == 503', 2),
      again('b', '$statusCode == 429', 2),
      again('c', '$statusCode == 500', 9),
    ]
    const read = findingsOf([workflow('main', [step('pay', { onFailure: actions })])])
    expect(read.map(({ path }) => path)).toEqual(['/workflows/0/steps/0/onFailure/2'])
  })
})
