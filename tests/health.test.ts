import { createExecutionContext } from 'cloudflare:test'
import { afterAll, describe, expect, it } from 'vitest'
import { app } from '../src/app.ts'
import { testEnv } from './helpers.ts'

type State = { ok: boolean; parts: Record<string, { ok: boolean; ms: number }> }

/** What health says where the Worker has other bindings: a binding that is not there is how a part is down for good. */
async function healthWith(bindings: Record<string, unknown>, path = '/api/auth/health') {
  const env = { ...testEnv, ...bindings } as unknown as Env
  const response = await app.fetch(new Request(`https://apiq.test${path}`), env, createExecutionContext())
  const { data } = (await response.json()) as { data: State }
  const down = Object.entries(data.parts).flatMap(([part, { ok }]) => (ok ? [] : [part]))
  return { status: response.status, ok: data.ok, down, parts: data.parts }
}

describe('health of what lets people in', () => {
  it('is 200 where everything answers, each part with its latency', async () => {
    const { parts, ...health } = await healthWith({})
    expect(health).toEqual({ status: 200, ok: true, down: [] })
    expect(Object.keys(parts)).toEqual(['database', 'kv', 'durableObjects', 'queue', 'testKey'])
    for (const { ms } of Object.values(parts)) expect(ms).toBeGreaterThanOrEqual(0)
  })

  it.each([
    ['KV', { API_KEYS: undefined }, ['kv', 'testKey']],
    ['the Durable Objects', { RATE_LIMITER: undefined }, ['durableObjects']],
    ['the queue', { STEPS_NORMAL: undefined }, ['queue']],
  ])('is 503 without %s, and says which part it is', async (_, bindings, down) => {
    expect(await healthWith(bindings)).toMatchObject({ status: 503, ok: false, down })
  })

  describe('with a database that has lost its keys', () => {
    const rename = (from: string, to: string) => testEnv.DB.prepare(`alter table ${from} rename to ${to}`).run()

    afterAll(() => rename('api_keys_lost', 'api_keys'))

    it('is 503 in an isolate that ran before, and in a new one', async () => {
      await rename('api_keys', 'api_keys_lost')
      const down = { status: 503, ok: false, down: ['database', 'testKey'] }
      expect(await healthWith({})).toMatchObject(down)
      expect(await healthWith({}, '/api/v1/auth/health')).toMatchObject(down)
    })
  })

  it('is 200 again once it is back', async () => {
    expect(await healthWith({})).toMatchObject({ status: 200, ok: true })
  })
})

it('the health of the whole is 503 where a part of it is down', async () => {
  expect(await healthWith({}, '/api/health')).toMatchObject({ status: 200, ok: true })
  expect(await healthWith({ SPEC_CACHE: undefined, API_KEYS: undefined }, '/api/health')).toMatchObject({
    status: 503,
    down: ['kv'],
  })
})
