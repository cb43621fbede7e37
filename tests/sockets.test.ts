import { evictDurableObject } from 'cloudflare:test'
import { exports } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { newTenant, send, testEnv, type Tenant } from './helpers.ts'

type Message = { id: number; event: string; data: { type: string; step?: string } }

/** Asks for a WebSocket of an execution's events, as a client outside does. */
async function upgrade(id: string, headers: Record<string, string>, query = ''): Promise<Response> {
  const worker = exports as unknown as { default: Fetcher }
  const url = `https://apiq.test/api/executions/${id}/events${query}`
  return worker.default.fetch(new Request(url, { headers: { upgrade: 'websocket', ...headers } }))
}

/** What comes over a WebSocket from now on, and whether it was closed. */
function listen({ webSocket }: Response) {
  if (!webSocket) throw new Error('no WebSocket')
  const heard: Message[] = []
  const other: string[] = []
  const closed: number[] = []
  webSocket.addEventListener('message', ({ data }) => {
    const text = String(data)
    if (text.startsWith('{')) heard.push(JSON.parse(text) as Message)
    else other.push(text)
  })
  webSocket.addEventListener('close', ({ code }) => {
    closed.push(code)
  })
  webSocket.accept()
  return { webSocket, heard, other, closed }
}

async function begin(tenant: Tenant, steps: object[]): Promise<string> {
  const created = await tenant.call('POST', '/api/workflows', { definition: { name: 'Test', steps } })
  if (created.status !== 201) throw new Error(JSON.stringify(created.body))
  const { data } = await tenant.call('POST', `/api/workflows/${created.data.id}/execute`, { input: {} })
  return data.id
}

const approval = (id: string) => ({ id, type: 'approval', message: 'Sure?' })
const approve = (tenant: Tenant, id: string, step: string) =>
  tenant.call('POST', `/api/executions/${id}/decide`, { step, verdict: 'approve' })
const objectOf = (id: string) => testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(id))
const isAsking = (heard: Message[], step: string) => () =>
  expect(heard.some(({ event, data }) => event === 'step.asked' && data.step === step)).toBe(true)

describe('watching over a WebSocket', () => {
  it('tells each event once, as it happens, and closes with the execution', async () => {
    const tenant = await newTenant()
    const id = await begin(tenant, [approval('ask'), { id: 'end', type: 'transform', value: 1 }])
    const { heard, closed } = listen(await upgrade(id, { 'x-api-key': tenant.token }))
    await vi.waitFor(isAsking(heard, 'ask'))
    await approve(tenant, id, 'ask')
    await vi.waitFor(() => expect(closed).toEqual([1000]))
    const log = (await tenant.call('GET', `/api/executions/${id}/log`)).data
    expect(heard.map(({ data }) => data)).toEqual(log)
    expect(heard.map((one) => one.id)).toEqual(log.map((_: unknown, index: number) => index + 1))
    expect(heard.at(-1)?.event).toBe('run.succeeded')
  })

  it('resumes after an event, also when all is over', async () => {
    const tenant = await newTenant()
    const id = await begin(tenant, [{ id: 'one', type: 'transform', value: 1 }])
    await vi.waitFor(async () =>
      expect((await tenant.call('GET', `/api/executions/${id}`)).data.status).toBe('succeeded'),
    )
    const key = { 'x-api-key': tenant.token }
    const rest = listen(await upgrade(id, key, '?after=1'))
    await vi.waitFor(() => expect(rest.closed).toEqual([1000]))
    expect(rest.heard[0]?.id).toBe(2)
    const byHeader = listen(await upgrade(id, { ...key, 'last-event-id': '2', origin: 'https://allowed.example' }))
    await vi.waitFor(() => expect(byHeader.closed).toEqual([1000]))
    expect(byHeader.heard).toEqual(rest.heard.slice(1))
    const stream = await tenant.call('GET', `/api/executions/${id}/events?after=1`)
    expect(String(stream.body).startsWith('id: 2\n')).toBe(true)
  })

  it('goes on when the object has left memory in between, and misses nothing', async () => {
    const tenant = await newTenant()
    const id = await begin(tenant, [approval('first'), approval('second')])
    const { webSocket, heard, other, closed } = listen(await upgrade(id, { 'x-api-key': tenant.token }))
    await vi.waitFor(isAsking(heard, 'first'))
    await evictDurableObject(objectOf(id))
    webSocket.send('ping')
    await vi.waitFor(() => expect(other).toEqual(['pong']))
    await approve(tenant, id, 'first')
    await vi.waitFor(isAsking(heard, 'second'))
    await evictDurableObject(objectOf(id))
    webSocket.send('what is this?')
    await approve(tenant, id, 'second')
    await vi.waitFor(() => expect(closed).toEqual([1000]))
    expect(heard.map((one) => one.id)).toEqual(heard.map((_, index) => index + 1))
    expect(heard.at(-1)?.event).toBe('run.succeeded')
  })

  it('does not hold up the run when a watcher leaves', async () => {
    const tenant = await newTenant()
    const id = await begin(tenant, [approval('ask')])
    const key = { 'x-api-key': tenant.token }
    const [leaves, stays] = [listen(await upgrade(id, key)), listen(await upgrade(id, key))]
    await vi.waitFor(isAsking(leaves.heard, 'ask'))
    leaves.webSocket.close(1000)
    await approve(tenant, id, 'ask')
    await vi.waitFor(() => expect(stays.heard.at(-1)?.event).toBe('run.succeeded'))
    expect(leaves.heard.some(({ event }) => event === 'run.succeeded')).toBe(false)
  })

  it('is for the workspace', async () => {
    const tenant = await newTenant()
    const id = await begin(tenant, [approval('ask')])
    expect((await upgrade(id, { 'x-api-key': (await newTenant()).token })).status).toBe(404)
    expect((await upgrade(id, {})).status).toBe(401)
  })

  it('by a session must come from our own pages', async () => {
    const person = { email: `${crypto.randomUUID()}@example.com`, password: 'a long password of theirs', name: 'Ada' }
    const registered = await send('/api/auth/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(person),
    })
    const cookie = registered.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    const from = (origin: string) => upgrade('run_nothing', { cookie, origin })
    const evil = await from('https://evil.example')
    expect([evil.status, ((await evil.json()) as { code: string }).code]).toEqual([403, 'CROSS_SITE_REQUEST'])
    expect((await from('https://apiq.test')).status).toBe(404)
    const plain = await send('/api/executions/run_nothing/events', {
      headers: { cookie, origin: 'https://evil.example' },
    })
    expect(plain.status).toBe(404)
  })
})
