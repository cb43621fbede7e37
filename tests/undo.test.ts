import { describe, expect, it, vi } from 'vitest'
import { issueKey } from '../src/keys/service.ts'
import { newId } from '../src/lib/ids.ts'
import { WorkflowRun } from '../src/runs/workflow-run.ts'
import { keyFor, ledgerOf, newTenant, tenantWithStore, type Reply, type Tenant } from './helpers.ts'
import { tenantWithTold } from './office.ts'

type Connected = Awaited<ReturnType<typeof tenantWithStore>>

const add = (id: string, name: string) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'POST /customers',
  body: { name, email: `${name.toLowerCase()}@example.com` },
})

/** Stores a workflow of these steps and runs it to its end. */
async function run(tenant: Tenant, steps: unknown[], input = {}): Promise<Reply['data']> {
  const made = await tenant.call('POST', '/api/workflows', { definition: { name: 'Do', steps } })
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  return (await tenant.call('POST', `/api/workflows/${made.data.id}/execute?wait=10`, { input })).data
}

const look = async (tenant: Tenant, id: string) => (await tenant.call('GET', `/api/executions/${id}/undo`)).data
const undo = (tenant: Tenant, id: string, headers?: Record<string, string>) =>
  tenant.call('POST', `/api/executions/${id}/undo?wait=10`, undefined, headers)
const get = async (tenant: Tenant, id: string) => (await tenant.call('GET', `/api/executions/${id}`)).data

async function customers({ store }: Connected, search = ''): Promise<string[]> {
  const url = `${store.url}/customers?limit=100&search=${search}`
  const reply = await fetch(url, { headers: { 'x-store-key': store.apiKey } })
  return ((await reply.json()) as { items: { name: string }[] }).items.map(({ name }) => name)
}

async function deleted({ store }: Connected): Promise<string[]> {
  return (await ledgerOf(store)).filter(({ method }) => method === 'DELETE').map(({ path }) => path)
}

function setFault({ store }: Connected, fault: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${store.url}/__faults`, { method: 'PUT', headers, body: JSON.stringify(fault) })
}

describe('undoing a run', () => {
  it('says what it would call, calls it, and both runs tell of each other', async () => {
    const tenant = await tenantWithStore()
    const done = await run(tenant, [add('ada', 'Xavier')])
    const { id } = done.steps[0].output.body
    const plan = await look(tenant, done.id)
    expect(plan).toEqual({
      executionId: done.id,
      undoneBy: null,
      calls: [
        {
          step: 'ada',
          name: null,
          api: 'store',
          undoes: 'POST /customers',
          operation: 'DELETE /customers/{customerId}',
          parameters: { customerId: id },
          request: { method: 'DELETE', url: `${tenant.store.url}/customers/${id}` },
          covers: [],
        },
      ],
      remaining: [],
      failures: [],
    })
    expect(await customers(tenant, 'Xavier')).toEqual(['Xavier'])
    const { status, data } = await undo(tenant, done.id)
    expect([status, data.status, data.undoes, data.name]).toEqual([202, 'succeeded', done.id, 'Undo: Do'])
    expect(data.output).toEqual([{ step: 'ada', status: 204 }])
    expect(await customers(tenant, 'Xavier')).toEqual([])
    expect((await get(tenant, done.id)).undoneBy).toEqual({ id: data.id, status: 'succeeded' })
  })

  it('takes back the last first, of loops every item, and of a step what did something', async () => {
    const tenant = await tenantWithStore()
    const each = {
      id: 'each',
      type: 'loop',
      items: ['Yann', 'Zoe'],
      as: 'name',
      steps: [{ ...add('one', 'x'), body: { name: '{{ name }}', email: '{{ name & "@example.com" }}' } }],
    }
    const done = await run(tenant, [add('first', 'Xavier'), { ...add('never', 'Wim'), when: false }, each])
    const { calls } = await look(tenant, done.id)
    expect(calls.map(({ step }: { step: string }) => step)).toEqual(['each[1].one', 'each[0].one', 'first'])
    const { data } = await undo(tenant, done.id)
    expect(data.status).toBe('succeeded')
    const paths = calls.map(({ request }: { request: { url: string } }) => new URL(request.url).pathname)
    expect((await deleted(tenant)).map((path) => path.split('/').at(-1))).toEqual(
      paths.map((path: string) => path.split('/').at(-1)),
    )
  })

  it('says of each step that stays why, but for what goes with the thing', async () => {
    const tenant = await tenantWithStore()
    const change = (id: string, customerId: string) => ({
      id,
      type: 'api_call',
      api: 'store',
      operation: 'PATCH /customers/{customerId}',
      parameters: { customerId },
      body: { city: 'Oslo' },
    })
    const done = await run(tenant, [
      add('ada', 'Xavier'),
      change('own', '{{ steps.ada.body.id }}'),
      change('other', 'cus_1001'),
      {
        id: 'gone',
        type: 'api_call',
        api: 'store',
        operation: 'DELETE /customers/{customerId}',
        parameters: { customerId: 'cus_1012' },
      },
      { id: 'read', type: 'api_call', api: 'store', operation: 'GET /customers' },
    ])
    const { calls, remaining } = await look(tenant, done.id)
    expect(calls).toMatchObject([{ step: 'ada', covers: ['own'] }])
    expect(remaining).toMatchObject([
      { step: 'gone', effect: 'delete', reason: expect.stringContaining('cannot be brought back') },
      { step: 'other', effect: 'update', reason: expect.stringContaining('is not known') },
    ])
  })

  it('is refused where there is nothing to take back', async () => {
    const tenant = await tenantWithStore()
    const done = await run(tenant, [{ id: 'read', type: 'api_call', api: 'store', operation: 'GET /customers' }])
    expect(await look(tenant, done.id)).toMatchObject({ calls: [], remaining: [] })
    const refused = await undo(tenant, done.id)
    expect([refused.status, refused.body.code]).toEqual([409, 'NOTHING_TO_UNDO'])
  })

  it('happens once, whoever asks again and at the same time', async () => {
    const tenant = await tenantWithStore()
    const done = await run(tenant, [add('ada', 'Xavier')])
    const replies = await Promise.all([undo(tenant, done.id), undo(tenant, done.id)])
    const again = await undo(tenant, done.id)
    const all = [...replies, again].map(({ status, data }) => `${status} ${data.id} ${data.status}`)
    expect(new Set(all)).toEqual(new Set([`202 ${again.data.id} succeeded`]))
    expect(await deleted(tenant)).toHaveLength(1)
    const anew = await tenant.call('POST', `/api/executions/${again.data.id}/rerun`, {})
    expect([anew.status, anew.body.code]).toEqual([409, 'CONFLICT'])
    const undos = (await tenant.call('GET', '/api/executions')).data.filter(({ undoes }: { undoes: string }) => undoes)
    expect(undos).toMatchObject([{ id: again.data.id, undoes: done.id }])
    const rows = (await tenant.call('GET', `/api/logs?action=run.undo`)).data
    expect(rows).toMatchObject([{ resource: done.id, details: { undoneBy: again.data.id } }])
  })

  it('begins when it is asked for again, where the Worker died before its object knew of it', async () => {
    const tenant = await tenantWithStore()
    const done = await run(tenant, [add('ada', 'Xavier')])
    const dying = vi.spyOn(WorkflowRun.prototype, 'start').mockRejectedValueOnce(new Error('the Worker died'))
    expect((await undo(tenant, done.id)).status).toBe(500)
    dying.mockRestore()
    expect((await get(tenant, done.id)).undoneBy.status).toBe('running')
    const { data } = await undo(tenant, done.id)
    expect([data.status, (await get(tenant, done.id)).undoneBy.id]).toEqual(['succeeded', data.id])
    expect(await deleted(tenant)).toHaveLength(1)
  })

  it('takes what is gone already for undone', async () => {
    const tenant = await tenantWithStore()
    const done = await run(tenant, [add('ada', 'Xavier')])
    const { url } = (await look(tenant, done.id)).calls[0].request
    await fetch(url, { method: 'DELETE', headers: { 'x-store-key': tenant.store.apiKey } })
    expect((await undo(tenant, done.id)).data).toMatchObject({ status: 'succeeded', output: [{ status: 404 }] })
  })

  it('waits for the end of the run', async () => {
    const tenant = await tenantWithStore()
    const definition = { name: 'Do', steps: [add('ada', 'Xavier'), { id: 'ask', type: 'approval', message: 'Go on?' }] }
    const { data: workflow } = await tenant.call('POST', '/api/workflows', { definition })
    const { data: open } = await tenant.call('POST', `/api/workflows/${workflow.id}/execute`, {})
    for (const method of ['GET', 'POST']) {
      const reply = await tenant.call(method, `/api/executions/${open.id}/undo`)
      expect([reply.status, reply.body.code]).toEqual([409, 'CONFLICT'])
    }
    await expect.poll(async () => (await get(tenant, open.id)).steps[1].status).toBe('asking')
    await tenant.call('POST', `/api/executions/${open.id}/cancel`)
    expect((await undo(tenant, open.id)).data.status).toBe('succeeded')
    expect(await customers(tenant, 'Xavier')).toEqual([])
  })

  it('keeps a run that failed from going on, and can itself be taken up for what is left', async () => {
    const tenant = await tenantWithStore()
    const fail = { id: 'fail', type: 'transform', value: '{{ $error("no") }}' }
    const done = await run(tenant, [add('ada', 'Xavier'), add('eve', 'Yann'), { ...fail, dependsOn: ['ada', 'eve'] }])
    expect(done.status).toBe('failed')
    await setFault(tenant, { status: 400, times: 1 })
    const { data } = await undo(tenant, done.id)
    expect([data.status, (await deleted(tenant)).length]).toEqual(['failed', 1])
    const resumed = await tenant.call('POST', `/api/executions/${done.id}/resume`, {})
    expect([resumed.status, resumed.body.code, resumed.body.executionId]).toEqual([409, 'CONFLICT', data.id])
    expect((await get(tenant, done.id)).status).toBe('failed')
    await tenant.call('POST', `/api/executions/${data.id}/resume`, {})
    await expect.poll(async () => (await get(tenant, data.id)).status).toBe('succeeded')
    expect(await deleted(tenant)).toHaveLength(2)
  })

  it('goes on beyond what the API refuses, says what it could not take back and why, and tries that again', async () => {
    const tenant = await tenantWithTold('Board', board, {
      'PUT /stars/a': { status: 201 },
      'PUT /stars/b': { status: 201 },
      'PUT /stars/c': { status: 201 },
      'DELETE /stars/b': { status: 409, body: { detail: 'somebody else counts on it' } },
    })
    const put = (star: string) => {
      return { id: star, type: 'api_call', api: 'board', operation: 'PUT /stars/{board}', parameters: { board: star } }
    }
    const done = await run(tenant, [put('a'), put('b'), put('c')])
    const { data } = await undo(tenant, done.id)
    expect((await tenant.changes()).slice(3)).toEqual(['DELETE /stars/c', 'DELETE /stars/b', 'DELETE /stars/a'])
    const reason = 'the API answered 409: somebody else counts on it'
    expect(data).toMatchObject({
      status: 'failed',
      error: { step: 'undo', message: `1 of 3 failed, the first undo[1].delete_1: ${reason}` },
    })
    const seen = await look(tenant, done.id)
    expect(seen).toMatchObject({ undoneBy: { id: data.id, status: 'failed' } })
    expect(seen.failures).toEqual([
      { step: 'b', operation: 'DELETE /stars/{board}', status: 409, code: 'UPSTREAM_STATUS', reason },
    ])
    // Who asks again gets the undo there is; what is left is tried again when that one is resumed, and nothing else is.
    expect((await undo(tenant, done.id)).data.id).toBe(data.id)
    await tenant.call('POST', `/api/executions/${data.id}/resume`, {})
    await expect.poll(async () => (await tenant.changes()).slice(6)).toEqual(['DELETE /stars/b'])
    await expect.poll(async () => (await get(tenant, data.id)).status).toBe('failed')
    expect((await look(tenant, done.id)).failures).toMatchObject([{ step: 'b', status: 409 }])
  })

  it('tells of calls that nobody knows the end of', async () => {
    const tenant = await tenantWithStore()
    await setFault(tenant, { reset: true, after: true, times: 1 })
    const lost = { ...add('ada', 'Xavier'), retry: { maxAttempts: 1 } }
    const done = await run(tenant, [lost])
    expect(await look(tenant, done.id)).toMatchObject({
      calls: [],
      remaining: [{ step: 'ada', effect: 'create', reason: expect.stringContaining('no answer says what it did') }],
    })
  })

  it('needs the second person that the policy of the API wants, and may be begun anew when cancelled', async () => {
    const tenant = await tenantWithStore()
    await tenant.call('PATCH', `/api/apis/${tenant.apiId}`, { policy: { delete: 'second_person' } })
    const other = { ...tenant.ctx, actor: { ...tenant.ctx.actor, userId: newId('usr') } }
    const { token } = await issueKey(other, { name: 'second', scopes: ['read', 'execute'], requestsPerMinute: 1000 })
    const done = await run(tenant, [add('ada', 'Xavier'), add('eve', 'Yann')])
    const begin = async () => {
      const { data } = await tenant.call('POST', `/api/executions/${done.id}/undo`)
      await expect.poll(async () => (await get(tenant, data.id)).steps[0].status).toBe('asking')
      return data.id as string
    }
    const first = await begin()
    await tenant.call('POST', `/api/executions/${first}/cancel`)
    const second = await begin()
    expect(second).not.toBe(first)
    const approve = (headers?: Record<string, string>) =>
      tenant.call('POST', `/api/executions/${second}/decide`, { step: 'approve_undo', verdict: 'approve' }, headers)
    expect((await approve()).body.code).toBe('SECOND_PERSON_REQUIRED')
    expect(await deleted(tenant)).toEqual([])
    expect((await approve({ 'x-api-key': token })).status).toBe(200)
    await expect.poll(async () => (await get(tenant, second)).status).toBe('succeeded')
    expect((await get(tenant, done.id)).undoneBy).toEqual({ id: second, status: 'succeeded' })
  })

  it('may be looked at by who reads, and is of its workspace alone', async () => {
    const tenant = await tenantWithStore()
    const done = await run(tenant, [add('ada', 'Xavier')])
    const reader = { 'x-api-key': await keyFor(tenant, ['read']) }
    const seen = await tenant.call('GET', `/api/executions/${done.id}/undo`, undefined, reader)
    expect([seen.status, seen.data.calls.length]).toEqual([200, 1])
    expect((await undo(tenant, done.id, reader)).status).toBe(403)
    const stranger = await newTenant()
    for (const method of ['GET', 'POST'])
      expect((await stranger.call(method, `/api/executions/${done.id}/undo`)).status).toBe(404)
    expect(await deleted(tenant)).toEqual([])
  })
})

describe('before it is confirmed', () => {
  it('a plan says of each step with an effect what would take it back', async () => {
    const tenant = await tenantWithStore()
    const asked = async (message: string) => (await tenant.call('POST', '/api/chat', { message })).data.steps
    const created = await asked('Add a customer called Xavier with the email xavier@example.com')
    expect(created).toMatchObject([
      { operation: 'POST /customers', undo: { operation: 'DELETE /customers/{customerId}', note: null } },
    ])
    const removed = await asked('Delete customer cus_1012')
    expect(removed.at(-1).undo).toEqual({ operation: null, note: 'What it deletes cannot be brought back.' })
    expect((await asked('List customers'))[0].undo ?? null).toBeNull()
  })

  it('the check of a definition says it of each call in it', async () => {
    const tenant = await tenantWithStore()
    const each = { id: 'each', type: 'loop', items: [1], steps: [add('one', 'Xavier')] }
    const read = { id: 'read', type: 'api_call', api: 'store', operation: 'GET /customers' }
    const definition = { name: 'Do', steps: [read, each] }
    const { data } = await tenant.call('POST', '/api/workflows/validate', { definition })
    expect(data.effects).toEqual([
      {
        step: 'one',
        operation: 'POST /customers',
        effect: 'create',
        undo: { operation: 'DELETE /customers/{customerId}', note: null },
      },
    ])
  })
})

const answers = { 201: { description: 'Created' } }
const inPath = (...names: string[]) =>
  names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

/** An API of labels, answered with where they are, and of stars. */
const board = {
  '/boards/{board}/labels': { post: { operationId: 'addLabel', parameters: inPath('board'), responses: answers } },
  '/boards/{boardId}/labels/{label}': {
    delete: { operationId: 'removeLabel', parameters: inPath('boardId', 'label'), responses: answers },
  },
  '/stars/{board}': {
    put: { operationId: 'star', parameters: inPath('board'), responses: answers },
    delete: { operationId: 'unstar', parameters: inPath('board'), responses: answers },
  },
}

describe('what a call created', () => {
  const label = '{{ $error("never") }}/a b'
  const call = (id: string, operation: string, board: string) => {
    return { id, type: 'api_call', api: 'board', operation, parameters: { board } }
  }
  const at = (status: number, headers = {}) => ({ status, headers })

  it('is found by its Location, and by 201 where it was put; nothing in an id is carried out', async () => {
    const tenant = await tenantWithTold('Board', board, {
      'POST /boards/b%2F1/labels': at(201, { location: `labels/${encodeURIComponent(label)}` }),
      'PUT /stars/new': at(201),
      'PUT /stars/old': at(204),
    })
    const done = await run(tenant, [
      call('label', 'POST /boards/{board}/labels', 'b/1'),
      call('before', 'DELETE /stars/{board}', 'new'),
      call('new', 'PUT /stars/{board}', 'new'),
      call('old', 'PUT /stars/{board}', 'old'),
    ])
    expect(done.status).toBe('succeeded')
    const { calls, remaining } = await look(tenant, done.id)
    expect(calls).toMatchObject([
      { step: 'new', parameters: { board: 'new' } },
      { step: 'label', parameters: { boardId: 'b/1', label } },
    ])
    // What was deleted before it was put anew is not what goes away.
    expect(remaining).toMatchObject([
      { step: 'old', reason: expect.stringContaining('204') },
      { step: 'before', effect: 'delete' },
    ])
    expect((await undo(tenant, done.id)).data.status).toBe('succeeded')
    expect((await tenant.changes()).slice(4)).toEqual([
      'DELETE /stars/new',
      `DELETE /boards/b%2F1/labels/${encodeURIComponent(label)}`,
    ])
  })
})
