import { describe, expect, it } from 'vitest'
import { newId } from '../src/lib/ids.ts'
import { insertNotice } from '../src/notices/service.ts'
import { keyFor, newTenant, type Tenant } from './helpers.ts'

async function tell(tenant: Tenant, message: string, userId: string | null = tenant.ctx.actor.userId): Promise<void> {
  const { workspaceId } = tenant.ctx.actor
  await insertNotice(tenant.ctx, { workspaceId, userId, kind: 'needs_reconnect', resource: 'con_1', message })
}

const messages = (data: { message: string }[]) => data.map(({ message }) => message)

describe('notices', () => {
  it('come newest first, page by page, those for everybody among one’s own', async () => {
    const tenant = await newTenant()
    await tell(tenant, 'first')
    await tell(tenant, 'for everybody', null)
    await tell(tenant, 'for somebody else', newId('usr'))
    await tell(tenant, 'last')
    const all = (await tenant.call('GET', '/api/notices')).data
    expect(messages(all).toSorted()).toEqual(['first', 'for everybody', 'last'])
    const ids = all.map(({ id }: { id: string }) => id)
    expect(ids).toEqual(ids.toSorted().toReversed())
    const page = await tenant.call('GET', '/api/notices?limit=2')
    const rest = await tenant.call('GET', `/api/notices?limit=2&cursor=${page.body.meta.nextCursor}`)
    expect([...page.data, ...rest.data]).toEqual(all)
  })

  it('are read once, and stay', async () => {
    const tenant = await newTenant()
    await tell(tenant, 'read me')
    const [notice] = (await tenant.call('GET', '/api/notices')).data
    const read = await tenant.call('POST', `/api/notices/${notice.id}/read`)
    expect(read.data).toEqual({ id: notice.id, readAt: expect.any(String) })
    expect((await tenant.call('POST', `/api/notices/${notice.id}/read`)).data).toEqual(read.data)
    expect((await tenant.call('GET', '/api/notices')).data).toMatchObject([{ readAt: read.data.readAt }])
  })

  it('are nobody else’s', async () => {
    const [tenant, stranger] = [await newTenant(), await newTenant()]
    await tell(tenant, 'private', null)
    const [notice] = (await tenant.call('GET', '/api/notices')).data
    expect((await stranger.call('GET', '/api/notices')).data).toEqual([])
    expect((await stranger.call('POST', `/api/notices/${notice.id}/read`)).status).toBe(404)
    const headers = { 'x-api-key': await keyFor(tenant, ['read']) }
    expect((await tenant.call('POST', `/api/notices/${notice.id}/read`, undefined, headers)).status).toBe(403)
  })
})
