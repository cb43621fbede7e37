import { describe, expect, it } from 'vitest'
import { operations } from './documented.ts'
import { mailTo, newPerson, signIn } from './people.ts'

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
  'GET /api/workflows/{id}/versions': 'as many as were saved',
}
const NO_SORT: Record<string, string> = {
  'GET /api/admin/spec-cache': 'keys of a store that has no order',
  'GET /api/apis/{id}/endpoints': 'in the order of the document, or the best first',
  'GET /api/batches/{id}/items': 'in the order of the input',
  'GET /api/executions/{id}/log': 'in the order of what happened',
  'GET /api/executions': 'newest first',
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
})

describe('the lists of a person and a workspace', () => {
  it('are walked in either order, each item once', async () => {
    const ada = await newPerson()
    for (const path of ['/api/workspaces', '/api/invitations'])
      for (const name of ['b', 'c'])
        await ada.call('POST', path, path === '/api/workspaces' ? { name } : { email: `${name}@example.com` })
    // Whoever makes a workspace goes to work in it.
    const bob = await newPerson()
    await ada.call('POST', '/api/invitations', { email: bob.email, part: 'auditor' })
    await bob.call('POST', '/api/invitations/accept', { proof: (await mailTo(bob.email, /invited/)).proof })
    for (let i = 0; i < 2; i++) await signIn(ada)
    for (const [path, many] of [
      ['/api/workspaces', 3],
      ['/api/invitations', 2],
      ['/api/members', 2],
      ['/api/auth/sessions', 3],
      ['/api/logs', 3],
    ] as const) {
      const newest = await walk(ada.call, path, 'newest')
      expect([path, newest.length >= many, new Set(newest).size]).toEqual([path, true, newest.length])
      // The log grows by nothing that reading it does.
      expect([path, await walk(ada.call, path, 'oldest')]).toEqual([path, newest.toReversed()])
    }
    expect((await ada.call('GET', '/api/members?part=auditor')).data).toMatchObject([{ userId: bob.userId }])
    expect((await ada.call('GET', '/api/members')).data[0].userId).toBe(ada.userId)
  }, 30_000)
})

type Call = Awaited<ReturnType<typeof newPerson>>['call']

async function walk(call: Call, path: string, sort: string): Promise<string[]> {
  const seen: string[] = []
  for (let cursor = ''; ;) {
    const { body } = await call('GET', `${path}?limit=1&sort=${sort}${cursor}`)
    seen.push(...body.data.map((each: { id?: string; userId?: string }) => each.id ?? each.userId))
    if (!body.meta.hasMore) return seen
    cursor = `&cursor=${body.meta.nextCursor}`
  }
}
