import type { Reply } from './helpers.ts'
import { mailTo, person, type Person } from './people.ts'
import { totp } from './totp.ts'

/** A call as somebody, which carries the marks that its audit row is found by. */
export type Act = (method: string, path: string, body?: unknown) => Promise<Reply>

/** What a row is tried with: somebody with one of everything, and their marked calls. */
export type Stage = {
  act: Act
  owner: Person
  id: (before: string) => string
  /** Another person, with marked calls of their own. */
  other: () => Promise<{ act: Act; who: Person }>
  /** A run that waits for a decision. */
  waiting: () => Promise<string>
  admin: () => Promise<Act>
}

/** How a route is called so that it changes something, and the action that is written down; or why nothing is. */
export type Row = { action: string; by: (stage: Stage) => Promise<Reply> } | { none: string }

const definition = { name: 'Two', steps: [{ id: 'one', type: 'transform', value: 2 }] }
const document = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  servers: [{ url: 'https://things.example' }],
  paths: { '/things': { get: { responses: { 200: { description: 'Things' } } } } },
})

const row = (action: string, by: (stage: Stage) => Promise<Reply>): Row => ({ action, by })
/** One that is called below the id of what the owner has. */
const on = (action: string, method: string, base: string, rest = '', body?: unknown): Row =>
  row(action, ({ act, id }) => act(method, `${base}${id(base)}${rest}`, body))
const onTrigger = (action: string, method: string, kind: 'hooks' | 'schedules', rest = '', body?: unknown): Row =>
  row(action, ({ act, id }) => {
    const base = `/api/workflows/${id('/api/workflows/')}/${kind}/`
    return act(method, `${base}${id(base)}${rest}`, body)
  })
const onFresh = (action: string, make: string, made: unknown, method: string, rest = '', body?: unknown): Row =>
  row(action, async ({ act, owner }) => {
    const { data } = await owner.call('POST', make, made)
    return act(method, `${make}/${data.id}${rest}`, body)
  })
const NEW_KEY = { name: 'k', scopes: ['read'] }

/** Who is signed in and has set up a second factor, but for its first code. */
async function withSecret({ other }: Stage) {
  const { act, who } = await other()
  const { data } = await who.call('POST', '/api/auth/two-factor/set-up', { currentPassword: who.password })
  return { act, who, ...(data as { secret: string; recoveryCodes: string[] }) }
}

const READS = 'reads and answers, and stores nothing'
const ELSEWHERE = 'needs a provider; oauth.test.ts asserts its rows'
const TWO_STEPS = 'needs a sign-in half-way; people.test.ts asserts its row'

/** Every route that may change something. A route without a row fails the test. */
export const table: Record<string, Row> = {
  'DELETE /api/admin/spec-cache': row('spec_cache.purge', ({ act }) => act('DELETE', '/api/admin/spec-cache')),
  'PATCH /api/admin/users/{id}': row('user.update', async ({ admin, other }) => {
    const { who } = await other()
    return (await admin())('PATCH', `/api/admin/users/${who.userId}`, { role: 'AUDITOR' })
  }),
  'PUT /api/admin/workspaces/{workspaceId}/terms': row('workspace.terms', async ({ admin, id }) =>
    (await admin())('PUT', `/api/admin/workspaces/${id('/api/workspaces/')}/terms`, { tier: 'pro' }),
  ),
  'POST /api/apis': row('connection.create', ({ act }) => act('POST', '/api/apis', { spec: document })),
  'POST /api/apis/upload': { none: 'makes what POST /api/apis makes, from a form; connections.test.ts' },
  'DELETE /api/apis/{id}': onFresh('connection.delete', '/api/apis', { spec: document }, 'DELETE'),
  'PATCH /api/apis/{id}': on('connection.update', 'PATCH', '/api/apis/', '', { name: 'Shop' }),
  'POST /api/apis/{id}/connect': { none: ELSEWHERE },
  'POST /api/apis/{id}/disconnect': { none: ELSEWHERE },
  'POST /api/apis/{id}/endpoints': on('endpoint.create', 'POST', '/api/apis/', '/endpoints', {
    method: 'GET',
    path: '/by-hand',
    summary: 'By hand',
  }),
  'DELETE /api/apis/{id}/endpoints/{endpointId}': row('endpoint.delete', async ({ act, owner, id }) => {
    const base = `/api/apis/${id('/api/apis/')}/endpoints`
    const { data } = await owner.call('POST', base, { method: 'GET', path: '/by-hand-too', summary: 'Too' })
    return act('DELETE', `${base}/${data.id}`)
  }),
  'PATCH /api/apis/{id}/endpoints/{endpointId}': row('endpoint.update', ({ act, id }) =>
    act('PATCH', `/api/apis/${id('/api/apis/')}/endpoints/${id('/endpoints/')}`, { effect: 'message' }),
  ),
  'POST /api/apis/{id}/endpoints/{endpointId}/try': row('endpoint.try', async ({ act, owner, id }) => {
    const base = `/api/apis/${id('/api/apis/')}/endpoints`
    const endpoints: { id: string; method: string; path: string }[] = (
      await owner.call('GET', `${base}?query=customers`)
    ).data
    const list = endpoints.find(({ method, path }) => method === 'GET' && path === '/customers')
    return act('POST', `${base}/${list?.id}/try`, {})
  }),
  'POST /api/apis/{id}/refresh': on('spec.fetch', 'POST', '/api/apis/', '/refresh', {}),
  'POST /api/apis/{id}/test': on('connection.test', 'POST', '/api/apis/', '/test'),
  'POST /api/auth/account/delete': row('account.delete', async ({ other }) => {
    const { act, who } = await other()
    return act('POST', '/api/auth/account/delete', { currentPassword: who.password })
  }),
  'POST /api/auth/email/change': row('email.change_requested', ({ act, owner }) =>
    act('POST', '/api/auth/email/change', { email: person().email, currentPassword: owner.password }),
  ),
  'POST /api/auth/email/resend': { none: 'a mail to its owner alone, and the same answer for an address without one' },
  'POST /api/auth/email/verify': row('email.verify', async ({ act, owner }) =>
    act('POST', '/api/auth/email/verify', { proof: (await mailTo(owner.email, /Confirm your e-mail/)).proof }),
  ),
  'POST /api/auth/login': row('session.create', ({ act, owner: { email, password } }) =>
    act('POST', '/api/auth/login', { email, password }),
  ),
  'POST /api/auth/logout': row('session.end', async ({ other }) => (await other()).act('POST', '/api/auth/logout')),
  'POST /api/auth/password/change': row('password.change', async ({ other }) => {
    const { act, who } = await other()
    const password = 'another horse battery'
    return act('POST', '/api/auth/password/change', { currentPassword: who.password, password })
  }),
  'POST /api/auth/password/forgot': {
    none: 'a mail to its owner alone, and the same answer for an address without one',
  },
  'POST /api/auth/password/reset': row('password.reset', async ({ other }) => {
    const { act, who } = await other()
    await who.call('POST', '/api/auth/password/forgot', { email: who.email })
    const { proof } = await mailTo(who.email, /new password/)
    return act('POST', '/api/auth/password/reset', { proof, password: 'another horse battery' })
  }),
  'PATCH /api/auth/profile': row('account.update', ({ act }) => act('PATCH', '/api/auth/profile', { name: 'Ada L.' })),
  'POST /api/auth/register': row('account.register', ({ act }) => act('POST', '/api/auth/register', person())),
  'DELETE /api/auth/sessions': row('session.revoke_others', async ({ other }) => {
    const { act, who } = await other()
    await who.call('POST', '/api/auth/login', { email: who.email, password: who.password })
    return act('DELETE', '/api/auth/sessions')
  }),
  'DELETE /api/auth/sessions/{id}': on('session.revoke', 'DELETE', '/api/auth/sessions/'),
  'POST /api/auth/two-factor/set-up': row('two_factor.set_up', async ({ other }) => {
    const { act, who } = await other()
    return act('POST', '/api/auth/two-factor/set-up', { currentPassword: who.password })
  }),
  'POST /api/auth/two-factor/confirm': row('two_factor.enable', async (stage) => {
    const { act, secret } = await withSecret(stage)
    return act('POST', '/api/auth/two-factor/confirm', { code: totp(secret) })
  }),
  'POST /api/auth/two-factor/disable': row('two_factor.disable', async (stage) => {
    const { act, who } = await withSecret(stage)
    return act('POST', '/api/auth/two-factor/disable', { currentPassword: who.password })
  }),
  'POST /api/auth/two-factor/recovery-codes': { none: TWO_STEPS },
  'POST /api/auth/two-factor/recover': { none: TWO_STEPS },
  'POST /api/auth/two-factor/verify': { none: TWO_STEPS },
  'POST /api/batches/{id}/cancel': { none: 'a batch that still runs is needed; batches.test.ts asserts its rows' },
  'POST /api/batches/{id}/resume': { none: 'a batch that failed is needed; batches.test.ts asserts its rows' },
  'POST /api/batches/{id}/undo': { none: 'a batch that has ended is needed; batch-undo.test.ts asserts its rows' },
  'POST /api/chat': row('plan.create', ({ act }) => act('POST', '/api/chat', { message: 'List customers' })),
  'POST /api/chat/execute': row('run.create', async ({ act, owner }) => {
    const { data } = await owner.call('POST', '/api/chat', { message: 'List customers' })
    return act('POST', '/api/chat/execute?wait=10', { planId: data.id })
  }),
  'POST /api/chat/schedule': row('schedule.create', async ({ act, owner }) => {
    const { data } = await owner.call('POST', '/api/chat', { message: 'List customers every day at 9' })
    return act('POST', '/api/chat/schedule', { planId: data.id })
  }),
  'POST /api/executions/{id}/cancel': row('run.cancel', async ({ act, waiting }) =>
    act('POST', `/api/executions/${await waiting()}/cancel`),
  ),
  'POST /api/executions/{id}/decide': row('run.decide', async ({ act, waiting }) =>
    act('POST', `/api/executions/${await waiting()}/decide`, { step: 'ask', verdict: 'refuse' }),
  ),
  'POST /api/executions/{id}/pause': row('run.pause', async ({ act, waiting }) =>
    act('POST', `/api/executions/${await waiting()}/pause`),
  ),
  'POST /api/executions/{id}/replay': { none: READS },
  'POST /api/executions/{id}/rerun': on('run.create', 'POST', '/api/executions/', '/rerun', {}),
  'POST /api/executions/{id}/resume': row('run.resume', async ({ act, owner, waiting }) => {
    const run = await waiting()
    await owner.call('POST', `/api/executions/${run}/pause`)
    return act('POST', `/api/executions/${run}/resume`, {})
  }),
  'POST /api/executions/{id}/undo': row('run.undo', async ({ act, owner }) => {
    const body = { name: 'Ada', email: `${crypto.randomUUID()}@example.com` }
    const steps = [{ id: 'add', type: 'api_call', api: 'store', operation: 'POST /customers', body }]
    const { data } = await owner.call('POST', '/api/workflows', { definition: { name: 'Add', steps } })
    const run = await owner.call('POST', `/api/workflows/${data.id}/execute?wait=10`, {})
    return act('POST', `/api/executions/${run.data.id}/undo`)
  }),
  'POST /api/invitations': row('member.invite', ({ act }) =>
    act('POST', '/api/invitations', { email: person().email }),
  ),
  'POST /api/invitations/accept': row('member.join', async ({ owner, other }) => {
    const { act, who } = await other()
    await owner.call('POST', '/api/invitations', { email: who.email })
    return act('POST', '/api/invitations/accept', { proof: (await mailTo(who.email, /invited/)).proof })
  }),
  'DELETE /api/invitations/{id}': on('member.invitation_withdrawn', 'DELETE', '/api/invitations/'),
  'PATCH /api/members/{id}': on('member.update', 'PATCH', '/api/members/', '', { part: 'auditor' }),
  'DELETE /api/members/{id}': on('member.remove', 'DELETE', '/api/members/'),
  'POST /api/keys': row('key.create', ({ act }) => act('POST', '/api/keys', NEW_KEY)),
  'PATCH /api/keys/{id}': on('key.update', 'PATCH', '/api/keys/', '', { name: 'renamed' }),
  'DELETE /api/keys/{id}': onFresh('key.revoke', '/api/keys', NEW_KEY, 'DELETE'),
  'POST /api/keys/{id}/renew': on('key.renew', 'POST', '/api/keys/', '/renew', { expiresAt: '2100-01-01T00:00:00Z' }),
  'POST /api/keys/{id}/rotate': on('key.rotate', 'POST', '/api/keys/', '/rotate', {}),
  'PUT /api/limits': row('limits.update', ({ act }) => act('PUT', '/api/limits', { maxSteps: 100 })),
  'POST /api/notices/{id}/read': { none: 'says that somebody has seen it, and changes nothing that anybody relies on' },
  'POST /api/query': row('run.create', ({ act }) => act('POST', '/api/query', { prompt: 'List customers' })),
  'POST /api/rehearsals': { none: READS },
  'POST /api/workflows': row('workflow.create', ({ act }) => act('POST', '/api/workflows', { definition })),
  'POST /api/workflows/import': { none: 'makes what POST /api/workflows makes; arazzo-routes.test.ts' },
  'POST /api/workflows/validate': { none: READS },
  'PATCH /api/workflows/{id}': on('workflow.update', 'PATCH', '/api/workflows/', '', { definition }),
  'DELETE /api/workflows/{id}': onFresh('workflow.delete', '/api/workflows', { definition }, 'DELETE'),
  'POST /api/workflows/{id}/batch': on('batch.create', 'POST', '/api/workflows/', '/batch', [{}]),
  'POST /api/workflows/{id}/duplicate': on('workflow.create', 'POST', '/api/workflows/', '/duplicate', {}),
  'POST /api/workflows/{id}/execute': on('run.create', 'POST', '/api/workflows/', '/execute?wait=10', {}),
  'POST /api/workflows/{id}/rollback': on('workflow.update', 'POST', '/api/workflows/', '/rollback', { version: 1 }),
  'POST /api/workflows/{id}/hooks': on('hook.create', 'POST', '/api/workflows/', '/hooks', {}),
  'PATCH /api/workflows/{id}/hooks/{hookId}': onTrigger('hook.update', 'PATCH', 'hooks', '', { enabled: false }),
  'POST /api/workflows/{id}/hooks/{hookId}/rotate': onTrigger('hook.rotate', 'POST', 'hooks', '/rotate', {}),
  'DELETE /api/workflows/{id}/hooks/{hookId}': onTrigger('hook.delete', 'DELETE', 'hooks'),
  'POST /api/workflows/{id}/schedules': on('schedule.create', 'POST', '/api/workflows/', '/schedules', {
    cron: '0 6 * * *',
  }),
  'PATCH /api/workflows/{id}/schedules/{scheduleId}': onTrigger('schedule.update', 'PATCH', 'schedules', '', {
    enabled: false,
  }),
  'DELETE /api/workflows/{id}/schedules/{scheduleId}': onTrigger('schedule.delete', 'DELETE', 'schedules'),
  'PATCH /api/workspace': row('workspace.rename', ({ act }) => act('PATCH', '/api/workspace', { name: 'Ours' })),
  'POST /api/workspaces': row('workspace.create', ({ act }) => act('POST', '/api/workspaces', { name: 'Another' })),
  'POST /api/workspaces/{id}/switch': { none: 'where a session works; nothing of either workspace changes' },
  'POST /hooks/{id}': {
    none: 'a machine sends it; the run that it starts is written down, as triggers-hooks.test.ts asserts',
  },
}
