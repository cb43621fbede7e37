import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { createWorld } from '../src/context.ts'
import { runSchedule } from '../src/schedule.ts'
import { verifySignature } from '../src/triggers/signature.ts'
import { keyFor, ledgerOf, newTenant, send, tenantWithStore, testEnv, type Reply, type Tenant } from './helpers.ts'

const bytes = (text: string) => Uint8Array.from(new TextEncoder().encode(text))
const now = () => Math.floor(Date.now() / 1000)

async function mac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array> {
  const hmac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', hmac, bytes(text)))
}

const base64 = (data: Uint8Array) => btoa(String.fromCharCode(...data))
const hex = (data: Uint8Array) => [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** The headers of Standard Webhooks for a body. */
async function sign(secret: string, body: string, id = crypto.randomUUID(), timestamp = now()) {
  const key = Uint8Array.from(atob(secret.slice('whsec_'.length)), (char) => char.charCodeAt(0))
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${base64(await mac(key, `${id}.${timestamp}.${body}`))}`,
    'content-type': 'application/json',
  }
}

async function makeHook(tenant: Tenant, more: Record<string, unknown> = {}, steps?: unknown[], inputs?: unknown) {
  const definition = {
    name: 'Hooked',
    steps: steps ?? [{ id: 'got', type: 'transform', value: '{{ input }}' }],
    ...(inputs ? { inputs } : {}),
  }
  const workflow = await tenant.call('POST', '/api/workflows', { definition })
  const made = await tenant.call('POST', `/api/workflows/${workflow.data.id}/hooks`, more)
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  const path = new URL(made.data.url).pathname
  return { ...made.data, path, route: `/api/workflows/${workflow.data.id}/hooks/${made.data.id}` }
}

const post = (path: string, body: string, headers: Record<string, string>) =>
  send(path, { method: 'POST', body, headers })

const outputOf = (tenant: Tenant, { data }: Reply) =>
  vi.waitUntil(
    async () => {
      const run = await tenant.call('GET', `/api/executions/${data.executionId}`)
      return run.data?.status === 'succeeded' ? run.data : undefined
    },
    { timeout: 10_000 },
  )

describe('a signed event', () => {
  it('runs the workflow with its body, its allowed headers and its query', async () => {
    const tenant = await newTenant()
    const hook = await makeHook(tenant, { headers: ['X-Kind', 'content-type'] })
    expect(hook.secret).toMatch(/^whsec_/)
    const body = '{"order": {"id": 7}}'
    const headers = { ...(await sign(hook.secret, body)), 'x-kind': 'paid', 'x-other': 'hidden' }
    const reply = await post(`${hook.path}?tag=a&tag=b&one=1`, body, headers)
    expect([reply.status, reply.data.duplicate]).toEqual([202, false])
    expect(await outputOf(tenant, reply)).toMatchObject({
      trigger: 'webhook',
      output: {
        body: { order: { id: 7 } },
        headers: { 'x-kind': 'paid', 'content-type': 'application/json' },
        query: { tag: ['a', 'b'], one: '1' },
      },
    })
  })

  it('is mapped to the input by the template of the hook, and held against the workflow', async () => {
    const tenant = await newTenant()
    const inputs = { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] }
    const steps = [{ id: 'got', type: 'transform', value: '{{ input.id + 1 }}' }]
    const hook = await makeHook(tenant, { input: { id: '{{ body.order.id }}' } }, steps, inputs)
    const good = '{"order": {"id": 7}}'
    const reply = await post(hook.path, good, await sign(hook.secret, good))
    expect((await outputOf(tenant, reply)).output).toBe(8)
    const bad = '{"order": {"id": "seven"}}'
    const refused = await post(hook.path, bad, await sign(hook.secret, bad))
    expect([refused.status, refused.body.code, refused.body.errors]).toEqual([422, 'VALIDATION_FAILED', undefined])
  })

  it('is told of where the hook is: its run and how that ended, or why it could not be run', async () => {
    const tenant = await newTenant()
    const inputs = { type: 'object', properties: { id: { type: 'integer' } } }
    const steps = [{ id: 'got', type: 'transform', value: '{{ $error("not one of ours") }}' }]
    const hook = await makeHook(tenant, { input: { id: '{{ body.id }}' } }, steps, inputs)
    const shown = async () => (await tenant.call('GET', hook.route)).data
    expect(await shown()).toMatchObject({ lastEventAt: null, lastRunId: null, lastRun: null, lastError: null })
    const headers = await sign(hook.secret, '{"id": 7}', 'msg_1')
    const { executionId } = (await post(hook.path, '{"id": 7}', headers)).data
    const after = await vi.waitUntil(async () => {
      const now = await shown()
      return now.lastRun?.status === 'failed' ? now : undefined
    })
    expect(after).toMatchObject({
      lastEventAt: expect.stringMatching(/Z$/),
      lastRunId: executionId,
      lastRun: { id: executionId, status: 'failed', error: expect.stringContaining('not one of ours') },
      lastError: null,
    })
    await post(hook.path, '{"id": "seven"}', await sign(hook.secret, '{"id": "seven"}'))
    const refused = await shown()
    expect(refused).toMatchObject({ lastRunId: null, lastRun: null, lastError: { code: expect.any(String) } })
    // The first one, come once more, changes nothing of it.
    await post(hook.path, '{"id": 7}', headers)
    expect(await shown()).toEqual(refused)
    expect((await tenant.call('GET', hook.route.replace(`/${hook.id}`, ''))).data).toEqual([refused])
  })

  it('runs once however often it comes, also at the same time', async () => {
    const tenant = await tenantWithStore()
    const body = { name: 'Hooked', email: '{{ input.email }}' }
    const steps = [{ id: 'add', type: 'api_call', api: 'store', operation: 'POST /customers', body }]
    const inputs = { type: 'object', properties: { email: { type: 'string' } } }
    const hook = await makeHook(tenant, { input: { email: '{{ body.email }}' } }, steps, inputs)
    const event = '{"email": "once@example.com"}'
    const headers = await sign(hook.secret, event, 'msg_1')
    const replies = await Promise.all(Array.from({ length: 5 }, () => post(hook.path, event, headers)))
    const again = await post(hook.path, event, await sign(hook.secret, event, 'msg_1', now() + 2))
    expect(replies.map((reply) => reply.status).toSorted()).toEqual([200, 200, 200, 200, 202])
    expect([again.status, again.data.duplicate]).toEqual([200, true])
    expect(new Set([...replies, again].map((reply) => reply.data.executionId)).size).toBe(1)
    await outputOf(tenant, again)
    expect(await ledgerOf(tenant.store)).toHaveLength(1)
    const other = await post(hook.path, event, await sign(hook.secret, event, 'msg_2'))
    expect(other.status).toBe(202)
  })

  it('is text or form fields where its type says so, and refused when its JSON is none', async () => {
    const tenant = await newTenant()
    const hook = await makeHook(tenant, { input: { body: '{{ body }}' } })
    const type = async (body: string, contentType: string) =>
      post(hook.path, body, { ...(await sign(hook.secret, body)), 'content-type': contentType })
    expect((await outputOf(tenant, await type('a=1&b=2', 'application/x-www-form-urlencoded'))).output).toEqual({
      body: { a: '1', b: '2' },
    })
    expect((await outputOf(tenant, await type('plain', 'text/plain'))).output).toEqual({ body: 'plain' })
    expect((await type('{oops', 'application/json')).body.code).toBe('MALFORMED_REQUEST')
  })
})

describe('an event that is refused', () => {
  it('is one without a signature, with another’s, over another body, id or time, or too old or too new', async () => {
    const tenant = await newTenant()
    const [hook, other] = [await makeHook(tenant), await makeHook(tenant)]
    const body = '{"n": 1}'
    const good = await sign(hook.secret, body)
    const { 'webhook-signature': _signature, ...unsigned } = good
    const attempts: [string, Record<string, string>][] = [
      [body, unsigned],
      [body, await sign(other.secret, body)],
      ['{"n": 2}', good],
      [body, { ...good, 'webhook-id': 'another' }],
      [body, { ...good, 'webhook-timestamp': String(now() - 1) }],
      [body, { ...good, 'webhook-signature': 'v1,' }],
      [body, { ...good, 'webhook-signature': good['webhook-signature'].replace('v1,', 'v1a,') }],
      [body, await sign(hook.secret, body, 'old', now() - 301)],
      [body, await sign(hook.secret, body, 'new', now() + 302)],
    ]
    for (const [text, headers] of attempts) {
      const reply = await post(hook.path, text, headers)
      expect([reply.status, reply.body.code]).toEqual([401, 'SIGNATURE_INVALID'])
    }
    expect((await tenant.call('GET', '/api/executions')).data).toEqual([])
    expect((await post(hook.path, body, good)).status).toBe(202)
  })

  it('gets the same answer from a hook that is off, removed, or never was', async () => {
    const tenant = await newTenant()
    const hook = await makeHook(tenant)
    const body = '{}'
    const headers = await sign(hook.secret, body)
    const answer = async (path: string) => {
      const { status, body: problem } = await post(path, body, headers)
      return { status, code: problem.code, detail: problem.detail }
    }
    const unknown = await answer('/hooks/hok_unknown')
    expect(unknown).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    await tenant.call('PATCH', hook.route, { enabled: false })
    expect(await answer(hook.path)).toEqual(unknown)
    await tenant.call('DELETE', hook.route)
    expect(await answer(hook.path)).toEqual(unknown)
  })

  it('is larger than a hook takes, or more than it takes a minute', async () => {
    const tenant = await newTenant()
    const hook = await makeHook(tenant, { requestsPerMinute: 2 })
    const large = JSON.stringify('x'.repeat(600_000))
    expect((await post(hook.path, large, await sign(hook.secret, large))).status).toBe(413)
    // What is not signed does not use up the sender's allowance.
    for (let at = 0; at < 5; at++) await post(hook.path, '{}', { 'webhook-id': 'x' })
    const statuses = []
    for (let at = 0; at < 3; at++) statuses.push((await post(hook.path, '{}', await sign(hook.secret, '{}'))).status)
    expect(statuses).toEqual([202, 202, 429])
  })
})

describe('a provider that signs the body alone', () => {
  it('is taken with its header, its encoding and its prefix', async () => {
    const tenant = await newTenant()
    const secret = 'a secret of the provider'
    const signature = { type: 'body', header: 'X-Hub-Signature-256', prefix: 'sha256=', idHeader: 'X-Delivery' }
    const hook = await makeHook(tenant, { secret, signature })
    const body = '{"action":"opened"}'
    const headers = { 'content-type': 'application/json', 'x-delivery': 'one' }
    const signed = { ...headers, 'x-hub-signature-256': `sha256=${hex(await mac(bytes(secret), body))}` }
    expect((await post(hook.path, body, signed)).status).toBe(202)
    expect((await post(hook.path, body, signed)).status).toBe(200)
    expect((await post(hook.path, body, { ...signed, 'x-delivery': 'two' })).status).toBe(202)
    expect((await post(hook.path, `${body} `, signed)).status).toBe(401)
    expect((await post(hook.path, body, { ...signed, 'x-delivery': '' })).status).toBe(401)
    expect((await post(hook.path, body, headers)).status).toBe(401)
  })

  it('in base64, the same body being the same event where events have no id', async () => {
    const tenant = await newTenant()
    const secret = 'another secret of theirs'
    const hook = await makeHook(tenant, { secret, signature: { type: 'body', header: 'x-hmac', encoding: 'base64' } })
    const signed = async (body: string) => ({
      'content-type': 'application/json',
      'x-hmac': base64(await mac(bytes(secret), body)),
    })
    expect((await post(hook.path, '{"n":1}', await signed('{"n":1}'))).status).toBe(202)
    expect((await post(hook.path, '{"n":1}', await signed('{"n":1}'))).status).toBe(200)
    expect((await post(hook.path, '{"n":2}', await signed('{"n":2}'))).status).toBe(202)
  })
})

describe('a secret', () => {
  it('is sealed, shown once, and rotated with time to change over', async () => {
    const tenant = await newTenant()
    const hook = await makeHook(tenant)
    const stored = await testEnv.DB.prepare('select * from hooks where id = ?').bind(hook.id).first()
    expect(JSON.stringify(stored)).not.toContain(hook.secret.slice(6))
    expect((await tenant.call('GET', hook.route)).data).not.toHaveProperty('secret')
    const rotated = await tenant.call('POST', `${hook.route}/rotate`, {})
    expect(rotated.data.secret).not.toBe(hook.secret)
    const tried = async (secret: string) => (await post(hook.path, '{}', await sign(secret, '{}'))).status
    expect([await tried(hook.secret), await tried(rotated.data.secret)]).toEqual([202, 202])
    const at = new Date(Date.now() - 1000).toISOString()
    await testEnv.DB.prepare('update hooks set previous_until = ? where id = ?').bind(at, hook.id).run()
    expect([await tried(hook.secret), await tried(rotated.data.secret)]).toEqual([401, 202])
    const last = await tenant.call('POST', `${hook.route}/rotate`, { overlapMinutes: 0 })
    expect([await tried(rotated.data.secret), await tried(last.data.secret)]).toEqual([401, 202])
  })

  it('of one’s own must be one for the mode', async () => {
    const tenant = await newTenant()
    const definition = { name: 'A', steps: [{ id: 'a', type: 'transform', value: 1 }] }
    const { data } = await tenant.call('POST', '/api/workflows', { definition })
    const tryIt = (body: unknown) => tenant.call('POST', `/api/workflows/${data.id}/hooks`, body)
    expect((await tryIt({ secret: 'not a standard secret' })).body.errors[0].path).toBe('/secret')
    expect((await tryIt({ secret: `whsec_${btoa('short')}xxxxxxxx` })).status).toBe(422)
    const secret = `whsec_${btoa('a'.repeat(32))}`
    expect((await tryIt({ secret })).data.secret).toBe(secret)
    expect((await tryIt({ input: { a: '{{ body. }}' } })).body.errors[0].path).toBe('/input')
    expect((await tryIt({ headers: ['Authorization'] })).status).toBe(422)
  })

  it('verifies what the specification of Standard Webhooks gives as its example', async () => {
    // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    const body = bytes('{"test": 2432232314}')
    const headers = new Headers({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']
    expect(await verifySignature({ type: 'standard' }, secrets, { headers, body }, 1_614_265_330_000)).toEqual({
      messageId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    })
  })
})

describe('hooks', () => {
  it('need write and execute, and are nobody else’s', async () => {
    const [tenant, other] = await Promise.all([newTenant(), newTenant()])
    const hook = await makeHook(tenant)
    for (const scope of ['read', 'write', 'execute'] as const) {
      const headers = { 'x-api-key': await keyFor(tenant, [scope]), 'content-type': 'application/json' }
      expect((await send(`${hook.route}/rotate`, { method: 'POST', headers, body: '{}' })).status).toBe(403)
    }
    expect((await other.call('GET', hook.route)).status).toBe(404)
    expect((await other.call('PATCH', hook.route, { enabled: false })).status).toBe(404)
    expect((await other.call('POST', `${hook.route}/rotate`, {})).status).toBe(404)
    expect((await other.call('DELETE', hook.route)).status).toBe(404)
    const list = hook.route.replace(/\/[^/]+$/, '')
    expect((await other.call('GET', list)).status).toBe(404)
    expect((await tenant.call('GET', list)).data).toMatchObject([{ id: hook.id, url: hook.url }])
  })

  it('are changed, and told of in the audit log', async () => {
    const tenant = await newTenant()
    const hook = await makeHook(tenant, { name: 'Orders' })
    const { data } = await tenant.call('PATCH', hook.route, { input: { n: 1 }, requestsPerMinute: 5, name: null })
    expect(data).toMatchObject({ input: { n: 1 }, requestsPerMinute: 5, name: null, enabled: true })
    const reply = await post(hook.path, '{}', await sign(hook.secret, '{}'))
    const { results } = await testEnv.DB.prepare(
      "select action, resource, details from audit_log where workspace_id = ? and (resource = ? or action = 'run.create') order by id",
    )
      .bind(tenant.ctx.actor.workspaceId, hook.id)
      .all()
    expect(results.map(({ action }) => action).toSorted()).toEqual([
      'credential.open',
      'hook.create',
      'hook.update',
      'run.create',
    ])
    expect(results.find(({ action }) => action === 'run.create')).toMatchObject({
      resource: reply.data.executionId,
      details: expect.stringContaining(hook.id),
    })
  })

  it('forget at night what came more than thirty days ago', async () => {
    const tenant = await newTenant()
    const hook = await makeHook(tenant)
    for (const id of ['old', 'fresh']) await post(hook.path, '{}', await sign(hook.secret, '{}', id))
    const at = new Date(Date.now() - 31 * 86_400_000).toISOString()
    await testEnv.DB.prepare("update hook_deliveries set received_at = ? where hook_id = ? and message_id = 'old'")
      .bind(at, hook.id)
      .run()
    await runSchedule(createScheduledController({ cron: '17 3 * * *' }), testEnv, createExecutionContext())
    const { results } = await createWorld(testEnv, 'req_hooks', () => {})
      .env.DB.prepare('select message_id from hook_deliveries where hook_id = ?')
      .bind(hook.id)
      .all()
    expect(results).toEqual([{ message_id: 'fresh' }])
  })
})
