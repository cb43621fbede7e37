import { describe, expect, it } from 'vitest'
import { auditRow, recordAudit } from '../src/audit/audit.ts'
import { sealAudit } from '../src/audit/chain.ts'
import { notices } from '../src/notices/tables.ts'
import { keyFor, newTenant, send, testEnv, type Tenant } from './helpers.ts'

/** A tenant in whose log as many entries stand besides that of their key, one written after the other. */
async function tenantWithEntries(count: number): Promise<Tenant> {
  const tenant = await newTenant()
  for (let i = 0; i < count; i++) await recordAudit(tenant.ctx, `test.${i % 2 ? 'odd' : 'even'}`, `thing_${i}`, { i })
  return tenant
}

const verify = async ({ call }: Tenant) => (await call('GET', '/api/logs/verify')).data

/** Does what no code of the project can: changes the log behind its triggers' back. */
async function tamper(...statements: string[]): Promise<void> {
  const triggers = ['audit_log_no_update', 'audit_log_no_delete']
  const { results } = await testEnv.DB.prepare(
    `select sql from sqlite_master where name in ('${triggers.join("','")}')`,
  ).all<{
    sql: string
  }>()
  await testEnv.DB.batch(
    [...triggers.map((name) => `drop trigger ${name}`), ...statements, ...results.map(({ sql }) => sql)].map((sql) =>
      testEnv.DB.prepare(sql),
    ),
  )
}

describe('the audit log', () => {
  it('tells who did what from where, newest first, page by page', async () => {
    const tenant = await newTenant()
    await tenant.call('POST', '/api/workflows', { name: 'Nothing', steps: [] }, { 'x-request-id': 'req-of-a-test' })
    const name = { 'cf-connecting-ip': '203.0.113.9', 'user-agent': 'tests/1' }
    await tenant.call('DELETE', '/api/admin/spec-cache', undefined, { ...name, 'x-request-id': 'req-of-a-purge' })
    const { data, body } = await tenant.call('GET', '/api/logs?limit=1')
    expect(data).toMatchObject([
      {
        action: 'spec_cache.purge',
        outcome: 'success',
        ip: '203.0.113.9',
        userAgent: 'tests/1',
        requestId: 'req-of-a-purge',
        actor: { kind: 'key', userId: tenant.ctx.actor.userId },
      },
    ])
    const next = await tenant.call('GET', `/api/logs?cursor=${body.meta.nextCursor}`)
    expect(next.data.at(-1)).toMatchObject({ action: 'key.create', ip: null })
    expect(next.body.meta.hasMore).toBe(false)
  })

  it('is filtered by action, group of actions, resource, outcome and time', async () => {
    const tenant = await tenantWithEntries(4)
    await recordAudit(tenant.ctx, 'other_thing.fail', 'thing_9', { password: 'marked' }, 'failure')
    const actions = async (query: string) =>
      (await tenant.call('GET', `/api/logs?${query}`)).data.map((entry: { resource: string }) => entry.resource)
    expect(await actions('action=test.even')).toEqual(['thing_2', 'thing_0'])
    expect(await actions('action=test.*')).toHaveLength(4)
    expect(await actions('action=other%25*')).toEqual([])
    expect(await actions('resource=thing_3')).toEqual(['thing_3'])
    expect(await actions('outcome=failure')).toEqual(['thing_9'])
    expect(await actions('since=2100-01-01T00:00:00Z')).toEqual([])
    expect(await actions('until=2100-01-01T00:00:00%2B02:00&action=test.odd')).toHaveLength(2)
    expect((await tenant.call('GET', '/api/logs?since=yesterday')).status).toBe(422)
    const failed = (await tenant.call('GET', '/api/logs?outcome=failure')).data[0]
    expect(JSON.stringify(failed)).not.toContain('marked')
  })

  it('is exported as NDJSON and CSV, oldest first', async () => {
    const tenant = await tenantWithEntries(3)
    const ndjson = await tenant.call('GET', '/api/logs/export?action=test.*')
    const lines: { resource: string }[] = String(ndjson.body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ resource }) => resource)).toEqual(['thing_0', 'thing_1', 'thing_2'])
    const csv = await tenant.call('GET', '/api/logs/export?format=csv&action=test.*')
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
    expect(String(csv.body).split('\r\n')[0]).toMatch(/^seq,id,at,actorKind/)
    expect(String(csv.body).trim().split('\r\n')).toHaveLength(4)
  })

  it('is for who looks after the workspace, and for nobody of another', async () => {
    const [ours, theirs] = [await tenantWithEntries(1), await newTenant()]
    const headers = { 'x-api-key': await keyFor(ours, ['read', 'write', 'execute']) }
    for (const path of ['/api/logs', '/api/logs/export', '/api/logs/verify'])
      expect((await send(path, { headers })).status).toBe(403)
    expect((await theirs.call('GET', '/api/logs?action=test.*')).data).toEqual([])
  })

  it('refuses to change or lose an entry', async () => {
    const { ctx } = await tenantWithEntries(1)
    const of = `where workspace_id = '${ctx.actor.workspaceId}'`
    await sealAudit(ctx)
    for (const table of ['audit_log', 'audit_chain'])
      for (const statement of [`update ${table} set workspace_id = 'x' ${of}`, `delete from ${table} ${of}`])
        await expect(testEnv.DB.prepare(statement).run()).rejects.toThrow(/append-only/)
  })
})

describe('the hash chain', () => {
  it('holds over what several wrote at once, each workspace by itself', async () => {
    const tenants = await Promise.all([newTenant(), newTenant(), newTenant()])
    const writes = tenants.flatMap(({ ctx }) =>
      Array.from({ length: 20 }, (_, i) =>
        ctx.db.batch([
          ctx.db.insert(notices).values({
            id: crypto.randomUUID(),
            workspaceId: ctx.actor.workspaceId,
            kind: 'api_changed',
            resource: String(i),
            message: 'x',
            createdAt: '',
          }),
          auditRow(ctx, 'test.write', String(i)),
        ]),
      ),
    )
    await Promise.all([
      ...writes,
      ...tenants.map(({ ctx }) => sealAudit(ctx)),
      ...tenants.map(({ ctx }) => sealAudit(ctx)),
    ])
    for (const tenant of tenants)
      expect(await verify(tenant)).toMatchObject({ intact: true, checked: 21, broken: null, unsealed: 0 })
  })

  it('links more than one chunk, and more than one page', async () => {
    const { ctx, ...tenant } = await newTenant()
    const numbers = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 2300)'
    await testEnv.DB.prepare(
      `${numbers} insert into audit_log (id, workspace_id, actor_kind, actor_id, user_id, action, resource, request_id, at)
       select ? || i, ?, 'system', 'system', 'u', 'test.many', i, 'r', '' from n`,
    )
      .bind(ctx.actor.workspaceId, ctx.actor.workspaceId)
      .run()
    expect(await verify({ ctx, ...tenant })).toMatchObject({ intact: true, checked: 2301, unsealed: 0 })
  })

  it('goes on where it was: the same head, whenever it was sealed', async () => {
    const tenant = await tenantWithEntries(2)
    const before = await verify(tenant)
    expect((await verify(tenant)).head).toEqual(before.head)
    await recordAudit(tenant.ctx, 'test.more', 'thing')
    const after = await verify(tenant)
    expect([after.checked, after.head.hash === before.head.hash]).toEqual([before.checked + 1, false])
    const { data } = await tenant.call('GET', '/api/logs?limit=1')
    expect(data[0].hash).toBe(after.head.hash)
  })

  it.each([
    ['changed', (id: string) => `update audit_log set details = '{"i":7}' where id = '${id}'`],
    ['missing', (id: string) => `delete from audit_log where id = '${id}'`],
    ['changed', (id: string) => `update audit_log set outcome = 'failure' where id = '${id}'`],
    ['missing', (id: string) => `update audit_log set workspace_id = 'wsp_other' where id = '${id}'`],
  ])('names the first link that was %s', async (reason, statement) => {
    const tenant = await tenantWithEntries(5)
    await verify(tenant)
    const { data } = await tenant.call('GET', '/api/logs?resource=thing_2')
    await tamper(statement(data[0].id))
    const found = await verify(tenant)
    expect(found).toMatchObject({ intact: false, checked: 3, broken: { seq: data[0].seq, reason } })
  })

  it.each([
    ['before all others', () => -1],
    ['in the place of one of another workspace', (taken: number) => taken],
  ])('names an entry that was put %s', async (_, placeOf) => {
    const tenant = await tenantWithEntries(1)
    const other = await tenantWithEntries(1)
    await recordAudit(tenant.ctx, 'test.last', 'thing')
    await verify(tenant)
    const [{ seq: taken }] = (await other.call('GET', '/api/logs?resource=thing_0')).data
    const place = placeOf(taken)
    await tamper(
      `delete from audit_log where seq = ${taken}`,
      `insert into audit_log (seq, id, workspace_id, actor_kind, actor_id, user_id, action, resource, request_id, at)
       values (${place}, 'aud_forged${place}', '${tenant.ctx.actor.workspaceId}', 'system', 's', 'u', 'test.forged', 'x', 'r', '')`,
    )
    expect(await verify(tenant)).toMatchObject({ intact: false, broken: { seq: place, reason: 'inserted' } })
    expect(await verify(other)).toMatchObject({ intact: false, broken: { seq: taken, reason: 'missing' } })
  })
})
