import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { Records } from './oidc-records.ts'

/** What the token endpoint was asked, in order. */
export type TokenRequestEntry = { grant: string; error: string | null; verifier: boolean }

/** An authorization server with an API behind it. */
export type RunningOidc = { url: string; close: () => Promise<void> }

const SCOPES = ['openid', 'email', 'profile', 'offline_access', 'orders:read', 'orders:write']

/**
 * Starts an OpenID provider (oidc-provider) that signs everybody in as Ada and has her consent, and an API that takes
 * its tokens. `GET /__tokens` lists what the token endpoint was asked; `POST /__expire` makes access tokens worthless,
 * `POST /__revoke` refresh tokens too, `POST /__deny` has Ada refuse from now on, `POST /__claims` says who she is, `POST /__rotate` changes the signing key, and
 * `POST /__sign` signs any claims with it.
 */
export async function startOidc(clientSecret: string, redirectUri: string): Promise<RunningOidc> {
  const entries: TokenRequestEntry[] = []
  const records = new Records()
  let denies = false
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  let claims: Record<string, unknown> = { email: 'ada@example.com' }
  let signing = await newKey()

  function start(): Provider {
    const made = new Provider(url, configure(signing.jwk))
    made.on('grant.success', (ctx) => record(ctx, null))
    made.on('grant.error', (ctx, error) => record(ctx, error.message))
    return made
  }

  const configure = (jwk: object): Configuration => ({
    adapter: (kind) => records.adapterOf(kind),
    jwks: { keys: [jwk] },
    clients: [
      {
        client_id: 'web-client',
        client_secret: clientSecret,
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [redirectUri],
      },
      {
        client_id: 'machine',
        client_secret: clientSecret,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    scopes: SCOPES,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['tests only'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: 3600,
      ClientCredentials: 600,
      RefreshToken: 86_400,
      Interaction: 600,
      Session: 600,
      Grant: 86_400,
      IdToken: 600,
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: async (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, ...claims }) }),
  })
  const record = (ctx: KoaContextWithOIDC, error: string | null) => {
    const parameters = (ctx.oidc.params ?? ctx.oidc.body ?? {}) as Record<string, unknown>
    entries.push({
      grant: String(parameters['grant_type']),
      error,
      verifier: 'code_verifier' in parameters && Boolean(parameters['code_verifier']),
    })
  }
  let provider = start()
  let handle = provider.callback()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', url)
    if (pathname.startsWith('/interaction/')) return interact(request, response)
    if (pathname === '/__tokens') return json(response, 200, entries)
    if (pathname === '/__expire') return json(response, 200, records.forget('AccessToken', 'ClientCredentials') ?? null)
    if (pathname === '/__revoke') return json(response, 200, records.forget('AccessToken', 'RefreshToken') ?? null)
    if (pathname === '/__deny') return json(response, 200, (denies = true))
    if (pathname === '/__claims') return json(response, 200, (claims = await bodyOf(request)))
    if (pathname === '/__sign') return json(response, 200, await sign(await bodyOf(request), signing))
    if (pathname === '/__rotate') {
      signing = await newKey()
      provider = start()
      handle = provider.callback()
      return json(response, 200, signing.jwk.kid)
    }
    if (pathname === '/openapi.json') return json(response, 200, describe(url))
    if (pathname === '/api/orders') return orders(request, response)
    return handle(request, response)
  }

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    if (denies) return provider.interactionFinished(request, response, { error: 'access_denied' })
    if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: 'ada' } })
    const grant = new provider.Grant({ accountId: session?.accountId ?? 'ada', clientId: String(params['client_id']) })
    grant.addOIDCScope(String(params['scope']))
    const consent = { grantId: await grant.save() }
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true })
  }

  async function orders(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token))
    if (!found) return json(response, 401, { error: 'invalid_token' })
    return json(response, 200, {
      scope: found.scope ?? '',
      client: found.clientId,
      youSent: request.headers.authorization,
    })
  }

  return {
    url,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Signing = Awaited<ReturnType<typeof newKey>>

async function newKey() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { privateKey, jwk: { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: crypto.randomUUID() } }
}

function sign(claims: Record<string, unknown>, { privateKey, jwk }: Signing): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: jwk.kid }).sign(privateKey)
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function describe(url: string) {
  const scopes = { 'orders:read': 'Read orders', 'orders:write': 'Change orders' }
  const operation = (operationId: string, scope: string) => ({
    operationId,
    security: [{ person: [scope] }],
    responses: { 200: { description: 'Done' } },
  })
  return {
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: `${url}/api` }],
    paths: {
      '/orders': { get: operation('listOrders', 'orders:read'), post: operation('createOrder', 'orders:write') },
    },
    components: {
      securitySchemes: {
        person: {
          type: 'oauth2',
          flows: { authorizationCode: { authorizationUrl: `${url}/auth`, tokenUrl: `${url}/token`, scopes } },
        },
        machine: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: `${url}/token`, scopes } } },
        oidc: { type: 'openIdConnect', openIdConnectUrl: `${url}/.well-known/openid-configuration` },
      },
    },
  }
}
