import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bundleWorker, startIsolate, type Isolate } from '../src/cli/isolate.ts'
import { createWorld, systemCtx } from '../src/context.ts'
import { tendEmbeddings } from '../src/embeddings/sync.ts'
import { issueKey } from '../src/keys/service.ts'
import { newId } from '../src/lib/ids.ts'
import { byWords, startEmbedder, type FakeEmbedder } from './upstreams/embedder.ts'

// Workers AI and Vectorize are a server of ours: it proves that what is sent, kept and asked is right and that every
// failure is survived. How well a model understands nothing here can tell.

let embedder: FakeEmbedder
/** The Worker, and beside it the same one on the same database without `AI` and `VECTORIZE`. */
let isolate: Isolate

beforeAll(async () => {
  embedder = await startEmbedder(byWords([['gaffers', 'supervisors']]))
  // Long enough that only what never answers is late.
  const vars = { EMBEDDING_TIMEOUT_MS: '2000' }
  isolate = await startIsolate({ bundle: await bundleWorker(), embedderUrl: embedder.url, twin: {}, vars })
})

afterAll(async () => {
  await isolate.close()
  await embedder.close()
})

afterEach(() => {
  embedder.mode = 'ok'
})

const world = () => createWorld(isolate.env, newId('req'), () => {})

/** A workspace of its own, asked with (`bound`) and without (`unbound`) an embedder. */
async function newTenant() {
  const ctx = systemCtx(world(), newId('wsp'), newId('usr'))
  const scopes = ['read' as const, 'write' as const, 'execute' as const]
  const { token } = await issueKey(ctx, { name: 'test', scopes, requestsPerMinute: 100_000 })
  const call = async (method: string, path: string, body?: unknown, url = isolate.url) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-api-key': token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    // oxlint-disable-next-line typescript/no-explicit-any
    return { status: response.status, data: ((await response.json()) as any).data }
  }
  const { workspaceId } = ctx.actor
  const plan = async (message: string, url?: string) => {
    const { status, data } = await call('POST', '/api/chat', { message }, url)
    expect(status).toBe(201)
    return data
  }
  return {
    workspaceId,
    call,
    connect: async (paths: object) => (await call('POST', '/api/apis', { spec: documentOf(paths) })).data.id as string,
    bound: (message: string) => plan(message),
    unbound: (message: string) => plan(message, isolate.twinUrl),
    /** Resolves once the index holds so many operations of the workspace. */
    indexed: (count: number) => embedder.until((entries) => entries.filter(isMine).length === count),
    entries: () => [...embedder.entries.values()].filter(isMine),
  }

  function isMine({ namespace }: { namespace: string }) {
    return namespace === workspaceId
  }
}

const documentOf = (paths: object) => ({
  openapi: '3.1.0',
  info: { title: 'Works', version: '1' },
  servers: [{ url: 'https://works.example.com' }],
  paths,
})

const get = (summary: string) => ({ get: { summary, responses: { 200: { description: 'ok' } } } })

const SUPERVISORS = { '/supervisors': get('All supervisors') }
/** More operations than are all looked at, whatever they say. */
const SHELVES = Object.fromEntries(
  Array.from({ length: 320 }, (_, at) => [`/shelves/${at}`, get(`Shelf number ${at}`)]),
)

const considered = (plan: { considered: { operation: string }[] }) => plan.considered.map(({ operation }) => operation)

/** What a plan says, without what is another for every plan. */
function said(plan: object) {
  return { ...plan, id: null, chatId: null, createdAt: null }
}

describe('with an embedder', () => {
  it('an operation is found by what it means, where it shares no word with the message', async () => {
    const tenant = await newTenant()
    await tenant.connect({ ...SUPERVISORS, ...SHELVES })
    await tenant.indexed(321)
    expect(considered(await tenant.unbound('Show me the gaffers'))).not.toContain('GET /supervisors')
    expect(considered(await tenant.bound('Show me the gaffers'))[0]).toBe('GET /supervisors')
  })

  it('the same message gives the same plan, and its clauses are embedded in one call', async () => {
    const tenant = await newTenant()
    await tenant.connect({ ...SUPERVISORS, '/visits': get('All visits') })
    await tenant.indexed(2)
    embedder.calls.length = 0
    const first = await tenant.bound('Show me the gaffers and then list all visits')
    expect(embedder.calls).toHaveLength(1)
    expect(embedder.calls[0]?.length).toBe(2)
    expect(said(await tenant.bound('Show me the gaffers and then list all visits'))).toEqual(said(first))
  })

  it('nobody is shown an operation of another workspace, even where the index tells of one', async () => {
    const [mine, theirs] = [await newTenant(), await newTenant()]
    await theirs.connect(SUPERVISORS)
    await theirs.indexed(1)
    await mine.connect(SHELVES)
    await mine.indexed(320)
    expect(considered(await mine.bound('Show me the gaffers'))).not.toContain('GET /supervisors')
    const [entry] = theirs.entries()
    if (!entry) throw new Error('nothing is indexed')
    embedder.put({ ...entry, namespace: mine.workspaceId })
    expect(considered(await mine.bound('Show me the gaffers'))).not.toContain('GET /supervisors')
  })
})

describe('a plan is the one of a deployment without an embedder', () => {
  it.each(['failing', 'hanging', 'lying'] as const)('while the services are %s', async (mode) => {
    const tenant = await newTenant()
    await tenant.connect({ '/visits': get('All visits'), '/repairs': get('Repairs under way'), ...SUPERVISORS })
    await tenant.indexed(3)
    const gaffers = 'Show me the gaffers'
    expect(said(await tenant.bound(gaffers))).not.toEqual(said(await tenant.unbound(gaffers)))
    embedder.mode = mode
    for (const message of ['List all visits', gaffers])
      expect(said(await tenant.bound(message))).toEqual(said(await tenant.unbound(message)))
  })

  it('while they fail, which they do once, however many readings a message has', async () => {
    const tenant = await newTenant()
    await tenant.connect({ '/visits': get('All visits'), ...SUPERVISORS })
    await tenant.indexed(2)
    embedder.mode = 'lying'
    embedder.calls.length = 0
    await tenant.bound('how many visits does each supervisor have')
    expect(embedder.calls).toHaveLength(1)
  })
})

describe('the index', () => {
  it('holds what is connected, and no longer what was disconnected', async () => {
    const tenant = await newTenant()
    const id = await tenant.connect({ ...SUPERVISORS, '/visits': get('All visits') })
    await tenant.indexed(2)
    expect((await tenant.call('DELETE', `/api/apis/${id}`)).status).toBe(200)
    await tenant.indexed(0)
    expect(tenant.entries()).toEqual([])
  })

  it('holds no operation of an API that is put to rest, and holds it again afterwards', async () => {
    const tenant = await newTenant()
    const id = await tenant.connect(SUPERVISORS)
    await tenant.indexed(1)
    const before = tenant.entries()
    await tenant.call('PATCH', `/api/apis/${id}`, { status: 'INACTIVE' })
    await tenant.indexed(0)
    await tenant.call('PATCH', `/api/apis/${id}`, { status: 'ACTIVE' })
    await tenant.indexed(1)
    expect(tenant.entries()).toEqual(before)
  })

  it('follows a new version of a document, of which only what changed is embedded', async () => {
    const tenant = await newTenant()
    const id = await tenant.connect({ ...SUPERVISORS, '/visits': get('All visits'), '/doors': get('All doors') })
    await tenant.indexed(3)
    embedder.calls.length = 0
    const spec = documentOf({ ...SUPERVISORS, '/doors': get('All doors and gates'), '/gates': get('All gates') })
    expect((await tenant.call('POST', `/api/apis/${id}/refresh`, { spec })).status).toBe(200)
    await embedder.until(() => embedder.calls.length > 0 && tenant.entries().length === 3)
    expect(embedder.calls.flat().toSorted()).toEqual(['All doors and gates. doors', 'All gates. gates'])
  })

  it('follows operations that are written by hand', async () => {
    const tenant = await newTenant()
    const id = await tenant.connect(SUPERVISORS)
    await tenant.indexed(1)
    const written = { method: 'GET', path: '/ladders', summary: 'All ladders' }
    const { data } = await tenant.call('POST', `/api/apis/${id}/endpoints`, written)
    await tenant.indexed(2)
    expect(tenant.entries().map((entry) => entry.id)).toContain(data.id)
    await tenant.call('DELETE', `/api/apis/${id}/endpoints/${data.id}`)
    await tenant.indexed(1)
    expect(tenant.entries().map((entry) => entry.id)).not.toContain(data.id)
  })

  it('takes a large document in calls of 100 texts', async () => {
    const tenant = await newTenant()
    embedder.calls.length = 0
    await tenant.connect(SHELVES)
    await tenant.indexed(320)
    expect(embedder.calls.map((texts) => texts.length)).toEqual([100, 100, 100, 20])
  })

  it('is brought in step at night where it was missed', async () => {
    const tenant = await newTenant()
    const id = await tenant.connect(SUPERVISORS)
    await tenant.indexed(1)
    const [before] = tenant.entries()
    // Connected and disconnected where there is no embedder: nothing tells the index of it.
    const added = { spec: documentOf({ '/visits': get('All visits') }) }
    await tenant.call('POST', '/api/apis', added, isolate.twinUrl)
    await tenant.call('DELETE', `/api/apis/${id}`, undefined, isolate.twinUrl)
    await tendEmbeddings(world())
    const ids = () => tenant.entries().map((entry) => entry.id)
    await embedder.until(() => ids().length === 1 && ids()[0] !== before?.id)
    expect(embedder.calls.at(-1)).toEqual(['All visits. visits'])
  })
})
