import { describe, expect, it } from 'vitest'
import { operations, requestFor, resolve } from './documented.ts'
import { send } from './helpers.ts'
import { oneOfEverything } from './one-of-everything.ts'
import { newPerson } from './people.ts'

/** Routes with something in their path that is no object of a workspace. */
const NOT_OF_A_WORKSPACE: Record<string, string> = {
  'GET /api/errors/{code}': 'a code of the error reference',
  'GET /api/auth/{provider}/start': 'a provider of the deployment',
  'GET /api/auth/{provider}/callback': 'a provider of the deployment',
  'PATCH /api/admin/users/{id}': 'of the installation; 403 for who does not administer it',
  'GET /api/admin/workspaces/{workspaceId}/terms': 'of the installation; 403 for who does not administer it',
  'PUT /api/admin/workspaces/{workspaceId}/terms': 'of the installation; 403 for who does not administer it',
  'POST /hooks/{id}': 'open to whoever has its secret; the id says for which workspace',
}

/** What names an object elsewhere than in the path, as its owner would send it. */
const ELSEWHERE: Record<string, (id: (before: string) => string) => unknown> = {
  'POST /api/chat': () => ({ message: 'only the first', chatId: plan.data.chatId }),
  'POST /api/query': () => ({ prompt: 'only the first', chatId: plan.data.chatId }),
  'POST /api/chat/execute': (id) => ({ planId: id('/api/chat/') }),
  'POST /api/chat/schedule': (id) => ({ planId: id('/api/chat/'), cron: '0 9 * * *' }),
}

const [ours, stranger] = await Promise.all([oneOfEverything(), newPerson()])
const idBehind = (before: string): string => {
  const found = ours.ids.find(([pattern]) => pattern.test(before))
  if (!found) throw new Error(`nothing is made that stands behind ${before}: add it to one-of-everything.ts`)
  return found[1]
}
const plan = await ours.owner.call('GET', `/api/chat/${idBehind('/api/chat/')}`)

const withId = operations.filter(({ path, name }) => path.includes('{') && !(name in NOT_OF_A_WORKSPACE))
const listed = ['/api/apis', '/api/workflows', '/api/executions', '/api/batches', '/api/keys', '/api/invitations']

describe('a stranger who knows every id of a workspace', () => {
  it.each(withId)('gets 404 from $name', async (operation) => {
    const { url, headers, ...rest } = requestFor(operation, idBehind)
    const sent = { ...headers, cookie: stranger.cookie, origin: 'https://apiq.test' }
    const reply = await send(url, { method: operation.method, headers: sent, ...rest })
    expect([reply.status, reply.body.code]).toEqual([404, 'NOT_FOUND'])
  })

  it.each(Object.keys(ELSEWHERE))('gets 404 from %s with an id in its body', async (name) => {
    const [method = '', path = ''] = name.split(' ')
    const reply = await stranger.call(method, path, ELSEWHERE[name]?.(idBehind))
    expect([reply.status, reply.body.code]).toEqual([404, 'NOT_FOUND'])
  })

  it('finds none of it in lists, in the search or in a plan', async () => {
    for (const path of [...listed, '/api/notices', '/api/catalog/search?q=customers'])
      expect([path, (await stranger.call('GET', path)).data]).toEqual([path, []])
    expect((await stranger.call('POST', '/api/chat', { message: 'List customers' })).data).toMatchObject({
      status: 'needs_api',
      nearest: [],
      unconnected: ['customers'],
    })
  })

  it('has changed nothing: its owner still finds all of it', async () => {
    for (const path of listed)
      expect([path, (await ours.owner.call('GET', path)).data.length > 0]).toEqual([path, true])
    const single = ['apis', 'workflows', 'executions', 'batches', 'keys', 'chat'].map((kind) => `/api/${kind}/`)
    const nested = ['schedules', 'hooks'].map((kind) => `/api/workflows/${idBehind('/api/workflows/')}/${kind}/`)
    for (const path of [...single, ...nested])
      expect([path, (await ours.owner.call('GET', `${path}${idBehind(path)}`)).status]).toEqual([path, 200])
    const sessions: { id: string }[] = (await ours.owner.call('GET', '/api/auth/sessions')).data
    expect(sessions.map(({ id }) => id)).toContain(idBehind('/api/auth/sessions/'))
    expect((await ours.owner.call('GET', '/api/members')).data).toHaveLength(2)
    expect((await ours.owner.call('GET', '/api/notices')).data).toMatchObject([{ readAt: null }])
  })
})

it('says of no route that it has no object of a workspace which is not there', () => {
  const names = operations.map(({ name }) => name)
  for (const name of [...Object.keys(NOT_OF_A_WORKSPACE), ...Object.keys(ELSEWHERE)]) expect(names).toContain(name)
})

it('knows every route that takes an id in its body', () => {
  const bodies = operations.filter(({ operation }) => {
    const schema = JSON.stringify(resolve(operation.requestBody?.content['application/json']?.schema ?? {}))
    // A `keyId` there is that of somebody else's key, which signs a service account's tokens; the `workflowId` of a step is
    // checked as a part of its definition.
    return /"(plan|chat|connection|execution|batch)Id":/.test(schema)
  })
  expect(bodies.map(({ name }) => name).toSorted()).toEqual(Object.keys(ELSEWHERE).toSorted())
})
