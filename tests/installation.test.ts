import { beforeAll, describe, expect, it } from 'vitest'
import { limiterOf } from '../src/limits/admit.ts'
import { testEnv } from './helpers.ts'
import { makeRole, newPerson, type Person } from './people.ts'

/** Somebody with a workspace of a name of its own, who has used it by their session, and a key. */
async function someWorkspace() {
  const owner = await newPerson()
  const name = `Shop ${crypto.randomUUID()}`
  await owner.call('PATCH', '/api/workspace', { name })
  const { workspaceId: id } = (await owner.call('GET', '/api/auth/test')).data
  await owner.call('POST', '/api/keys', { name: '=cmd', scopes: ['read'] })
  await limiterOf(testEnv, id).flush()
  return { owner, id: id as string, name }
}

const { owner, id, name } = await someWorkspace()
let admin: Person
let auditor: Person

beforeAll(async () => {
  ;[admin, auditor] = await Promise.all([newPerson(), newPerson()])
  await makeRole(admin.userId, 'ADMIN')
  await makeRole(auditor.userId, 'AUDITOR')
})

describe('the workspaces of an installation', () => {
  const find = async (query: string) => (await admin.call('GET', `/api/admin/workspaces?${query}`)).data

  it('are found by name, owner or id, with what they may use and used', async () => {
    for (const text of [name.toUpperCase(), owner.email, id]) {
      const found = await find(`q=${encodeURIComponent(text)}`)
      expect(found).toMatchObject([{ id, name, owner: owner.email, members: 1, tier: 'free' }])
      expect(found[0].usedThisMonth).toBeGreaterThanOrEqual(3)
    }
  })

  it('are found by a name of whatever letters, in whatever case', async () => {
    const shop = `Gärtnerei Čapek ${crypto.randomUUID()}`
    const { call } = await newPerson()
    await call('PATCH', '/api/workspace', { name: shop })
    for (const text of [shop, shop.toUpperCase(), shop.toLowerCase()])
      expect((await find(`q=${encodeURIComponent(text)}`)).map((each: { name: string }) => each.name)).toEqual([shop])
    expect(await find(`q=${encodeURIComponent(shop.replace('ä', 'a'))}`)).toEqual([])
  })

  it('are put on a tier, with other numbers where agreed, and found by it', async () => {
    const terms = { tier: 'enterprise', requestsPerMinute: 12_345, requestsPerMonth: 1_000_000 }
    expect((await admin.call('PUT', `/api/admin/workspaces/${id}/terms`, terms)).status).toBe(200)
    const [found] = await find(`q=${id}&tier=enterprise`)
    const agreed = { requestsPerMinute: 12_345, requestsPerDay: null, requestsPerMonth: 1_000_000 }
    expect(found).toMatchObject({ tier: 'enterprise', agreed })
    expect(await find(`q=${id}&tier=free`)).toEqual([])
    const { limits } = (await owner.call('GET', '/api/auth/test')).data
    expect(limits).toContainEqual(expect.objectContaining({ of: 'workspace', window: 'minute', limit: 12_345 }))
  })

  it('are walked page by page, in either order', async () => {
    const walk = async (sort: string) => {
      const seen: string[] = []
      for (let cursor = ''; ;) {
        const { body } = await admin.call('GET', `/api/admin/workspaces?limit=2&sort=${sort}${cursor}`)
        seen.push(...body.data.map((each: { id: string }) => each.id))
        if (!body.meta.hasMore) return seen
        cursor = `&cursor=${body.meta.nextCursor}`
      }
    }
    const newest = await walk('newest')
    expect(newest.length).toBeGreaterThanOrEqual(3)
    expect(new Set(newest).size).toBe(newest.length)
    expect(await walk('oldest')).toEqual(newest.toReversed())
  })

  it('are seen by an auditor, who changes nothing, and by nobody else', async () => {
    expect((await auditor.call('GET', `/api/admin/workspaces?q=${id}`)).data).toHaveLength(1)
    expect((await auditor.call('PUT', `/api/admin/workspaces/${id}/terms`, { tier: 'pro' })).status).toBe(403)
    expect((await owner.call('GET', '/api/admin/workspaces')).status).toBe(403)
    expect((await owner.call('GET', '/api/admin/usage/export')).status).toBe(403)
  })
})

describe('the export for billing', () => {
  const ofMonth = (format: string) => admin.call('GET', `/api/admin/usage/export?format=${format}`)

  it('has what each workspace used, by source and day: what the workspace itself is told', async () => {
    const other = await someWorkspace()
    const { days } = (await owner.call('GET', '/api/usage')).data
    const { body: lines } = await ofMonth('json')
    const mine = lines.filter(({ workspaceId }: { workspaceId: string }) => workspaceId === id)
    expect(mine).toEqual(days.map((day: object) => ({ ...day, workspaceId: id, workspace: name, tier: 'enterprise' })))
    expect(mine[0].requests).toBeGreaterThanOrEqual(3)
    expect(lines).toContainEqual(
      expect.objectContaining({ workspaceId: other.id, workspace: other.name, tier: 'free' }),
    )
  })

  it('is a table too, formulas disarmed, the same lines', async () => {
    const key = (await owner.call('GET', '/api/keys')).data[0]
    await testEnv.DB.prepare(
      "insert into usage_days (workspace_id, day, source, requests, units, last_used_at) values (?, '2026-01-31', ?, 7, 9, '2026-01-31T10:00:00.000Z')",
    )
      .bind(id, key.id)
      .run()
    const { body, headers } = await admin.call(
      'GET',
      '/api/admin/usage/export?from=2026-01-01&to=2026-01-31&format=csv',
    )
    expect(headers.get('content-type')).toContain('text/csv')
    const [head, ...lines] = String(body).trim().split('\r\n')
    expect(head).toBe('workspaceId,workspace,tier,day,source,name,requests,units,lastUsedAt')
    expect(lines).toEqual([`${id},${name},enterprise,2026-01-31,${key.id},'=cmd,7,9,2026-01-31T10:00:00.000Z`])
  })

  it('goes on over more lines than one reading takes, each once', async () => {
    const rows = Array.from({ length: 1203 }, (_, at) => at)
    await testEnv.DB.batch(
      rows.map((at) =>
        testEnv.DB.prepare(
          "insert into usage_days (workspace_id, day, source, requests, units, last_used_at) values (?, ?, ?, 1, 1, '')",
        ).bind(`wsp_many_${at % 3}`, `2025-0${1 + (at % 9)}-15`, `key_${at}`),
      ),
    )
    const { body } = await admin.call('GET', '/api/admin/usage/export?from=2025-01-01&to=2025-12-31&format=json')
    expect(body).toHaveLength(1203)
    expect(new Set(body.map(({ source }: { source: string }) => source)).size).toBe(1203)
    expect((await admin.call('GET', '/api/admin/usage/export?from=2024-01-01&to=2024-01-31&format=json')).body).toEqual(
      [],
    )
  })
})
