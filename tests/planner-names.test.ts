import { describe, expect, it } from 'vitest'
import { tenantWithCodeHost } from './code-host.ts'
import { tenantWithStore } from './helpers.ts'

type Call = { operation?: string; parameters?: object; body?: object }
type Planned = {
  status: string
  definition: { steps: (Call & { steps?: Call[] })[] } | null
  steps: { effect: string }[]
}

/** The calls of a plan as they would leave, and its status. */
async function planned(message: string) {
  const plan: Planned = await (await tenantWithCodeHost()).plan(message)
  const all = (plan.definition?.steps ?? []).flatMap((step) => [step, ...(step.steps ?? [])])
  const calls = all.flatMap(({ operation, parameters, body }) => (operation ? [{ operation, parameters, body }] : []))
  return { status: plan.status, calls }
}

const AT = '/projects/{owner}/{project}'
const loom = { owner: 'ada', project: 'loom-2' }

describe('what things are called', () => {
  it.each([
    ['list the defects of ada/loom-2', `GET ${AT}/defects`, loom],
    ['show the copies of https://code.example.com/ada/loom-2', `GET ${AT}/copies`, loom],
    ['delete the project ada/loom-2', `DELETE ${AT}`, loom],
    ['list the crews of the organization weavers', 'GET /orgs/{org}/crews', { org: 'weavers' }],
    [
      'who are the members of the crew night-shift in the organization weavers?',
      'GET /orgs/{org}/crews/{crew_slug}/members',
      { org: 'weavers', crew_slug: 'night-shift' },
    ],
    ['find projects about silk weaving', 'GET /search/projects', { q: 'silk weaving' }],
    ['list the records of loom.example.com', 'GET /domains/{domain_name}/records', { domain_name: 'loom.example.com' }],
    ['list my organizations', 'GET /member/orgs', undefined],
    ['list all organizations', 'GET /organizations', undefined],
  ])('go where they belong: %s', async (message, operation, parameters) => {
    expect(await planned(message)).toMatchObject({ status: 'ready', calls: [{ operation, parameters }] })
  })

  it.each([
    ['create/update', 'show the defects to create/update'],
    ['text/plain', 'list the defects as text/plain'],
    ['24/7', 'is the project there 24/7'],
  ])('are not %s', async (_, message) => {
    const { calls } = await planned(message)
    expect(calls.flatMap(({ parameters }) => Object.values(parameters ?? {}))).not.toContain(_.split('/')[0])
  })
})

describe('a verb that the language has and the API does not', () => {
  it.each([
    ['close defect 7 of ada/loom-2', `PATCH ${AT}/defects/{defect_number}`, { body: { state: 'closed' } }],
    ['reopen defect 7 of ada/loom-2', `PATCH ${AT}/defects/{defect_number}`, { body: { state: 'open' } }],
    ['reboot machine 31', 'POST /machines/{machine_id}/actions', { body: { type: 'reboot' } }],
    ['power off machine 31', 'POST /machines/{machine_id}/actions', { body: { type: 'power_off' } }],
    ['bookmark ada/loom-2', 'PUT /member/bookmarked/{owner}/{project}', { parameters: loom }],
    [
      'bookmark ada/hello-loom',
      'PUT /member/bookmarked/{owner}/{project}',
      { parameters: { owner: 'ada', project: 'hello-loom' } },
    ],
    ['freeze defect 7 in ada/loom-2', `PUT ${AT}/defects/{defect_number}/freeze`, { body: undefined }],
    [
      'remove the mark stale from defect 7 of ada/loom-2',
      `DELETE ${AT}/defects/{defect_number}/marks/{name}`,
      { parameters: { ...loom, defect_number: 7, name: 'stale' } },
    ],
  ])('%s', async (message, operation, rest) => {
    expect(await planned(message)).toMatchObject({ status: 'ready', calls: [{ operation, ...rest }] })
  })

  it('is done to what is named, and to nothing else', async () => {
    const host = await tenantWithCodeHost()
    expect((await host.run(await host.plan('close all defects of ada/loom-2'))).data.status).toBe('succeeded')
    expect(await host.changes()).toEqual([
      'PATCH /projects/ada/loom-2/defects/7 {"state":"closed"}',
      'PATCH /projects/ada/loom-2/defects/5 {"state":"closed"}',
    ])
  })

  it('takes a badge from one defect and not from all', async () => {
    const { calls } = await planned('delete the badge stale from defect 7 of ada/loom-2')
    expect(calls).toMatchObject([
      {
        operation: `DELETE ${AT}/defects/{defect_number}/badges/{name}`,
        parameters: { defect_number: 7, name: 'stale' },
      },
    ])
  })

  it.each([
    'open defect 7 of ada/loom-2',
    'delete the branch main of ada/loom-2',
    'delete the project ada/loom-2 and its branch main',
  ])('does not add to, or take a part from, what is named: %s', async (message) => {
    const { calls } = await planned(message)
    const paths = calls.map(({ operation }) => operation)
    expect(paths).not.toContain(`POST ${AT}/defects/{defect_number}/sub_defects`)
    expect(paths).not.toContain(`DELETE ${AT}/branches/{branch}/protection`)
  })

  it('gives the name of a crew to no member', async () => {
    const { calls } = await planned('remove the user alice from the crew night-shift in the organization weavers')
    expect(calls.map(({ body }) => JSON.stringify(body) ?? '').join()).not.toContain('night-shift')
  })

  it('changes nothing that merely comes first', async () => {
    const { status, calls } = await planned('freeze the strangest defect of ada/loom-2')
    expect([status, calls.length]).toEqual(['needs_input', 1])
  })
})

describe('a thing in a thing', () => {
  it('is looked for where the path says it is', async () => {
    const host = await tenantWithCodeHost()
    const plan = await host.plan('show the remarks on the latest defect of ada/loom-2')
    const run = await host.run(plan)
    expect([run.data.status, JSON.stringify(run.data)]).toEqual(['succeeded', expect.stringContaining('Seen too')])
  })
})

describe('what is said of one thing', () => {
  const stored = async (message: string) => {
    const tenant = await tenantWithStore()
    return (await tenant.call('POST', '/api/chat', { message })).data
  }
  const textOf = ({ definition }: Planned) => JSON.stringify(definition)

  it('is no day of another', async () => {
    const plan = textOf(await stored('cancel the order Ada placed yesterday'))
    expect(plan).toMatch(/steps\.listOrders\.body\.items\[createdAt/)
    expect(plan).not.toMatch(/steps\.listCustomers\.body\.items\[createdAt/)
  })

  it('is no name of another', async () => {
    const plan = await stored('cancel order foo')
    expect(plan.definition.steps).toMatchObject([{ operation: 'POST /orders/{orderId}/cancel' }])
    expect(textOf(plan)).toContain('"orderId":"foo"')
    expect(textOf(await stored('refund order foo'))).not.toContain('"reason":"foo"')
  })

  it('finds it by its name, which is not its id', async () => {
    const plan = await stored('change the email of the customer alice to eve@example.com')
    expect(plan.definition.steps).toMatchObject([
      { operation: 'GET /customers', parameters: { search: 'alice' } },
      { operation: 'PATCH /customers/{customerId}', body: { email: 'eve@example.com' } },
    ])
  })

  it.each(['ship the latest order', 'approve the latest refund'])(
    'is not silently left undone: %s',
    async (message) => {
      expect((await stored(message)).assumptions).toContain(`“${message}” is not done: it is only looked up`)
    },
  )

  it.each(['refund the customer with the most refunds', 'ban the customer with the most orders'])(
    'is not taken for a report: %s',
    async (message) => {
      const plan = await stored(message)
      expect(plan.steps.map(({ id }: { id: string }) => id)).not.toContain('report')
    },
  )
})

describe('names in small letters', () => {
  it.each([
    ['show the orders of ada lovelace', 'ada lovelace'],
    ['what are the orders of grace hopper?', 'grace hopper'],
    ["show ada lovelace's orders", 'ada lovelace'],
  ])('are names where they say whose something is: %s', async (message, name) => {
    const { data } = await (await tenantWithStore()).call('POST', '/api/chat', { message })
    expect(data.definition.steps).toMatchObject([
      { operation: 'GET /customers', parameters: { search: name } },
      { operation: expect.stringMatching(/^GET (?:\/customers\/\{customerId\})?\/orders$/) },
    ])
  })

  it.each(['orders by status', 'products by price', 'the number of customers'])('are none: %s', async (message) => {
    const { data } = await (await tenantWithStore()).call('POST', '/api/chat', { message })
    expect(JSON.stringify(data.definition)).not.toContain('"search"')
  })
})
