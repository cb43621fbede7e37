import { describe, expect, it, vi } from 'vitest'
import { recordRefusal } from '../src/audit/refusals.ts'
import type { Ctx } from '../src/context.ts'
import { AppError, type ProblemCode } from '../src/errors.ts'
import { table, type Act, type Stage } from './audit-table.ts'
import { operations } from './documented.ts'
import { keyFor, newTenant, send, testEnv } from './helpers.ts'
import { oneOfEverything } from './one-of-everything.ts'
import { makeRole, newPerson, signIn, type Person } from './people.ts'

const FROM = { 'cf-connecting-ip': '203.0.113.7', 'user-agent': 'audit-tests/1' }

/** Calls of somebody, all under one request id. */
const actAs =
  ({ cookie }: Pick<Person, 'cookie'>, requestId: string): Act =>
  (method, path, body) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const marks = { cookie, origin: 'https://apiq.test', 'x-request-id': requestId, ...FROM, ...type }
    return send(path, { method, headers: marks, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  }

type Entry = {
  action: string
  outcome: string
  user_id: string
  resource: string
  ip: string
  user_agent: string
  details: string
}

/** The rows that a request has left, once there is one: some are written after the answer. */
const entriesOf = (requestId: string): Promise<Entry[]> =>
  vi.waitFor(async () => {
    const query = testEnv.DB.prepare('select * from audit_log where request_id = ? order by seq').bind(requestId)
    const { results } = await query.all<Entry>()
    if (results.length === 0) throw new Error('nothing is written down')
    return results
  })

const ours = await oneOfEverything()

function stageFor(requestId: string): Stage {
  const { owner, ids } = ours
  const other = async () => {
    const who = await newPerson()
    return { who, act: actAs(who, requestId) }
  }
  return {
    act: actAs(owner, requestId),
    owner,
    other,
    id: (before) => ids.find(([pattern]) => pattern.test(before))?.[1] ?? before,
    waiting: async () => {
      const steps = [{ id: 'ask', type: 'approval', message: 'Go on?' }]
      const made = await owner.call('POST', '/api/workflows', { definition: { name: 'Asks', steps } })
      return (await owner.call('POST', `/api/workflows/${made.data.id}/execute`, {})).data.id
    },
    admin: async () => {
      const { who, act } = await other()
      await makeRole(who.userId, 'ADMIN')
      return act
    },
  }
}

const changing = operations.filter(({ method }) => method !== 'GET').map(({ name }) => name)

it('has a row for every route that may change something, and none for a route that is not there', () => {
  expect(Object.keys(table).toSorted()).toEqual(changing.toSorted())
})

describe('what is done is written down, with who, from where and how it ended:', () => {
  const acts = Object.entries(table).flatMap(([name, row]) => ('by' in row ? [{ name, ...row }] : []))
  it.each(acts)('$name → $action', async ({ action, by }) => {
    const requestId = `req-${crypto.randomUUID()}`
    const reply = await by(stageFor(requestId))
    expect([reply.status < 400, reply.body.detail]).toEqual([true, undefined])
    const entries = await entriesOf(requestId)
    const marks = { outcome: 'success', ip: FROM['cf-connecting-ip'], user_agent: FROM['user-agent'] }
    expect(entries.find((entry) => entry.action === action)).toMatchObject({ action, ...marks })
    for (const { user_id, resource } of entries) expect([user_id, resource].every(Boolean)).toBe(true)
  })

  it('also that a run was begun which lives in an object of its own', async () => {
    const { act, owner } = stageFor(`req-${crypto.randomUUID()}`)
    const steps = [{ id: 'wait', type: 'delay', durationMs: 3_600_000 }]
    const { data: made } = await owner.call('POST', '/api/workflows', { definition: { name: 'Waits', steps } })
    const { data: run } = await act('POST', `/api/workflows/${made.id}/execute`, {})
    const { data } = await owner.call('GET', `/api/logs?action=run.create&resource=${run.id}`)
    expect(data).toMatchObject([{ ip: FROM['cf-connecting-ip'], userAgent: FROM['user-agent'] }])
  })
})

describe('what is refused is written down', () => {
  it('once, however often and by whatever route it is tried', async () => {
    const tenant = await newTenant()
    const headers = { 'x-api-key': await keyFor(tenant, ['read']), 'content-type': 'application/json' }
    const definition = { name: 'a', steps: [{ id: 'a', type: 'transform', value: 1 }] }
    const change = { method: 'POST', headers, body: JSON.stringify({ definition }) }
    for (let i = 0; i < 5; i++) {
      expect((await send('/api/workflows', change)).body.code).toBe('FORBIDDEN')
      expect((await send('/api/logs', { headers })).body.code).toBe('FORBIDDEN')
    }
    const rows = () => tenant.call('GET', '/api/logs?outcome=denied')
    await vi.waitFor(async () => expect((await rows()).data.length).toBeGreaterThan(0))
    const { data } = await rows()
    // A minute may have turned meanwhile.
    expect(data.length).toBeLessThanOrEqual(2)
    expect(data.at(-1)).toMatchObject({
      action: 'request.refuse',
      resource: 'POST /api/workflows',
      details: { code: 'FORBIDDEN' },
    })
  })

  it('anew with every minute, every actor and every reason', async () => {
    const [one, other] = [(await newTenant()).ctx, (await newTenant()).ctx]
    const minute = Date.parse('2026-01-01T00:00:00Z')
    const refuse = async (ctx: Ctx, at: number, code: ProblemCode) => {
      const later: Promise<unknown>[] = []
      const then = { ...ctx, now: () => at, defer: (work: Promise<unknown>) => void later.push(work) }
      recordRefusal(then, new AppError(code, 'no'), 'GET /api/logs')
      await Promise.all(later)
    }
    for (const at of [0, 1, 59_999, 60_000, 119_999]) await refuse(one, minute + at, 'FORBIDDEN')
    await refuse(one, minute, 'RATE_LIMITED')
    await refuse(other, minute, 'FORBIDDEN')
    // What went wrong on our side was not refused.
    await refuse(other, minute, 'INTERNAL')
    const rowsOf = async ({ actor }: Ctx) =>
      (
        await testEnv.DB.prepare('select at, details from audit_log where workspace_id = ? order by seq')
          .bind(actor.workspaceId)
          .all<{ at: string; details: string }>()
      ).results
        .filter(({ at }) => at.startsWith('2026-01-01'))
        .map(({ at, details }) => `${at.slice(11, 19)} ${JSON.parse(details).code}`)
    expect(await rowsOf(one)).toEqual(['00:00:00 FORBIDDEN', '00:01:00 FORBIDDEN', '00:00:00 RATE_LIMITED'])
    expect(await rowsOf(other)).toEqual(['00:00:00 FORBIDDEN'])
  })

  it.each([
    ['RATE_LIMITED', { requestsPerMinute: 1 }, {}],
    ['IP_NOT_ALLOWED', { allowedIps: ['192.0.2.1'] }, { 'cf-connecting-ip': '203.0.113.7' }],
  ])('also at the door: %s', async (code, limits, from) => {
    const tenant = await newTenant()
    const key = await tenant.call('POST', '/api/keys', { name: 'k', scopes: ['read'], ...limits })
    const headers = { 'x-api-key': key.data.token, ...from }
    for (let i = 0; i < 3; i++) await send('/api/auth/test', { headers })
    const { data } = await vi.waitFor(async () => {
      const found = await tenant.call('GET', '/api/logs?outcome=denied')
      expect(found.data.length).toBeGreaterThan(0)
      return found
    })
    expect(data[0]).toMatchObject({ actor: { kind: 'key', id: key.data.id }, resource: key.data.id, details: { code } })
  })

  it('as failure where a password is wrong, and as denied once there were too many', async () => {
    const ada = await newPerson()
    for (let i = 0; i < 12; i++) await signIn({ email: ada.email, password: 'not the password' })
    const outcomes = async () => {
      const query = testEnv.DB.prepare("select outcome from audit_log where user_id = ? and outcome <> 'success'")
      return (await query.bind(ada.userId).all<{ outcome: string }>()).results.map(({ outcome }) => outcome)
    }
    await vi.waitFor(async () => expect(await outcomes()).toContain('denied'))
    const all = await outcomes()
    expect([all.filter((each) => each === 'failure').length, all.length <= 12]).toEqual([10, true])
  }, 30_000)
})
