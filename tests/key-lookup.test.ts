import { describe, expect, it } from 'vitest'
import { createWorld, type World } from '../src/context.ts'
import { recallKey } from '../src/keys/records.ts'
import { generateToken } from '../src/keys/token.ts'
import { sha256 } from '../src/lib/hash.ts'
import { newId } from '../src/lib/ids.ts'
import { newTenant, testEnv } from './helpers.ts'

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
