import { insertNotice } from '../src/notices/service.ts'
import { newStore, newTenant } from './helpers.ts'
import { mailTo, newPerson, signIn, type Person } from './people.ts'

/** Somebody with a workspace in which there is one of everything, and its ids by the path that they stand behind. */
export type Everything = { owner: Person; workspaceId: string; ids: readonly (readonly [RegExp, string])[] }

const definition = { name: 'One', steps: [{ id: 'one', type: 'transform', value: 1 }] }

/** Makes one of everything that a workspace can hold, by the routes that make it. */
export async function oneOfEverything(): Promise<Everything> {
  const [owner, store] = await Promise.all([newPerson(), newStore()])
  const make = async (path: string, body: unknown) => {
    const reply = await owner.call('POST', path, body)
    if (reply.status >= 300) throw new Error(`${path}: ${JSON.stringify(reply.body)}`)
    return reply.data
  }
  const { workspaceId } = (await owner.call('GET', '/api/auth/test')).data
  const auth = { type: 'apiKey', value: store.apiKey }
  const api = await make('/api/apis', { name: 'Store', specUrl: `${store.url}/openapi.json`, auth })
  const [endpoint] = (await owner.call('GET', `/api/apis/${api.id}/endpoints`)).data
  const plan = await make('/api/chat', { message: 'List customers' })
  const run = await make('/api/chat/execute?wait=10', { planId: plan.id })
  const workflow = await make('/api/workflows', { definition })
  const schedule = await make(`/api/workflows/${workflow.id}/schedules`, { cron: '0 5 * * *' })
  const hook = await make(`/api/workflows/${workflow.id}/hooks`, {})
  const batch = await make(`/api/workflows/${workflow.id}/batch`, [{}])
  const key = await make('/api/keys', { name: 'one', scopes: ['read'] })
  await signIn(owner)
  const sessions: { id: string; current: boolean }[] = (await owner.call('GET', '/api/auth/sessions')).data
  const invitation = await make('/api/invitations', { email: `${crypto.randomUUID()}@example.com` })
  return {
    owner,
    workspaceId,
    ids: [
      [/^\/api\/apis\/$/, api.id],
      [/\/endpoints\/$/, endpoint.id],
      [/^\/api\/chat\/$/, plan.id],
      [/^\/api\/executions\/$/, run.id],
      [/\/steps\/$/, 'customers'],
      [/^\/api\/workflows\/$/, workflow.id],
      [/\/schedules\/$/, schedule.id],
      [/\/hooks\/$/, hook.id],
      [/^\/api\/batches\/$/, batch.id],
      [/^\/api\/keys\/$/, key.id],
      [/^\/api\/auth\/sessions\/$/, sessions.find(({ current }) => !current)?.id ?? ''],
      [/^\/api\/invitations\/$/, invitation.id],
      [/^\/api\/members\/$/, (await joinedBy(owner)).userId],
      [/^\/api\/notices\/$/, await noticeFor(owner, workspaceId)],
      [/^\/api\/workspaces\/$/, workspaceId],
    ],
  }
}

async function joinedBy(owner: Person): Promise<Person> {
  const guest = await newPerson()
  await owner.call('POST', '/api/invitations', { email: guest.email })
  const { proof } = await mailTo(guest.email, /invited/)
  const joined = await guest.call('POST', '/api/invitations/accept', { proof })
  if (joined.status !== 200) throw new Error(JSON.stringify(joined.body))
  return guest
}

async function noticeFor(owner: Person, workspaceId: string): Promise<string> {
  const { ctx } = await newTenant()
  await insertNotice(ctx, { workspaceId, userId: null, kind: 'api_changed', resource: 'x', message: 'x' })
  return (await owner.call('GET', '/api/notices')).data[0].id
}
