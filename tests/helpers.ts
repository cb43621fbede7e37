import { env, exports } from 'cloudflare:workers'
import { createWorld, systemCtx, type Ctx, type Scope } from '../src/context.ts'
import { issueKey } from '../src/keys/service.ts'
import { workspaceLimits } from '../src/limits/tables.ts'
import { newId } from '../src/lib/ids.ts'
import type { ScriptedAnswer } from './upstreams/scripted.ts'

/** What a route answered: its status and its JSON. Tests look into the JSON freely; what they expect is what checks it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Reply = { status: number; headers: Headers; body: any; data: any }

/** Somebody with a workspace of their own, a key, and a way to call with it. */
export type Tenant = {
  ctx: Ctx
  token: string
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>
}

/** The Worker's own bindings and those the tests add. */
export const testEnv = env as Env & { UPSTREAMS: string }

/** Sends a request to the Worker as it stands, from outside. */
export async function send(path: string, init: RequestInit = {}): Promise<Reply> {
  const worker = exports as unknown as { default: Fetcher }
  const response = await worker.default.fetch(new Request(new URL(path, 'https://apiq.test'), init))
  const text = await response.text()
  const body = /[/+]json\b/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text
  return { status: response.status, headers: response.headers, body, data: body?.data }
}

/** A new tenant; tests never share rows. */
export async function newTenant(scopes: Scope[] = ['read', 'write', 'execute', 'admin']): Promise<Tenant> {
  const world = createWorld(testEnv, newId('req'), () => {})
  const ctx = systemCtx(world, newId('wsp'), newId('usr'))
  const { token } = await issueKey(ctx, { name: 'test', scopes, requestsPerMinute: 100_000 })
  const call: Tenant['call'] = (method, path, body, headers) =>
    send(path, {
      method,
      headers: {
        'x-api-key': token,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  return { ctx, token, call }
}

/** Lets the workspace send far more requests than its tier does, for tables of very many. */
export async function grantPlenty({ ctx }: Tenant): Promise<void> {
  const { workspaceId } = ctx.actor
  const limits = { requestsPerMinute: 1_000_000, requestsPerDay: 1_000_000_000 }
  await ctx.db.insert(workspaceLimits).values({ workspaceId, tier: 'free', ...limits, revision: 0 })
}

/** Another key of the same workspace. */
export async function keyFor(tenant: Tenant, scopes: Scope[], requestsPerMinute = 100_000): Promise<string> {
  return (await issueKey(tenant.ctx, { name: 'other', scopes, requestsPerMinute })).token
}

/** A sample store of the test's own, with fresh state. */
export async function newStore(): Promise<{ url: string; apiKey: string }> {
  return (await fetch(`${testEnv.UPSTREAMS}/stores`, { method: 'POST' })).json()
}

/** The URL of a server whose certificate nobody vouches for. */
export async function selfSigned(): Promise<string> {
  const urls: { selfSigned: string } = await (await fetch(`${testEnv.UPSTREAMS}/urls`)).json()
  return urls.selfSigned
}

/** A tenant with a store of their own connected. */
export async function tenantWithStore(): Promise<Tenant & { store: { url: string; apiKey: string }; apiId: string }> {
  const [tenant, store] = await Promise.all([newTenant(), newStore()])
  const reply = await tenant.call('POST', '/api/apis', {
    name: 'Store',
    specUrl: `${store.url}/openapi.json`,
    auth: { type: 'apiKey', value: store.apiKey },
  })
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
  return { ...tenant, store, apiId: reply.data.id }
}

/** All that a list of a store has, page by page. */
export async function readStore(
  store: { url: string; apiKey: string },
  name: string,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = []
  for (let cursor = ''; ;) {
    const reply = await fetch(`${store.url}/${name}?limit=50${cursor}`, { headers: { 'x-store-key': store.apiKey } })
    const page = (await reply.json()) as { items: Record<string, unknown>[]; nextCursor: string | null }
    items.push(...page.items)
    if (!page.nextCursor) return items
    cursor = `&cursor=${page.nextCursor}`
  }
}

/** A tenant with an API connected (`api`) whose `GET` and `POST /broken/scripted/{id}` answer as told, one after the other. */
export async function tenantWithScript(...answers: ScriptedAnswer[]): Promise<Tenant & { script: string }> {
  const tenant = await newTenant()
  const script = crypto.randomUUID()
  await fetch(`${testEnv.UPSTREAMS}/broken/scripted/${script}`, { method: 'PUT', body: JSON.stringify(answers) })
  const endpoints = ['GET', 'POST'].map((method) => ({
    method,
    path: '/broken/scripted/{id}',
    summary: method,
    ...(method === 'POST' && { body: { example: { name: 'a', password: 'b' } } }),
  }))
  const connected = await tenant.call('POST', '/api/apis', { name: 'Api', baseUrl: testEnv.UPSTREAMS, endpoints })
  if (connected.status !== 201) throw new Error(JSON.stringify(connected.body))
  return { ...tenant, script }
}

/** What the store's ledger recorded: every request that changed something. */
export async function ledgerOf(store: {
  url: string
}): Promise<{ method: string; path: string; idempotencyKey: string }[]> {
  return ((await (await fetch(`${store.url}/__ledger`)).json()) as { items: never[] }).items
}
