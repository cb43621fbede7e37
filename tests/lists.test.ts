import { describe, expect, it } from 'vitest'
import { insertNotice } from '../src/notices/service.ts'
import { operations, requestFor } from './documented.ts'
import { newTenant, testEnv } from './helpers.ts'
import { oneOfEverything, type Everything } from './one-of-everything.ts'
import { mailTo, makeRole, newPerson, type Person } from './people.ts'

type Named = { name: string; in: string }

/** Lists that do not grow with use, or whose order is not that of time; each with the reason. */
const NO_PAGES: Record<string, string> = {
  'GET /api/errors': 'the error reference, as long as the code makes it',
  'GET /api/auth/providers': 'of the deployment’s settings',
  'GET /api/oauth/providers': 'of the deployment’s settings',
  'GET /api/development/mails': 'the last fifty, in development only',
  'GET /api/catalog/search': 'a search: the best `limit` of them',
  'GET /api/executions/{id}/steps/{path}/attempts': 'as many as the step’s retry allows',
  'GET /api/apis/{id}/versions': 'as many as are kept',
}
const NO_SORT: Record<string, string> = {
  'GET /api/admin/spec-cache': 'keys of a store that has no order',
  'GET /api/apis/{id}/endpoints': 'in the order of the document, or the best first',
  'GET /api/batches/{id}/items': 'in the order of the input',
  'GET /api/batches/{id}/undo': 'in the order of the input',
  'GET /api/executions/{id}/log': 'in the order of what happened',
}
const NO_FILTER: Record<string, string> = {
  'GET /api/admin/spec-cache': 'keys of a store that has none',
  'GET /api/auth/sessions': 'one person’s, a handful',
  'GET /api/batches/{id}/undo': 'each is worked out from the log of an execution',
  'GET /api/executions/{id}/log': 'whole, or it does not tell what happened',
  'GET /api/workflows/{id}/versions': 'numbers without gaps',
}

const isList = ({ operation }: (typeof operations)[number]) =>
  operation.responses?.['200']?.content?.['application/json']?.schema.properties?.data?.type === 'array'
const lists = operations.filter((route) => route.method === 'GET' && isList(route))
const queryOf = ({ operation }: (typeof operations)[number]) =>
  ((operation.parameters ?? []) as Named[]).filter((each) => each.in === 'query').map(({ name }) => name)

describe('every list', () => {
  it('is read page by page, in either order, but for those that say why not', () => {
    expect(lists.length).toBeGreaterThan(20)
    const unpaged = lists.filter((route) => !['limit', 'cursor'].every((name) => queryOf(route).includes(name)))
    expect(unpaged.map(({ name }) => name).toSorted()).toEqual(Object.keys(NO_PAGES).toSorted())
    const unsorted = lists.filter((route) => !(route.name in NO_PAGES) && !queryOf(route).includes('sort'))
    expect(unsorted.map(({ name }) => name).toSorted()).toEqual(Object.keys(NO_SORT).toSorted())
  })

  it('is filtered, but for those that say why not', () => {
    const isFilter = (name: string) => !['limit', 'cursor', 'sort'].includes(name)
    const unfiltered = lists.filter((route) => !(route.name in NO_PAGES) && !queryOf(route).some(isFilter))
    expect(unfiltered.map(({ name }) => name).toSorted()).toEqual(Object.keys(NO_FILTER).toSorted())
  })
})

describe('a list that is sorted', async () => {
  const { owner, ids, workspaceId } = await oneOfEverything()
  await oneMoreOfEverything(owner, ids, workspaceId)
  const idBehind = (before: string) => ids.find(([pattern]) => pattern.test(before))?.[1] ?? 'nothing'
  const sorted = lists.filter((route) => queryOf(route).includes('sort'))

  it('is among those of this test', () => expect(sorted.length).toBeGreaterThan(12))

  it.each(sorted)('$name is walked in either order, each item once', async (route) => {
    const path = requestFor(route, idBehind).url.replace(/\?.*/, '')
    const newest = await walk(owner.call, path, 'newest')
    const ids = newest.map(idOf)
    expect(ids.length).toBeGreaterThan(1)
    expect(new Set(ids).size).toBe(ids.length)
    const moments = newest.map(momentOf)
    expect(moments).toEqual(moments.toSorted().toReversed())
    expect((await walk(owner.call, path, 'oldest')).map(idOf)).toEqual(ids.toReversed())
  })
})

/** A second of each that lists hold. */
async function oneMoreOfEverything(owner: Person, ids: Everything['ids'], workspaceId: string): Promise<void> {
  const definition = { name: 'Two', steps: [{ id: 'one', type: 'transform', value: 1 }] }
  const workflow = ids.find(([pattern]) => pattern.test('/api/workflows/'))?.[1]
  const { ctx } = await newTenant()
  await insertNotice(ctx, { workspaceId, userId: null, kind: 'api_changed', resource: 'y', message: 'y' })
  for (const [path, body] of [
    [
      '/api/apis',
      { name: 'Echo', baseUrl: testEnv.UPSTREAMS, endpoints: [{ method: 'GET', path: '/echo', summary: 'Echo' }] },
    ],
    ['/api/workflows', { definition }],
    [`/api/workflows/${workflow}/schedules`, { cron: '0 6 * * *' }],
    [`/api/workflows/${workflow}/hooks`, {}],
    [`/api/workflows/${workflow}/batch`, [{}]],
    [`/api/workflows/${workflow}/execute?wait=10`, { input: {} }],
    ['/api/keys', { name: 'two', scopes: ['read'] }],
    ['/api/invitations', { email: `${crypto.randomUUID()}@example.com` }],
  ] as const) {
    const { status, body: answer } = await owner.call('POST', path, body)
    expect([path, status < 300, answer]).toEqual([path, true, answer])
  }
  const next = await owner.call('PATCH', `/api/workflows/${workflow}`, { definition })
  expect(next.status).toBe(200)
  await testEnv.DB.prepare("update connections set account = '{}' where workspace_id = ?").bind(workspaceId).run()
  await makeRole(owner.userId, 'ADMIN')
  // Whoever makes a workspace goes to work in it.
  await owner.call('POST', '/api/workspaces', { name: 'Second' })
  await owner.call('POST', `/api/workspaces/${workspaceId}/switch`)
}

describe('filters', () => {
  it('of triggers, accounts and workspaces leave what was asked for', async () => {
    const { owner, ids, workspaceId } = await oneOfEverything()
    const base = `/api/workflows/${ids.find(([pattern]) => pattern.test('/api/workflows/'))?.[1]}`
    const countsOf = async (path: string, ...values: string[]) =>
      Promise.all(values.map(async (value) => (await owner.call('GET', `${path}${value}`)).data.length))
    for (const [kind, made] of [
      ['schedules', { cron: '0 6 * * *', enabled: false }],
      ['hooks', { enabled: false }],
    ] as const) {
      expect((await owner.call('POST', `${base}/${kind}`, made)).data.enabled).toBe(false)
      expect([kind, ...(await countsOf(`${base}/${kind}?enabled=`, 'true', 'false'))]).toEqual([kind, 1, 1])
      expect((await owner.call('GET', `${base}/${kind}?enabled=perhaps`)).status).toBe(422)
    }
    const given = "update connections set account = '{}', auth_status = 'needs_reconnect' where workspace_id = ?"
    await testEnv.DB.prepare(given).bind(workspaceId).run()
    expect(await countsOf('/api/accounts?status=', 'ready', 'needs_reconnect')).toEqual([0, 1])
    expect(await countsOf('/api/workspaces?part=', 'owner', 'auditor')).toEqual([1, 0])
  })

  it('of members and executions leave what was asked for', async () => {
    const [ada, bob] = [await newPerson(), await newPerson()]
    await ada.call('POST', '/api/invitations', { email: bob.email, part: 'auditor' })
    await bob.call('POST', '/api/invitations/accept', { proof: (await mailTo(bob.email, /invited/)).proof })
    expect((await ada.call('GET', '/api/members?part=auditor')).data).toMatchObject([{ userId: bob.userId }])
    expect((await ada.call('GET', '/api/members')).data[0].userId).toBe(ada.userId)
    const run = async (value: unknown) => {
      const steps = [{ id: 'one', type: 'transform', value }]
      const made = await ada.call('POST', '/api/workflows', { definition: { name: 'One', steps } })
      return (await ada.call('POST', `/api/workflows/${made.data.id}/execute?wait=10`, { input: {} })).data
    }
    const [good, bad] = [await run(1), await run("{{ $error('no') }}")]
    expect([good.status, bad.status]).toEqual(['succeeded', 'failed'])
    const idsOf = async (query: string) =>
      (await ada.call('GET', `/api/executions?${query}`)).data.map(({ id }: { id: string }) => id)
    expect(await idsOf('sort=oldest')).toEqual([good.id, bad.id])
    expect(await idsOf('status=failed')).toEqual([bad.id])
    expect(await idsOf(`status=succeeded&workflowId=${good.workflowId}`)).toEqual([good.id])
    expect(await idsOf(`status=succeeded&workflowId=${bad.workflowId}`)).toEqual([])
    expect((await ada.call('GET', '/api/executions?status=nothing')).status).toBe(422)
  })
})

type Call = Awaited<ReturnType<typeof newPerson>>['call']
type Item = Record<'id' | 'userId' | 'since', string | undefined> & {
  seq?: number
  version?: number
  connection?: { id: string }
}

const idOf = ({ id, userId, connection, version }: Item) => id ?? userId ?? connection?.id ?? String(version)
/** When it came about, as a text that sorts: ids grow with time, but members are told by when they joined, entries by their order. */
const momentOf = (item: Item) =>
  item.seq === undefined ? (item.since ?? idOf(item)) : String(item.seq).padStart(9, '0')

/** The items of a list, read one by one in an order. */
async function walk(call: Call, path: string, sort: string): Promise<Item[]> {
  const seen: Item[] = []
  for (let cursor = ''; ;) {
    const { status, body } = await call('GET', `${path}?limit=1&sort=${sort}${cursor}`)
    expect([path, status]).toEqual([path, 200])
    seen.push(...body.data)
    if (!body.meta.hasMore) return seen
    cursor = `&cursor=${body.meta.nextCursor}`
  }
}
