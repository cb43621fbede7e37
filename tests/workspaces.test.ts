import { describe, expect, it } from 'vitest'
import { stillMay } from '../src/auth/still-may.ts'
import type { Ctx } from '../src/context.ts'
import { createKey, issueKey, updateKey } from '../src/keys/service.ts'
import { newTenant, send, testEnv } from './helpers.ts'
import { actionsOf, inBrowser, cookieOf, mailTo, makeRole, newPerson, signIn, type Person } from './people.ts'

const workspaceOf = async ({ call }: Pick<Person, 'call'>) =>
  (await call('GET', '/api/auth/test')).data.workspaceId as string

/** Somebody with a workspace, and somebody who came into it by invitation. */
async function workspaceOfTwo(part: string) {
  const [ada, bob] = await Promise.all([newPerson(), newPerson()])
  const invited = await ada.call('POST', '/api/invitations', { email: bob.email.toUpperCase(), part })
  expect(invited.status).toBe(201)
  const { proof } = await mailTo(bob.email, /invited/)
  const joined = await bob.call('POST', '/api/invitations/accept', { proof })
  expect(joined.data).toMatchObject({ id: await workspaceOf(ada), part, current: true })
  return { ada, bob, workspaceId: joined.data.id as string, proof }
}

/** A key that somebody made in the workspace. */
async function keyBy(userId: string, workspaceId: string): Promise<string> {
  const { ctx } = await newTenant()
  const { token } = await issueKey(
    { ...ctx, actor: { ...ctx.actor, userId, workspaceId } },
    { name: 'theirs', scopes: ['read'], requestsPerMinute: 100 },
  )
  return token
}

const statusBy = async (token: string) => (await send('/api/apis', { headers: { 'x-api-key': token } })).status

describe('a workspace', () => {
  it('is joined by the link of a mail, once, by whom it was sent to', async () => {
    const { ada, bob, proof } = await workspaceOfTwo('member')
    const eve = await newPerson()
    for (const who of [eve, bob])
      expect((await who.call('POST', '/api/invitations/accept', { proof })).body.code).toBe('LINK_INVALID')
    const people = (await ada.call('GET', '/api/members')).data
    expect(people).toMatchObject([
      { email: ada.email, part: 'owner' },
      { email: bob.email, part: 'member' },
    ])
    expect((await ada.call('POST', '/api/invitations', { email: bob.email })).status).toBe(409)
    expect(await actionsOf(bob.userId)).toContain('member.join')
  })

  it('is not joined by somebody else, nor by an invitation that was taken back', async () => {
    const [ada, bob, eve] = await Promise.all([newPerson(), newPerson(), newPerson()])
    const { data } = await ada.call('POST', '/api/invitations', { email: bob.email })
    const { proof } = await mailTo(bob.email, /invited/)
    expect((await eve.call('POST', '/api/invitations/accept', { proof })).status).toBe(403)
    expect((await ada.call('GET', '/api/invitations')).data).toMatchObject([{ id: data.id, email: bob.email }])
    expect((await eve.call('DELETE', `/api/invitations/${data.id}`)).status).toBe(404)
    expect((await ada.call('DELETE', `/api/invitations/${data.id}`)).status).toBe(200)
    expect((await bob.call('POST', '/api/invitations/accept', { proof })).body.code).toBe('LINK_INVALID')
    expect((await ada.call('GET', '/api/invitations')).data).toEqual([])
  })

  it('is one of several that a person goes between, each session for itself', async () => {
    const ada = await newPerson()
    const first = await workspaceOf(ada)
    const made = await ada.call('POST', '/api/workspaces', { name: 'Second' })
    expect(await workspaceOf(ada)).toBe(made.data.id)
    expect((await ada.call('GET', '/api/workspaces')).data.map(({ id }: { id: string }) => id)).toEqual([
      made.data.id,
      first,
    ])
    await ada.call('POST', `/api/workspaces/${first}/switch`)
    expect(await workspaceOf(ada)).toBe(first)
    const eve = await newPerson()
    expect((await eve.call('POST', `/api/workspaces/${first}/switch`)).status).toBe(404)
  })

  it('gives a member no power over keys, members and the log', async () => {
    const { ada, bob } = await workspaceOfTwo('member')
    expect((await bob.call('POST', '/api/chat', { message: 'hello' })).status).toBe(201)
    const refused = await Promise.all([
      bob.call('GET', '/api/logs'),
      bob.call('GET', '/api/members'),
      bob.call('POST', '/api/invitations', { email: 'x@example.com' }),
      bob.call('DELETE', `/api/members/${ada.userId}`),
      bob.call('PATCH', `/api/members/${bob.userId}`, { part: 'owner' }),
    ])
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
  })

  it('lets an auditor read everything and change nothing', async () => {
    const { bob } = await workspaceOfTwo('auditor')
    expect((await bob.call('GET', '/api/auth/test')).data).toMatchObject({ role: 'AUDITOR', scopes: ['read'] })
    const read = [
      '/api/logs',
      '/api/logs/verify',
      '/api/members',
      '/api/invitations',
      '/api/apis',
      '/api/admin/spec-cache',
    ]
    for (const path of read) expect([path, (await bob.call('GET', path)).status]).toEqual([path, 200])
    const changes: [string, string, unknown?][] = [
      ['POST', '/api/chat', { message: 'hello' }],
      ['DELETE', '/api/admin/spec-cache'],
      ['POST', '/api/invitations', { email: 'x@example.com' }],
      ['PATCH', '/api/workspace', { name: 'Mine' }],
    ]
    for (const [method, path, body] of changes)
      expect([path, (await bob.call(method, path, body)).status]).toEqual([path, 403])
  })

  it('is left without a member on their next request, and without the keys they made', async () => {
    const { ada, bob, workspaceId } = await workspaceOfTwo('admin')
    const token = await keyBy(bob.userId, workspaceId)
    expect(await statusBy(token)).toBe(200)
    expect((await bob.call('DELETE', `/api/members/${ada.userId}`)).status).toBe(403)
    expect((await ada.call('DELETE', `/api/members/${bob.userId}`)).status).toBe(200)
    expect(await workspaceOf(bob)).not.toBe(workspaceId)
    expect(await statusBy(token)).toBe(401)
  })

  it('is not ruled by a key that somebody made before they were given a lesser part', async () => {
    const { ada, bob, workspaceId } = await workspaceOfTwo('admin')
    const make = async (scopes: string[]) => (await bob.call('POST', '/api/keys', { name: 'k', scopes })).data.token
    const [ruling, reading] = [await make(['read', 'admin']), await make(['read'])]
    expect(await statusBy(ruling)).toBe(200)
    await ada.call('PATCH', `/api/members/${bob.userId}`, { part: 'auditor' })
    const back = await send(`/api/members/${bob.userId}`, {
      method: 'PATCH',
      headers: { 'x-api-key': ruling, 'content-type': 'application/json' },
      body: JSON.stringify({ part: 'admin' }),
    })
    expect([back.status, back.body.detail]).toEqual([401, 'API key revoked'])
    expect(await statusBy(reading)).toBe(200)
    expect(await workspaceOf(bob)).toBe(workspaceId)
  })

  it('gets no key by a request that began before its maker was given a lesser part', async () => {
    const { ada, bob, workspaceId } = await workspaceOfTwo('admin')
    const { ctx } = await newTenant()
    const scopes = ['read', 'write', 'execute', 'admin'] as const
    const inFlight: Ctx = { ...ctx, actor: { ...ctx.actor, kind: 'session', userId: bob.userId, workspaceId, scopes } }
    const make = () => createKey(inFlight, { name: 'late', scopes: ['admin'] }, stillMay(inFlight))
    const { id } = await make()
    await ada.call('PATCH', `/api/members/${bob.userId}`, { part: 'member' })
    await expect(make()).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const { data } = await ada.call('GET', '/api/keys')
    expect(data).toMatchObject([{ id, status: 'revoked' }])
    const { token: _, ...key } = (await ada.call('POST', '/api/keys', { name: 'k', scopes: ['read'] })).data
    await expect(updateKey(inFlight, key.id, { scopes: ['admin'] }, stillMay(inFlight))).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect((await ada.call('GET', `/api/keys/${key.id}`)).data).toEqual(key)
  })

  it('gets no key by a request of one that was revoked meanwhile', async () => {
    const { ctx, call } = await newTenant()
    const { data: key } = await call('POST', '/api/keys', { name: 'k', scopes: ['read', 'admin'] })
    const inFlight: Ctx = { ...ctx, actor: { ...ctx.actor, kind: 'key', id: key.id, scopes: key.scopes } }
    const may = stillMay(inFlight)
    const make = () => issueKey(inFlight, { name: 'late', scopes: ['read'], requestsPerMinute: 1 }, may)
    await make()
    await call('DELETE', `/api/keys/${key.id}`)
    await expect(make()).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('is left by a deleted account together with the keys it made', async () => {
    const { ada, bob } = await workspaceOfTwo('admin')
    const { token } = (await bob.call('POST', '/api/keys', { name: 'k', scopes: ['read'] })).data
    expect(await statusBy(token)).toBe(200)
    const deleted = await bob.call('POST', '/api/auth/account/delete', { currentPassword: bob.password })
    expect([deleted.status, await statusBy(token)]).toEqual([200, 401])
    expect((await ada.call('GET', '/api/keys')).data[0]).toMatchObject({ name: 'k', status: 'revoked' })
  })

  it('always has an owner, also where two take each other’s part at once', async () => {
    const { ada, bob } = await workspaceOfTwo('member')
    await ada.call('PATCH', `/api/members/${bob.userId}`, { part: 'owner' })
    const replies = await Promise.all([
      ada.call('PATCH', `/api/members/${bob.userId}`, { part: 'member' }),
      bob.call('PATCH', `/api/members/${ada.userId}`, { part: 'member' }),
    ])
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('always has an owner', async () => {
    const { ada, bob } = await workspaceOfTwo('member')
    expect((await ada.call('DELETE', `/api/members/${ada.userId}`)).status).toBe(409)
    expect((await ada.call('PATCH', `/api/members/${ada.userId}`, { part: 'member' })).status).toBe(409)
    const deletion = await ada.call('POST', '/api/auth/account/delete', { currentPassword: ada.password })
    expect(deletion.status).toBe(409)
    expect((await ada.call('PATCH', `/api/members/${bob.userId}`, { part: 'owner' })).data.part).toBe('owner')
    expect((await ada.call('DELETE', `/api/members/${ada.userId}`)).status).toBe(200)
  })
})

describe('the installation', () => {
  it('is administered by whoever came first, and by nobody after', async () => {
    await newPerson()
    await newPerson()
    const { results } = await testEnv.DB.prepare("select id from users where role = 'ADMIN'").all()
    const first = await testEnv.DB.prepare('select id from users order by created_at, id limit 1').first()
    expect(results).toEqual([first])
  })

  it('shows its users to administrators and auditors, and lets administrators alone change them', async () => {
    const [admin, auditor, ada] = await Promise.all([newPerson(), newPerson(), newPerson()])
    await makeRole(admin.userId, 'ADMIN')
    await makeRole(auditor.userId, 'AUDITOR')
    expect((await ada.call('GET', '/api/admin/users')).status).toBe(403)
    for (const { call } of [admin, auditor]) {
      const { data } = await call('GET', '/api/admin/users?limit=100')
      expect(data).toContainEqual(expect.objectContaining({ id: ada.userId, email: ada.email, role: 'USER' }))
    }
    const [name, domain] = ada.email.split('@')
    for (const part of [name, `${name?.toUpperCase()}@`, ada.email]) {
      const { data } = await admin.call('GET', `/api/admin/users?q=${encodeURIComponent(part ?? '')}`)
      expect(data.map(({ id }: { id: string }) => id)).toEqual([ada.userId])
    }
    expect((await admin.call('GET', `/api/admin/users?q=%25${domain}`)).data).toEqual([])
    const path = `/api/admin/users/${ada.userId}`
    for (const { call } of [ada, auditor]) expect((await call('PATCH', path, { role: 'ADMIN' })).status).toBe(403)
    const token = (await ada.call('POST', '/api/keys', { name: 'k', scopes: ['read', 'write'] })).data.token
    expect((await admin.call('PATCH', path, { role: 'AUDITOR' })).data.role).toBe('AUDITOR')
    expect(await statusBy(token)).toBe(401)
    expect((await ada.call('POST', '/api/chat', { message: 'hello' })).status).toBe(403)
    const key = await newTenant()
    expect((await key.call('GET', '/api/admin/users')).status).toBe(403)
  })

  it('shuts an account at once, with its keys, and opens it again', async () => {
    const [admin, ada] = await Promise.all([newPerson(), newPerson()])
    await makeRole(admin.userId, 'ADMIN')
    const token = await keyBy(ada.userId, await workspaceOf(ada))
    const path = `/api/admin/users/${ada.userId}`
    expect((await admin.call('PATCH', path, { disabled: true })).data.disabledAt).toMatch(/Z$/)
    expect((await ada.call('GET', '/api/auth/test')).status).toBe(401)
    expect(await statusBy(token)).toBe(401)
    expect((await signIn(ada)).body.code).toBe('ACCOUNT_DISABLED')
    expect((await signIn({ ...ada, password: 'a wrong password' })).body.code).toBe('INVALID_CREDENTIALS')
    await admin.call('PATCH', path, { disabled: false })
    expect((await inBrowser(cookieOf(await signIn(ada))).call('GET', '/api/auth/test')).status).toBe(200)
  })

  it('gives a person another limit, which holds from the next request on, in every browser', async () => {
    const [admin, ada] = await Promise.all([newPerson(), newPerson()])
    await makeRole(admin.userId, 'ADMIN')
    const path = `/api/admin/users/${ada.userId}`
    const test = () => ada.call('GET', '/api/auth/test')
    // As many as it takes for an isolate to hold a lease of the limit before.
    await Promise.all(Array.from({ length: 20 }, test))
    expect((await admin.call('PATCH', path, { requestsPerMinute: 30 })).data).toMatchObject({ requestsPerMinute: 30 })
    const me = (await test()).data
    expect(me).toMatchObject({ requestsPerMinute: 30 })
    expect(me.limits[0]).toMatchObject({ of: 'user', window: 'minute', limit: 30, remaining: 9 })
    const replies = await Promise.all(Array.from({ length: 20 }, test))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(9)
    const refused = replies.find(({ status }) => status === 429)
    expect(refused?.body.detail).toBe('Rate limit exceeded: 30 requests per minute')
    expect((await ada.call('PATCH', path, { requestsPerMinute: 1000 })).status).toBe(429)
    expect((await admin.call('PATCH', path, { requestsPerMinute: null })).data.requestsPerMinute).toBeNull()
    expect((await test()).data.requestsPerMinute).toBe(600)
    expect((await admin.call('PATCH', path, { requestsPerMinute: 0 })).status).toBe(422)
  })

  it('always has an administrator', async () => {
    const admin = await newPerson()
    await testEnv.DB.prepare("update users set role = 'USER'").run()
    await makeRole(admin.userId, 'ADMIN')
    for (const change of [{ role: 'USER' }, { disabled: true }])
      expect((await admin.call('PATCH', `/api/admin/users/${admin.userId}`, change)).status).toBe(409)
  })
})
