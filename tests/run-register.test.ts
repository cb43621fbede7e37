import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { Notice } from '../src/notices/schema.ts'
import { created, type RunRow } from '../src/runs/accept.ts'
import { type Entry, toEntry } from '../src/runs/register/entry.ts'
import { registerOf } from '../src/runs/register/register.ts'
import { Standing } from '../src/runs/register/standing.ts'
import { newTenant, type Tenant, testEnv } from './helpers.ts'

let count = 0

function rowOf({ ctx: { actor } }: Tenant, more: Partial<RunRow> = {}): RunRow {
  return {
    id: `run_of_register_${++count}`,
    workspaceId: actor.workspaceId,
    workflowId: 'wfl_test',
    workflowVersion: 1,
    planId: null,
    name: 'Test',
    trigger: 'api',
    status: 'running',
    input: { text: 'ünï "quoted"', none: null },
    createdBy: actor.userId,
    createdAt: '2026-11-28T00:00:00.000Z',
    ...more,
  }
}

const begun = ({ ctx }: Tenant, row: RunRow): Entry => toEntry(ctx, row, [created(row)])

function ended({ ctx }: Tenant, { id }: RunRow, output: unknown = null, status: RunRow['status'] = 'succeeded'): Entry {
  const row = { id, status, output, error: null, finishedAt: '2026-11-28T00:00:01.000Z' }
  return toEntry(ctx, row, [{ action: `run.${status}`, resource: id }])
}

const openOn = (tenant: Tenant) => registerOf(tenant.ctx, tenant.ctx.actor.workspaceId)

async function inD1({ id }: RunRow) {
  const [row, audits] = await testEnv.DB.batch<Record<string, unknown>>([
    testEnv.DB.prepare('select status, input, output, error, finished_at, log from runs where id = ?').bind(id),
    testEnv.DB.prepare('select action, details, workspace_id from audit_log where resource = ? order by seq').bind(id),
  ])
  return { row: row?.results[0] ?? null, actions: audits?.results.map(({ action }) => action) ?? [] }
}

describe('what the register is told of runs', () => {
  it('shows at once wherever it is read: in the audit log and its chain, and at what started it', async () => {
    const tenant = await newTenant()
    const [first, second, third] = [rowOf(tenant), rowOf(tenant), rowOf(tenant)]
    const actionsOf = (entries: { action: string }[]) => entries.map(({ action }) => action)
    const before = (await tenant.call('GET', '/api/logs/verify')).data.checked
    await openOn(tenant).open(begun(tenant, first), null)
    expect(actionsOf((await tenant.call('GET', `/api/logs?resource=${first.id}`)).data)).toEqual(['run.create'])
    await openOn(tenant).open(begun(tenant, second), null)
    expect((await tenant.call('GET', '/api/logs/verify')).data.checked).toBe(before + 2)

    const definition = { name: 'Got', steps: [{ id: 'got', type: 'transform', value: '{{ input }}' }] }
    const { data: workflow } = await tenant.call('POST', '/api/workflows', { definition })
    const hooks = `/api/workflows/${workflow.id}/hooks`
    const { data: hook } = await tenant.call('POST', hooks, {})
    await testEnv.DB.prepare('update hooks set last_run_id = ? where id = ?').bind(third.id, hook.id).run()
    await openOn(tenant).open(begun(tenant, third), null)
    expect((await tenant.call('GET', hooks)).data).toMatchObject([{ lastRun: { id: third.id, status: 'running' } }])
  })

  it('is in D1 as it was told, each with its audit rows, whether it was told at once or bit by bit', async () => {
    const tenant = await newTenant()
    const register = openOn(tenant)
    const [whole, twoSteps, apart] = [rowOf(tenant), rowOf(tenant), rowOf(tenant)]
    await register.open(begun(tenant, apart), null)
    await register.written()
    expect(await inD1(apart)).toMatchObject({ row: { status: 'running', finished_at: null }, actions: ['run.create'] })
    await register.close(ended(tenant, apart, 'text'))
    await register.open(begun(tenant, twoSteps), null)
    await register.close(ended(tenant, twoSteps, { n: [1, null] }))
    const stored = { ...whole, status: 'succeeded' as const, output: null, log: '{"a":"\\n"}' }
    await register.store(toEntry(tenant.ctx, stored, [created(whole)]), null)
    await register.written()
    const input = '{"text":"ünï \\"quoted\\"","none":null}'
    expect(await inD1(apart)).toMatchObject({ row: { status: 'succeeded', input, output: '"text"', error: null } })
    expect(await inD1(twoSteps)).toEqual({
      row: {
        status: 'succeeded',
        input,
        output: '{"n":[1,null]}',
        error: null,
        finished_at: '2026-11-28T00:00:01.000Z',
        log: null,
      },
      actions: ['run.create', 'run.succeeded'],
    })
    expect(await inD1(whole)).toMatchObject({ row: { output: null, log: '{"a":"\\n"}' }, actions: ['run.create'] })
  })

  it('twice is there once, also when D1 had it in between', async () => {
    const tenant = await newTenant()
    const register = openOn(tenant)
    const row = rowOf(tenant)
    for (let time = 0; time < 2; time++) await register.open(begun(tenant, row), null)
    for (let time = 0; time < 2; time++) {
      for (let again = 0; again < 2; again++) await register.close(ended(tenant, row, time, 'failed'))
      await register.open(begun(tenant, row), null)
      await register.written()
    }
    expect(await inD1(row)).toMatchObject({
      row: { status: 'failed', output: '0' },
      actions: ['run.create', 'run.failed'],
    })
  })

  it('outlives the register, which comes back to it by itself', async () => {
    const tenant = await newTenant()
    const register = openOn(tenant)
    const row = rowOf(tenant)
    await register.open(begun(tenant, row), null)
    await register.close(ended(tenant, row))
    await evictDurableObject(register)
    await runDurableObjectAlarm(openOn(tenant))
    expect(await inD1(row)).toMatchObject({
      row: { status: 'succeeded' },
      actions: ['run.create', 'run.succeeded'],
    })
  })

  it('before logs had a place beside their rows is written with its log, as what comes later is', async () => {
    const tenant = await newTenant()
    const register = openOn(tenant)
    const [before, later] = [rowOf(tenant, { status: 'succeeded' }), rowOf(tenant, { status: 'succeeded' })]
    await runInDurableObject(register, (_, { storage: { sql } }) => {
      sql.exec('drop table pending')
      sql.exec(`create table pending (seq integer primary key, workspace_id text not null, run_id text not null,
        kind text not null, row text not null, audits text not null)`)
      const { workspaceId, runId, audits } = begun(tenant, before)
      const row = JSON.stringify({ ...before, log: 'old' })
      sql.exec(`insert into pending values (1, ?, ?, 'stored', ?, ?)`, workspaceId, runId, row, audits)
    })
    await evictDurableObject(register)
    await openOn(tenant).store(toEntry(tenant.ctx, { ...later, log: 'new' }, [created(later)]), null)
    await openOn(tenant).written()
    expect(await inD1(before)).toMatchObject({ row: { log: 'old' }, actions: ['run.create'] })
    expect(await inD1(later)).toMatchObject({ row: { log: 'new' }, actions: ['run.create'] })
  })

  it('and D1 never takes does not hold up the rest', async () => {
    const tenant = await newTenant()
    const register = openOn(tenant)
    const [bad, good] = [rowOf(tenant), rowOf(tenant)]
    const { name: _, ...nameless } = bad
    await register.open(toEntry(tenant.ctx, nameless, [created(bad)]), null)
    await register.open(begun(tenant, good), null)
    await expect.poll(async () => (await inD1(good)).actions, { timeout: 10_000 }).toEqual(['run.create'])
    expect(await inD1(bad)).toEqual({ row: null, actions: [] })
  })

  it('and D1 refuses for a quarter of an hour is given up, which shows', async () => {
    const tenant = await newTenant()
    const register = openOn(tenant)
    const [never, once, good] = [rowOf(tenant), rowOf(tenant), rowOf(tenant)]
    const { name: _, ...nameless } = never
    await register.open(begun(tenant, once), null)
    await register.written()
    await register.open(toEntry(tenant.ctx, nameless, [created(never)]), null)
    const { status: __, ...endless } = { id: once.id, status: null, output: 1, error: null, finishedAt: null }
    await register.close(toEntry(tenant.ctx, endless, []))
    await register.written()
    await runInDurableObject(register, async (_, { storage: { sql } }) => {
      expect([...sql.exec('select refused_at from pending where refused_at is not null')]).toHaveLength(2)
      sql.exec('update pending set refused_at = refused_at - 900000')
    })
    await register.open(begun(tenant, good), null)
    await runDurableObjectAlarm(register)

    expect((await inD1(good)).actions).toEqual(['run.create'])
    expect(await inD1(once)).toMatchObject({
      row: { status: 'failed', error: expect.stringContaining('could not be written down') },
      actions: ['run.create', 'run.not_written'],
    })
    const { data: notices } = await tenant.call('GET', '/api/notices')
    expect(notices.map(({ kind, resource }: Notice) => [kind, resource])).toEqual(
      expect.arrayContaining([never, once].map(({ id }) => ['run_not_written', id])),
    )
    const left = await runInDurableObject(register, async (_, { storage: { sql } }) => [
      [...sql.exec('select * from pending')].length,
      [...sql.exec('select * from set_aside')].length,
    ])
    expect(left).toEqual([0, 2])
  })

  it('and waits for hours where D1 takes nothing, and is there once it does', async () => {
    const tenant = await newTenant()
    const register = openOn(tenant)
    const row = rowOf(tenant)
    const tables = ['runs', 'notices', 'audit_log']
    const onAll = (statement: (table: string) => string) =>
      testEnv.DB.batch(tables.map((table) => testEnv.DB.prepare(statement(table))))
    await onAll(
      (table) => `create trigger full_${table} before insert on ${table} begin select raise(abort, 'full'); end`,
    )
    try {
      await register.open(begun(tenant, row), null)
      await register.close(ended(tenant, row, 'text'))
      await register.written()
      await runInDurableObject(register, async (_, { storage: { sql } }) => {
        sql.exec('update pending set refused_at = refused_at - 3600000')
      })
      await runDurableObjectAlarm(register)
      expect(await inD1(row)).toEqual({ row: null, actions: [] })
    } finally {
      await onAll((table) => `drop trigger full_${table}`)
    }
    await runDurableObjectAlarm(register)
    expect(await inD1(row)).toMatchObject({
      row: { status: 'succeeded', output: '"text"' },
      actions: ['run.create', 'run.succeeded'],
    })
  })

  it('and is as large as a row of D1 may hardly be is written before the register answers', async () => {
    const tenant = await newTenant()
    const register = openOn(tenant)
    const large = rowOf(tenant, { input: { text: 'x'.repeat(900_000) } })
    const { name: _, ...nameless } = { ...large, id: `${large.id}_b` }
    await register.open(begun(tenant, large), null)
    expect((await inD1(large)).actions).toEqual(['run.create'])
    // What D1 does not take is told to whoever asked, and does not stay.
    const refusal = await register.open(toEntry(tenant.ctx, nameless, []), null).then(() => null, String)
    expect(refusal).toContain('NOT NULL')
    await register.written()
  })

  it('is of its workspace: nobody ends a run of another', async () => {
    const [tenant, other] = [await newTenant(), await newTenant()]
    const row = rowOf(tenant)
    await openOn(tenant).open(begun(tenant, row), null)
    await openOn(tenant).written()
    await openOn(other).close(ended(other, row))
    await openOn(other).written()
    expect(await inD1(row)).toMatchObject({ row: { status: 'running' } })
  })
})

describe('whether a run may be accepted', () => {
  const given = { revision: 4, maxConcurrency: 3 }
  const seen = { revision: 4, open: 2 }
  const after = (what: (standing: Standing) => void): Standing => {
    const standing = new Standing()
    what(standing)
    return standing
  }
  const looked = after((standing) => standing.look(1000)(seen))

  it('is not known before somebody has looked, a second later, or once something has changed', () => {
    expect(new Standing().verdict(given, 0, 1000, 1000)).toBe('look')
    expect(looked.verdict(given, 0, 1500, 1500)).toBeNull()
    expect(looked.verdict(given, 0, 2500, 2500)).toBe('look')
    const changed = after((standing) => {
      standing.look(1000)(seen)
      standing.changed()
    })
    expect(changed.verdict(given, 0, 1001, 1001)).toBe('look')
  })

  it('is not told by a look that began before the change, however long looking takes', () => {
    const standing = new Standing()
    const note = standing.look(1000)
    standing.changed()
    note(seen)
    expect(standing.verdict(given, 0, 1000, 1000)).toBe('look')
    standing.look(1001)(seen)
    expect(standing.verdict(given, 0, 1000, 9000)).toBeNull()
  })

  it('is refused only on what was seen after it was asked for', () => {
    for (const [refusal, bad, more] of [
      ['changed', { ...given, revision: 3 }, 0],
      ['full', given, 1],
    ] as const) {
      expect(looked.verdict(bad, more, 1001, 1002)).toBe('look')
      expect(looked.verdict(bad, more, 1000, 1002)).toBe(refusal)
    }
    expect(looked.verdict({ revision: 4 }, 9, 1000, 1002)).toBeNull()
  })
})
