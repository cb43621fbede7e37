import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleWorker, startIsolate, type Isolate } from '../src/cli/isolate.ts'

let isolate: Isolate
let urls: readonly string[]

beforeAll(async () => {
  isolate = await startIsolate({ bundle: await bundleWorker(), twin: {} })
  urls = [isolate.url, isolate.twinUrl]
})

afterAll(() => isolate.close())

async function call(url: string, method: string, path: string, token: string, body?: unknown) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'x-api-key': token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  // oxlint-disable-next-line typescript/no-explicit-any
  return { status: response.status, body: (await response.json()) as any }
}

async function newKey(requestsPerMinute?: number): Promise<{ id: string; token: string }> {
  const key = { name: 'test', scopes: ['read', 'admin'], ...(requestsPerMinute && { requestsPerMinute }) }
  return (await call(isolate.url, 'POST', '/api/keys', isolate.apiKey, key)).body.data
}

const test = async (url: string, token: string) => {
  const { status, body } = await call(url, 'GET', '/api/auth/test', token)
  return status === 200 ? 200 : `${status} ${body.detail}`
}

const askOften = (url: string, token: string, times: number) =>
  Promise.all(Array.from({ length: times }, () => test(url, token)))

describe('of two isolates', () => {
  it('neither lets a revoked key in once more, though both hold leases and copies of it', async () => {
    for (let round = 0; round < 3; round++) {
      const { id, token } = await newKey(100_000)
      // Hot in both: the second wave is served by leases.
      for (let wave = 0; wave < 3; wave++)
        for (const url of urls) expect(new Set(await askOften(url, token, 60))).toEqual(new Set([200]))
      expect((await call(urls[round % 2] ?? '', 'DELETE', `/api/keys/${id}`, isolate.apiKey)).status).toBe(200)
      const after = await Promise.all(urls.map((url) => askOften(url, token, 20)))
      expect(new Set(after.flat())).toEqual(new Set(['401 API key revoked']))
    }
  })

  it('both take a rotated key at once, and the former one no more', async () => {
    const { id, token } = await newKey(100_000)
    for (const url of urls) await askOften(url, token, 60)
    const rotated = await call(isolate.twinUrl, 'POST', `/api/keys/${id}/rotate`, isolate.apiKey, { overlapSeconds: 0 })
    for (const url of urls)
      expect([await test(url, token), await test(url, rotated.body.data.token)]).toEqual(['401 API key revoked', 200])
  })

  it('both hold a change of limits from the next request on', async () => {
    const { id, token } = await newKey(100_000)
    for (const url of urls) await askOften(url, token, 60)
    await call(isolate.url, 'PATCH', `/api/keys/${id}`, isolate.apiKey, { requestsPerMinute: 130 })
    const after = [await askOften(urls[0] ?? '', token, 20), await askOften(urls[1] ?? '', token, 20)].flat()
    expect(after.filter((answer) => answer === 200)).toHaveLength(10)
    expect(after.at(-1)).toBe('429 Rate limit exceeded: 130 requests per minute')
  })

  it('together let exactly 100 of 1,000 pass that come at once', async () => {
    const { token } = await newKey()
    const all = (await Promise.all(urls.map((url) => askOften(url, token, 500)))).flat()
    expect(all.filter((answer) => answer === 200)).toHaveLength(100)
    expect(all.filter((answer) => answer === '429 Rate limit exceeded: 100 requests per minute')).toHaveLength(900)
  })

  it('together count what was used exactly', async () => {
    const { id, token } = await newKey(100_000)
    for (let wave = 0; wave < 3; wave++) for (const url of urls) await askOften(url, token, 70)
    const { body } = await call(isolate.url, 'GET', `/api/keys/${id}/usage`, isolate.apiKey)
    expect(body.data.total).toEqual({ requests: 420, units: 420 })
  })
})
