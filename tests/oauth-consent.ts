import { eq } from 'drizzle-orm'
import { connections } from '../src/connections/tables.ts'
import { openSecret, sealSecret } from '../src/vault/service.ts'
import { newTenant, send, testEnv, type Reply, type Tenant } from './helpers.ts'

export const CLIENT_SECRET = 'marked-web-client-secret'
export const REDIRECT = 'https://apiq.test/api/oauth/callback'

type Asked = { grant: string; error: string | null; verifier: boolean }

/** An OpenID provider of the test's own, with an API behind it; `tokens` is what its token endpoint was asked. */
export async function newProvider(redirectUri = REDIRECT) {
  const query = new URLSearchParams({ clientSecret: CLIENT_SECRET, redirectUri })
  const url = await (await fetch(`${testEnv.UPSTREAMS}/oidc?${query}`, { method: 'POST' })).text()
  const tell = async (what: 'expire' | 'revoke' | 'deny') => void (await (await fetch(`${url}/__${what}`)).text())
  const tokens = async () => (await (await fetch(`${url}/__tokens`)).json()) as Asked[]
  return { url, tell, tokens }
}
export type TestProvider = Awaited<ReturnType<typeof newProvider>>

/** The authorization-code client that the provider knows. */
export function webClient(more: object = {}) {
  return { type: 'oauth2', flow: 'authorizationCode', clientId: 'web-client', clientSecret: CLIENT_SECRET, ...more }
}

/** Somebody with the provider's API, not connected yet; `attempt` lists its orders. */
export async function tenantAt(provider: TestProvider, auth: object = webClient({ issuer: provider.url })) {
  const tenant = await newTenant()
  const { body, data } = await tenant.call('POST', '/api/apis', { specUrl: `${provider.url}/openapi.json`, auth })
  if (!data) throw new Error(JSON.stringify(body))
  const endpoints: { id: string; operationId: string }[] = (await tenant.call('GET', `/api/apis/${data.id}/endpoints`))
    .data
  const list = endpoints.find((endpoint) => endpoint.operationId === 'listOrders')
  const attempt = () => tenant.call('POST', `/api/apis/${data.id}/endpoints/${list?.id}/try`, {})
  const api = async () => (await tenant.call('GET', `/api/apis/${data.id}`)).data
  return { ...tenant, id: data.id as string, slug: data.slug as string, api, attempt }
}
export type AtProvider = Awaited<ReturnType<typeof tenantAt>>

/** What a browser does: follows the provider's redirects with its cookies until it is sent back to us. */
export async function browse(authorizeUrl: string, end = REDIRECT): Promise<string> {
  const cookies = new Map<string, string>()
  let url = authorizeUrl
  for (let hops = 0; hops < 20; hops++) {
    if (url.startsWith(end)) return url
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
    url = new URL(location, url).href
  }
  throw new Error('the provider redirects without end')
}

/** The browser's last hop, back to us. */
export function comeBack(url: string, headers: Record<string, string> = {}): Promise<Reply> {
  const { pathname, search } = new URL(url)
  return send(pathname + search, { headers: { accept: 'application/json', ...headers }, redirect: 'manual' })
}

/** Begins a consent and goes through the provider's pages; returns where the browser is sent back to. */
export async function goThrough(tenant: AtProvider): Promise<string> {
  const begun = await tenant.call('POST', `/api/apis/${tenant.id}/connect`)
  return browse(begun.data.authorizeUrl)
}

/** A whole consent. */
export async function consent(tenant: AtProvider): Promise<Reply> {
  return comeBack(await goThrough(tenant))
}

/** The stored credential, open. */
export async function credentialOf({ ctx, id }: { ctx: Tenant['ctx']; id: string }) {
  const [row] = await ctx.db.select().from(connections).where(eq(connections.id, id))
  if (!row?.credential) throw new Error('no credential')
  const credential = JSON.parse(await openSecret(ctx, row.workspaceId, id, row.credential))
  const replace = async (next: unknown) => {
    const sealed = await sealSecret(ctx, row.workspaceId, id, JSON.stringify(next))
    await ctx.db.update(connections).set({ credential: sealed }).where(eq(connections.id, id))
  }
  return { credential, sealed: row.credential, replace }
}

/** Lets the stored access token end, as an hour would. */
export async function endToken(tenant: { ctx: Tenant['ctx']; id: string }): Promise<void> {
  const { credential, replace } = await credentialOf(tenant)
  await replace({ ...credential, tokens: { ...credential.tokens, expiresAt: Date.now() - 1000 } })
}

/** What the audit log holds of a workspace, oldest first. */
export async function auditOf(tenant: Tenant): Promise<string[]> {
  const { results } = await testEnv.DB.prepare('select action from audit_log where workspace_id = ? order by id')
    .bind(tenant.ctx.actor.workspaceId)
    .all<{ action: string }>()
  return results.map(({ action }) => action)
}
