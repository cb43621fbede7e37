import fc from 'fast-check'
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { normaliseAnswer } from '../src/connections/credentials/oauth-answer.ts'
import { isFresh } from '../src/connections/credentials/token-set.ts'
import { chooseScopes, countCovered } from '../src/oauth/scopes.ts'
import { newTenant, testEnv, type Tenant } from './helpers.ts'
import { auditOf, credentialOf, endToken } from './oauth-consent.ts'

/** A token endpoint of the test's own, with an API behind it that takes its tokens. */
async function tokenServer(behaviour = 'bearer', more: object = {}) {
  const url = `${testEnv.UPSTREAMS}/token-servers/${crypto.randomUUID()}`
  const tell = async (next: string, others: object = {}) => {
    await fetch(url, { method: 'PUT', body: JSON.stringify({ behaviour: next, ...others }) })
  }
  await tell(behaviour, more)
  const asked = async () =>
    (await (await fetch(url)).json()) as { requests: Record<string, string>[]; claims: Record<string, unknown> | null }
  return { url, tokenUrl: `${url}/token`, tell, asked }
}

const things = (server: string, securitySchemes: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  servers: [{ url: server }],
  paths: { '/things': { get: { operationId: 'listThings', responses: { 200: { description: 'Things' } } } } },
  components: { securitySchemes },
})

async function connect(auth: unknown, spec: unknown, tenant?: Tenant) {
  const owner = tenant ?? (await newTenant())
  const connected = await owner.call('POST', '/api/apis', { spec, auth })
  const id: string = connected.data?.id
  const [endpoint] = id ? (await owner.call('GET', `/api/apis/${id}/endpoints`)).data : []
  const attempt = () => owner.call('POST', `/api/apis/${id}/endpoints/${endpoint.id}/try`, {})
  const change = (body: unknown) => owner.call('PATCH', `/api/apis/${id}`, body)
  const api = async () => (await owner.call('GET', `/api/apis/${id}`)).data
  return { ...owner, connected, id, attempt, change, api }
}

const machine = (tokenUrl: string | undefined, more: object = {}) => ({
  type: 'oauth2',
  flow: 'clientCredentials',
  tokenUrl,
  clientId: 'machine',
  clientSecret: 'marked-client-secret',
  ...more,
})

/** A machine connected to a token server, nothing called yet. */
async function machineAt(behaviour = 'bearer', more: object = {}) {
  const server = await tokenServer(behaviour)
  return { server, api: await connect(machine(server.tokenUrl, more), things(`${server.url}/api`)) }
}

describe('client credentials', () => {
  it('get a token, use it for the calls that follow, and show none of it', async () => {
    const { server, api } = await machineAt('bearer', { scopes: ['a', 'b'], audience: 'things' })
    expect(api.connected.data).toMatchObject({ authStatus: 'ready', auth: { clientId: 'machine', scopes: ['a', 'b'] } })
    const [first, second] = [await api.attempt(), await api.attempt()]
    expect(first.data.response).toMatchObject({ status: 200, body: { youSent: 'Bearer •••' } })
    expect(second.data.response.status).toBe(200)
    expect((await server.asked()).requests).toEqual([
      {
        grant_type: 'client_credentials',
        scope: 'a b',
        audience: 'things',
        authorization: `Basic ${btoa('machine:marked-client-secret')}`,
      },
    ])
    expect(JSON.stringify([api.connected.body, first.body, second.body])).not.toMatch(/marked-client-secret|issued-/)
    expect(await auditOf(api)).toContain('connection.token_refreshed')
  })

  it('ask once for fifty callers, before the first token and after it ended', async () => {
    const { server, api } = await machineAt()
    const all = async () => {
      const replies = await Promise.all(Array.from({ length: 50 }, () => api.attempt()))
      return new Set(replies.map(({ data }) => data.response.status))
    }
    expect(await all()).toEqual(new Set([200]))
    await endToken(api)
    expect(await all()).toEqual(new Set([200]))
    expect((await server.asked()).requests).toHaveLength(2)
  }, 30_000)

  it('take the token endpoint from the specification, and may be sent in the body', async () => {
    const server = await tokenServer()
    const flow = { tokenUrl: server.tokenUrl, scopes: { a: 'All' } }
    const spec = things(`${server.url}/api`, { machine: { type: 'oauth2', flows: { clientCredentials: flow } } })
    const api = await connect(machine(undefined, { clientAuthentication: 'client_secret_post' }), spec)
    expect((await api.attempt()).data.response.status).toBe(200)
    expect((await server.asked()).requests).toMatchObject([
      { client_id: 'machine', client_secret: 'marked-client-secret' },
    ])
    const bare = await connect(machine(undefined), things(`${server.url}/api`))
    expect(bare.connected.body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: '/auth/tokenUrl' }] })
  })

  it('try one other token when the API refuses theirs, and then leave it at that', async () => {
    const { server, api } = await machineAt('deaf')
    for (let n = 0; n < 5; n++) expect((await api.attempt()).data.response.status).toBe(401)
    expect((await server.asked()).requests).toHaveLength(2)
  })
})

describe('a token endpoint', () => {
  it.each([
    ['status:503', /it answered 503/],
    ['html', /not JSON/],
    ['huge', /too large/],
    ['redirect:https://example.com/', /redirect/],
    ['error:temporarily_unavailable', /overloaded/],
    ['empty', /lacks what it must hold/],
  ])('that answers %s is told, and left alone for a while', async (behaviour, detail) => {
    const { server, api } = await machineAt(behaviour)
    const first = await api.attempt()
    expect(first.body).toMatchObject({ code: 'OAUTH_FAILED', detail: expect.stringMatching(detail) })
    expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0)
    for (let n = 0; n < 4; n++) expect((await api.attempt()).body.code).toBe('OAUTH_FAILED')
    expect((await server.asked()).requests).toHaveLength(1)
    expect(await api.api()).toMatchObject({ authStatus: 'ready' })
  })

  it('that never answers is given up after ten seconds', async () => {
    const { api } = await machineAt('silent')
    expect((await api.attempt()).body).toMatchObject({
      code: 'OAUTH_FAILED',
      detail: expect.stringMatching(/did not answer in time/),
    })
  }, 20_000)

  it('that is down does not matter while the old token is good', async () => {
    const { server, api } = await machineAt()
    await api.attempt()
    const { credential, replace } = await credentialOf(api)
    await replace({ ...credential, tokens: { ...credential.tokens, obtainedAt: 0, expiresAt: Date.now() + 20_000 } })
    await server.tell('status:503')
    expect((await api.attempt()).data.response.status).toBe(200)
    expect((await server.asked()).requests).toHaveLength(2)
  })

  it('that was down for a moment fails no run', async () => {
    const { server, api } = await machineAt('status:503')
    const definition = {
      name: 'List things',
      steps: [{ id: 'things', type: 'api_call', api: (await api.api()).slug, operation: 'GET /things' }],
    }
    const workflow = (await api.call('POST', '/api/workflows', { definition })).data
    const running = api.call('POST', `/api/workflows/${workflow.id}/execute?wait=15`, {})
    await expect.poll(async () => (await server.asked()).requests.length).toBe(1)
    await server.tell('bearer')
    const { status, steps } = (await running).data
    expect([status, steps[0].attempt]).toEqual(['succeeded', 2])
  }, 20_000)

  it.each(['invalid_client', 'unauthorized_client', 'invalid_scope', 'some_marked_code'])(
    'that refuses with %s is not asked again until the credential is another',
    async (code) => {
      const { server, api } = await machineAt(`error:${code}`)
      const { body } = await api.attempt()
      expect(body).toMatchObject({
        code: 'NEEDS_RECONNECT',
        detail: expect.stringMatching(/Give the API a valid credential/),
      })
      expect(JSON.stringify(body)).not.toMatch(/marked/)
      for (let n = 0; n < 4; n++) expect((await api.attempt()).body.code).toBe('NEEDS_RECONNECT')
      expect((await server.asked()).requests).toHaveLength(1)
      await server.tell('bearer')
      expect((await api.change({ auth: machine(server.tokenUrl) })).data.authStatus).toBe('ready')
      expect((await api.attempt()).data.response.status).toBe(200)
    },
  )

  it('may write its answers in its own way', async () => {
    for (const behaviour of ['form', 'odd']) {
      const { api } = await machineAt(behaviour)
      expect([behaviour, (await api.attempt()).data?.response.status]).toEqual([behaviour, 200])
    }
    const { api } = await machineAt('error-200:invalid_client')
    expect((await api.attempt()).body.code).toBe('NEEDS_RECONNECT')
  })

  it('is read whatever it answers', () => {
    const answer = (status: number, body: unknown, tokenAt?: string) =>
      normaliseAnswer({ status, contentType: 'application/json', text: JSON.stringify(body) }, tokenAt)
    expect(answer(200, { ok: true, authed_user: { access_token: 't', scope: 'a,b' } }, '/authed_user')).toMatchObject({
      status: 200,
      fields: { access_token: 't', token_type: 'bearer', scope: 'a,b' },
    })
    expect(answer(400, { status: 'BAD_REFRESH_TOKEN', message: 'x' })).toMatchObject({
      fields: { error: 'BAD_REFRESH_TOKEN' },
    })
    expect(answer(401, { error: { code: 'token_expired', message: 'x' } })).toMatchObject({
      fields: { error: 'token_expired' },
    })
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 200, max: 599 }), (body, status) => {
        const normal = answer(status, body, '/inner')
        if (normal === null) return
        expect(normal.status >= 400 && 'access_token' in normal.fields).toBe(false)
      }),
    )
  })
})

describe('a service account', () => {
  const newKey = async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    return { pem: await exportPKCS8(privateKey), jwk: await exportJWK(publicKey) }
  }

  it('signs an assertion that the token endpoint verifies', async () => {
    const { pem, jwk } = await newKey()
    const server = await tokenServer('assertion', { jwk })
    const auth = {
      type: 'serviceAccount',
      tokenUrl: server.tokenUrl,
      issuer: 'robot@project',
      subject: 'ada@example.com',
      keyId: 'key-1',
      scopes: ['a', 'b'],
      privateKey: pem,
    }
    const api = await connect(auth, things(`${server.url}/api`))
    expect((await api.attempt()).data.response).toMatchObject({ status: 200, body: { youSent: 'Bearer •••' } })
    const { requests, claims } = await server.asked()
    expect(requests).toMatchObject([{ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', scope: 'a b' }])
    expect(claims).toMatchObject({
      iss: 'robot@project',
      sub: 'ada@example.com',
      aud: server.tokenUrl,
      scope: 'a b',
      kid: 'key-1',
    })
    expect(Number(claims?.['exp']) - Number(claims?.['iat'])).toBe(300)
    expect(JSON.stringify(await api.api())).not.toMatch(/PRIVATE KEY/)
  })

  it('takes a whole key file', async () => {
    const { pem, jwk } = await newKey()
    const server = await tokenServer('assertion', { jwk })
    const file = {
      type: 'service_account',
      private_key_id: 'of-the-file',
      private_key: pem,
      client_email: 'robot@project.example.com',
      token_uri: server.tokenUrl,
    }
    const api = await connect({ type: 'serviceAccount', privateKey: JSON.stringify(file) }, things(`${server.url}/api`))
    expect((await api.attempt()).data.response.status).toBe(200)
    expect((await server.asked()).claims).toMatchObject({ iss: 'robot@project.example.com', kid: 'of-the-file' })
    expect((await server.asked()).claims).not.toHaveProperty('sub')
  })

  it('whose key is another one is refused for good', async () => {
    const server = await tokenServer('assertion', { jwk: (await newKey()).jwk })
    const auth = {
      type: 'serviceAccount',
      tokenUrl: server.tokenUrl,
      issuer: 'robot',
      privateKey: (await newKey()).pem,
    }
    const api = await connect(auth, things(`${server.url}/api`))
    expect((await api.attempt()).body.code).toBe('NEEDS_RECONNECT')
  })

  it.each([
    ['-----BEGIN RSA PRIVATE KEY-----\nmarked\n-----END RSA PRIVATE KEY-----', /openssl pkcs8/],
    ['-----BEGIN PRIVATE KEY-----\nmarked\n-----END PRIVATE KEY-----', /no private key in PEM/],
    ['{"marked": 1}', /without private_key/],
    ['{marked', /neither PEM nor JSON/],
  ])('with %s for a key is told what is wrong', async (privateKey, detail) => {
    const auth = { type: 'serviceAccount', tokenUrl: 'https://auth.example.net/token', issuer: 'robot', privateKey }
    const { body } = (await connect(auth, things('https://api.example.net'))).connected
    expect(body).toMatchObject({
      code: 'VALIDATION_FAILED',
      detail: expect.stringMatching(detail),
      errors: [{ path: '/auth/privateKey' }],
    })
    expect(JSON.stringify(body)).not.toMatch(/marked/)
  })
})

describe('custom headers', () => {
  const echo = () => things(`${testEnv.UPSTREAMS}/broken/echo`)

  it('are filled with their secrets, which nobody sees', async () => {
    const auth = {
      type: 'custom',
      headers: { 'X-Auth': 'Key {{ key }}, Site {{site}}', 'X-Version': '2' },
      secrets: { key: 'marked-key-1', site: 'marked-site-2' },
    }
    const api = await connect(auth, echo())
    expect(api.connected.data.auth).toEqual({ type: 'custom', headers: auth.headers })
    const { data, body } = await api.attempt()
    expect(data.response.body).toMatchObject({ 'x-auth': 'Key •••, Site •••', 'x-version': '2' })
    expect(JSON.stringify([body, await api.api()])).not.toMatch(/marked/)
  })

  it.each([
    [{ 'X-Auth': '{{ key }} {{ other }}' }, { key: 'marked' }],
    [{ 'X-Auth': 'a literal' }, {}],
    [{ 'X-Auth': '{{ key }}' }, { key: 'marked', unused: 'marked' }],
    [{ 'X-Auth': '{{ key }' }, { key: 'marked' }],
    [{ 'X-{{ key }}': 'a' }, { key: 'marked' }],
    [{ Host: '{{ key }}' }, { key: 'marked' }],
    [{ 'content-length': '{{ key }}' }, { key: 'marked' }],
    [{ 'Transfer-Encoding': '{{ key }}' }, { key: 'marked' }],
    [{ 'X-Auth': 'a\r\nb: {{ key }}' }, { key: 'marked' }],
    [{}, {}],
  ])('are refused as %j with %j', async (headers, secrets) => {
    const { body } = (await connect({ type: 'custom', headers, secrets }, echo())).connected
    expect(body.code).toBe('VALIDATION_FAILED')
    expect(JSON.stringify(body)).not.toMatch(/marked/)
  })
})

describe('an API key', () => {
  it('goes into no header that belongs to the message', async () => {
    const auth = { type: 'apiKey', in: 'header', name: 'Content-Length', value: 'marked' }
    const { body } = (await connect(auth, things('https://api.example.net'))).connected
    expect(body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: '/auth/name' }] })
  })
})

describe('a stored credential', () => {
  it('does not move to another origin', async () => {
    const api = await connect({ type: 'bearer', token: 'marked-token' }, things('https://api.example.net/v1'))
    const moved = await api.change({ baseUrl: 'https://other.example.net/v1' })
    expect(moved.body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: '/auth' }] })
    expect((await api.change({ baseUrl: 'https://api.example.net/v2' })).status).toBe(200)
    const both = { baseUrl: 'https://other.example.net/v1', auth: { type: 'bearer', token: 'another' } }
    expect((await api.change(both)).status).toBe(200)
  })

  it('stands in no table but sealed', async () => {
    const tenant = await newTenant()
    const { pem, jwk } = await (async () => {
      const pair = await generateKeyPair('RS256', { extractable: true })
      return { pem: await exportPKCS8(pair.privateKey), jwk: await exportJWK(pair.publicKey) }
    })()
    const server = await tokenServer('assertion', { jwk })
    const auth = { type: 'serviceAccount', tokenUrl: server.tokenUrl, issuer: 'robot', privateKey: pem }
    const first = await connect(auth, things(`${server.url}/api`), tenant)
    await first.attempt()
    await server.tell('bearer')
    const second = await connect(machine(server.tokenUrl), things(`${server.url}/api`), tenant)
    await second.attempt()
    const { results: tables } = await testEnv.DB.prepare(
      `select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\' and name not like 'sqlite%'`,
    ).all<{ name: string }>()
    expect(tables.length).toBeGreaterThan(15)
    for (const { name } of tables) {
      const { results } = await testEnv.DB.prepare(`select * from "${name}"`).all()
      const text = JSON.stringify(results)
      for (const mark of ['marked-client-secret', 'issued-', pem.slice(30, 80)])
        expect([name, text.includes(mark)]).toEqual([name, false])
    }
  })
})

describe('whether a token is fresh', () => {
  it('follows from how long it has still to live', () => {
    const token = (life: number, age: number) => ({
      accessToken: 't',
      refreshToken: null,
      scopes: [],
      obtainedAt: 0,
      expiresAt: life,
      now: age,
    })
    const fresh = (life: number, age: number, random = 0) => isFresh(token(life, age), age, random)
    expect([fresh(3_600_000, 3_539_000), fresh(3_600_000, 3_571_000), fresh(3_600_000, 3_541_000, 0.99)]).toEqual([
      true,
      false,
      false,
    ])
    expect([fresh(1000, 800), fresh(1000, 951), fresh(0, 0)]).toEqual([true, false, false])
    expect(isFresh({ ...token(0, 0), expiresAt: null }, Number.MAX_SAFE_INTEGER, 0)).toBe(true)
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.double({ min: 0, max: 0.999, noNaN: true }), (life, age, random) => {
        expect(age >= life && fresh(life, age, random)).toBe(false)
        expect(fresh(life, age, random) || (age > life - 60_000 && age >= life * 0.9)).toBe(true)
      }),
    )
  })
})

describe('the scopes that are asked for', () => {
  const scope = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const requirement = fc.dictionary(fc.constantFrom('oauth', 'oidc', 'key'), fc.uniqueArray(scope, { maxLength: 3 }), {
    maxKeys: 2,
  })
  const usage = fc.record({
    security: fc.option(fc.array(requirement, { maxLength: 3 }), { nil: null }),
    operations: fc.integer({ min: 1, max: 9 }),
  })
  const schemes = new Set(['oauth', 'oidc'])

  it('suffice for every operation', () => {
    fc.assert(
      fc.property(fc.array(usage, { maxLength: 8 }), (usages) => {
        const total = usages.reduce((sum, { operations }) => sum + operations, 0)
        expect(countCovered(usages, schemes, chooseScopes(usages, schemes))).toBe(total)
      }),
    )
  })

  it('are no more than needed where there is a choice', () => {
    const usages = [
      { security: [{ oauth: ['all'] }, { oauth: ['read'] }], operations: 3 },
      { security: [{ oauth: ['read'] }], operations: 1 },
      { security: [{}, { oauth: ['private'] }], operations: 1 },
      { security: [{ key: [] }], operations: 1 },
    ]
    expect(chooseScopes(usages, schemes)).toEqual(['read'])
  })
})
