import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { app } from '../src/app.ts'
import { createWorld, type World } from '../src/context.ts'
import { recallKey } from '../src/keys/records.ts'
import { generateToken } from '../src/keys/token.ts'
import { sha256 } from '../src/lib/hash.ts'
import { newId } from '../src/lib/ids.ts'
import { newTenant, testEnv } from './helpers.ts'
import { newPerson } from './people.ts'

const LATER_MS = 11 * 60_000

/** A world that writes down what is asked of KV and D1. */
function watchedWorld() {
  const asked: string[] = []
  const { API_KEYS, DB } = testEnv
  const kv = {
    get: (...args: Parameters<typeof API_KEYS.get>) => (asked.push('KV'), API_KEYS.get(...args)),
    put: (...args: Parameters<typeof API_KEYS.put>) => (asked.push('KV written'), API_KEYS.put(...args)),
  }
  const db = { prepare: (query: string) => (asked.push('D1'), DB.prepare(query)) }
  const env = { ...testEnv, API_KEYS: kv, DB: db } as unknown as Env
  const world = createWorld(env, newId('req'), () => {})
  /** Looks a token up, so many milliseconds from now; what was asked for it, and whether it was found. */
  const look = async (token: string, inMs = 0) => {
    asked.length = 0
    const at: World = { ...world, now: () => Date.now() + inMs }
    const found = await recallKey(at, token)
    return [...asked, found === null ? 'unknown' : 'found']
  }
  return { look }
}

describe('the look-up of a key', () => {
  it('is in D1 the first time, then in memory, then in KV', async () => {
    const [{ token }, { look }] = [await newTenant(), watchedWorld()]
    expect(await look(token)).toEqual(['KV', 'D1', 'KV written', 'found'])
    expect(await look(token)).toEqual(['found'])
    // The memory of an isolate is over after a while, or was never there.
    expect(await look(token, LATER_MS)).toEqual(['KV', 'found'])
  })

  it('puts KV right from D1 where the copy is gone', async () => {
    const [{ token }, { look }] = [await newTenant(), watchedWorld()]
    await look(token)
    const name = `key:${await sha256(token)}`
    await testEnv.API_KEYS.delete(name)
    expect(await look(token, LATER_MS)).toEqual(['KV', 'D1', 'KV written', 'found'])
    expect(await testEnv.API_KEYS.get(name)).not.toBeNull()
  })

  it('is none for a key that is mistyped, and for one that nobody has it keeps nothing', async () => {
    const [{ token }, { look }] = [await newTenant(), watchedWorld()]
    const typo = token.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    expect(await look(typo)).toEqual(['unknown'])
    expect(await look('nonsense')).toEqual(['unknown'])
    expect(await look(await generateToken('dev'))).toEqual(['KV', 'D1', 'unknown'])
  })
})

/** The Worker with what it asks of KV and D1 written down. */
function watchedApp() {
  const asked: string[] = []
  const { API_KEYS, DB } = testEnv
  const API_KEYS_WATCHED = {
    get: (...args: Parameters<typeof API_KEYS.get>) => (asked.push('KV'), API_KEYS.get(...args)),
    put: (...args: Parameters<typeof API_KEYS.put>) => (asked.push('KV written'), API_KEYS.put(...args)),
  }
  const prepare = (query: string) => {
    if (/^select[^]* from "api_keys"/.test(query)) asked.push('D1')
    if (/^select[^]* from "sessions"/.test(query)) asked.push('sessions')
    return DB.prepare(query)
  }
  const env = { ...testEnv, API_KEYS: API_KEYS_WATCHED, DB: { prepare, batch: DB.batch.bind(DB) } }
  const call = async (token: string, ip: string, header: string): Promise<number> => {
    const context = createExecutionContext()
    const headers = { [header]: token, 'cf-connecting-ip': ip }
    const answer = await app.fetch(
      new Request('https://apiq.test/api/auth/test', { headers }),
      env as unknown as Env,
      context,
    )
    await waitOnExecutionContext(context)
    return answer.status
  }
  /** Calls with all of these at once: how often each status came back, and how often what was asked. */
  const callAll = async (tokens: readonly string[], ip: string, header = 'x-api-key') => {
    asked.length = 0
    const statuses = await Promise.all(tokens.map((token) => call(token, ip, header)))
    const count = <T>(all: readonly T[], one: T) => all.filter((each) => each === one).length
    return {
      good: count(statuses, 200),
      unknown: count(statuses, 401),
      elsewhere: count(statuses, 403),
      refused: count(statuses, 429),
      kv: count(asked, 'KV'),
      d1: count(asked, 'D1'),
      sessions: count(asked, 'sessions'),
      written: count(asked, 'KV written'),
    }
  }
  return { callAll }
}

const madeUp = (count: number) => Promise.all(Array.from({ length: count }, () => generateToken('dev')))
const times = (count: number, token: string) => Array<string>(count).fill(token)
const LIMIT = 300
const ON_TRUST = 20

describe('what one address can have looked up', () => {
  it('is no more than it may send, and a few, however many keys it makes up and sends at once', async () => {
    const { callAll } = watchedApp()
    await callAll([(await newTenant()).token], '192.0.2.200')
    const flood = await callAll(await madeUp(500), '192.0.2.1')
    expect(flood).toMatchObject({ unknown: LIMIT, refused: 200 })
    expect(flood.d1).toBeLessThanOrEqual(LIMIT + ON_TRUST)
    expect(await callAll(await madeUp(50), '192.0.2.1')).toMatchObject({ refused: 50, kv: 0, d1: 0 })
  }, 30_000)

  it('is one look-up for a key that is new to the isolate, however many come with it at once; all are let in', async () => {
    const { callAll } = watchedApp()
    const { token } = await newTenant()
    expect(await callAll(times(500, token), '192.0.2.2')).toMatchObject({ good: 500, kv: 1 })
    const [unknown = ''] = await madeUp(1)
    expect(await callAll(times(400, unknown), '192.0.2.2')).toMatchObject({ unknown: LIMIT, kv: 1, d1: 1 })
  }, 30_000)

  it('is no more for a key that was revoked, or is used from elsewhere; KV is not written again for it', async () => {
    const { callAll } = watchedApp()
    const revoked = await newTenant()
    const row = "update api_keys set revoked_at = '2026-01-01T00:00:00Z' where workspace_id = ?"
    await testEnv.DB.prepare(row).bind(revoked.ctx.actor.workspaceId).run()
    const bound = await newTenant()
    const list = 'update api_keys set allowed_ips = \'["203.0.113.99"]\' where workspace_id = ?'
    await testEnv.DB.prepare(list).bind(bound.ctx.actor.workspaceId).run()
    for (const [token, ip, status] of [
      [revoked.token, '192.0.2.3', 'unknown'],
      [bound.token, '192.0.2.4', 'elsewhere'],
    ] as const) {
      await callAll([token], ip)
      const flood = await callAll(times(400, token), ip)
      expect(flood).toMatchObject({ [status]: LIMIT - 1, written: 0 })
      expect(flood.d1).toBeLessThanOrEqual(LIMIT + ON_TRUST)
      expect(await callAll(times(20, token), ip)).toMatchObject({ refused: 20, d1: 0 })
    }
  }, 30_000)

  it('is no more for a session that is over', async () => {
    const { callAll } = watchedApp()
    const ip = '192.0.2.5'
    const { cookie, call } = await newPerson()
    await call('POST', '/api/auth/logout')
    const flood = await callAll(times(400, cookie), ip, 'cookie')
    expect(flood).toMatchObject({ unknown: LIMIT, refused: 100 })
    expect(await callAll(times(20, cookie), ip, 'cookie')).toMatchObject({ refused: 20, sessions: 0 })
    const other = await newPerson()
    expect(await callAll([other.cookie], ip, 'cookie')).toMatchObject({ good: 1, sessions: 1 })
  }, 30_000)
})
