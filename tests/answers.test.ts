import { createExecutionContext } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { app } from '../src/app.ts'
import { newTenant, testEnv } from './helpers.ts'

const call = (path: string, init: RequestInit) =>
  app.fetch(new Request(`https://apiq.test${path}`, init), testEnv, createExecutionContext() as ExecutionContext)

describe('an answer', () => {
  it('has no header of the answer before it', async () => {
    const { token } = await newTenant()
    const headersOf = async (path: string, headers: Record<string, string>) => {
      const reply = await call(path, { headers })
      await reply.body?.cancel()
      return Object.fromEntries(reply.headers)
    }
    // Nobody's address is known here, so only a key has limits to be told of.
    const calls = [
      () => headersOf('/api/auth/test', { 'x-api-key': token, 'x-request-id': 'first-of-them' }),
      () => headersOf('/api/errors', { 'x-request-id': 'second-of-them' }),
      () => headersOf('/api/keys/none', { 'x-api-key': token, 'x-request-id': 'third-of-them' }),
      () => headersOf('/api/none', { 'x-request-id': 'fourth-of-them' }),
    ]
    const seen: Record<string, string>[] = []
    for (const one of [...calls, ...calls.toReversed()]) seen.push(await one())
    const facts = seen.map((headers) => [
      headers['x-request-id'],
      headers['content-type'],
      'ratelimit' in headers,
      headers['x-content-type-options'],
    ])
    const [json, problem] = ['application/json', 'application/problem+json']
    const expected = [
      ['first-of-them', json, true, 'nosniff'],
      ['second-of-them', json, false, 'nosniff'],
      ['third-of-them', problem, true, 'nosniff'],
      ['fourth-of-them', problem, false, 'nosniff'],
    ]
    expect(facts).toEqual([...expected, ...expected.toReversed()])
  })

  it('has the id of its own request, also of many at once', async () => {
    const { token } = await newTenant()
    const ids = Array.from({ length: 60 }, (_, index) => `request-${index}`)
    const replies = await Promise.all(
      ids.map((id) => call('/api/auth/test', { headers: { 'x-api-key': token, 'x-request-id': id } })),
    )
    expect(replies.map(({ headers }) => headers.get('x-request-id'))).toEqual(ids)
  })
})
