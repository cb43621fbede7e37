import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, it, vi } from 'vitest'
import { newId } from '../src/lib/ids.ts'
import { limiterOf } from '../src/limits/admit.ts'
import { testEnv } from './helpers.ts'

const KEYS = 150

afterEach(() => void vi.useRealTimers())

it('a limiter forgets on the disk what counts no more, however many keys were used at the same time', async () => {
  const workspaceId = newId('wsp')
  const limiter = limiterOf(testEnv, workspaceId)
  const passage = { workspaceId, cost: 1, ahead: 0, settle: [], revision: Infinity }
  for (let index = 0; index < KEYS; index++) {
    const of = `key:${index}`
    const answer = await limiter.admit({ ...passage, source: of, rates: [{ of, limit: 10, span: 60 }] })
    expect(answer.kind).toBe('admitted')
  }
  const stored = (prefix: string) =>
    runInDurableObject(limiter, async (_, { storage }) => (await storage.list({ prefix })).size)
  expect([await stored('window:key:'), await stored('use:')]).toEqual([KEYS, KEYS])

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 86_400_000 })
  await runDurableObjectAlarm(limiter)
  expect([await stored('window:key:'), await stored('use:')]).toEqual([0, 0])
  const { results } = await testEnv.DB.prepare('select count(*) as days from usage_days where workspace_id = ?')
    .bind(workspaceId)
    .all()
  expect(results).toEqual([{ days: KEYS }])
})
