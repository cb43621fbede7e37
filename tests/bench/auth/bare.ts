import { DurableObject } from 'cloudflare:workers'
import { Hono } from 'hono'

type Bindings = { DB: D1Database; KV: KVNamespace; COUNTS: DurableObjectNamespace<Count> }

/** Counts in memory, or durably. */
export class Count extends DurableObject {
  #count = 0

  add(): number {
    return ++this.#count
  }

  store(): number {
    this.#count++
    void this.ctx.storage.put('count', this.#count)
    return this.#count
  }
}

// What a request costs that does one thing, so that what authentication adds can be held against its parts.
const app = new Hono<{ Bindings: Bindings }>()
const token = 'x'.repeat(50)
const LINE = { requestId: 'x'.repeat(26), method: 'GET', route: '/bare', path: '/bare', status: 200, ms: 0 }
const BODY = JSON.stringify({ success: true, data: 'x'.repeat(500) })
const COMMON = new Headers({ 'content-type': 'application/json' })
for (let index = 0; index < 6; index++) COMMON.set(`x-common-${index}`, 'as long as they are on average')

app.get('/bare', (c) => c.json({ success: true }))
app.get('/headers', () => answerLikeOurs())
app.get('/logged', (c) => {
  console.info(JSON.stringify({ level: 'info', time: new Date().toISOString(), message: 'request', ...LINE }))
  return c.json({ success: true })
})
app.get('/sha256', async (c) => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  return c.json({ success: digest.byteLength === 32 })
})
app.get('/kv', async (c) => c.json({ success: (await c.env.KV.get('nothing')) === null }))
app.get('/d1', async (c) => c.json({ success: (await c.env.DB.prepare('select 1 as one').first('one')) === 1 }))
app.get('/object', async (c) => c.json({ success: (await countsOf(c.env).add()) > 0 }))
app.get('/object-stored', async (c) => c.json({ success: (await countsOf(c.env).store()) > 0 }))

/** An answer with as many headers as ours has, and as large. */
function answerLikeOurs(): Response {
  const response = new Response(BODY, { headers: COMMON })
  for (let index = 0; index < 7; index++) response.headers.set(`x-own-${index}`, 'as long as they are on average')
  return response
}

function countsOf({ COUNTS }: Bindings): DurableObjectStub<Count> {
  return COUNTS.get(COUNTS.idFromName('one'))
}

export default app
