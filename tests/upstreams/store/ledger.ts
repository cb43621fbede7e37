import type { MiddlewareHandler } from 'hono'
import type { StoreEnv } from './replies.ts'

/** A request that changed something, as it arrived. */
export interface LedgerEntry {
  at: string
  method: string
  path: string
  idempotencyKey: string | null
  requestId: string | null
  status: number
  body: unknown
}

function parsed(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    // Operations without a body accept anything there and ignore it.
    return text
  }
}

/** Writes down every request that changed something; a replayed answer never gets this far. */
export function recordChanges(ledger: LedgerEntry[]): MiddlewareHandler<StoreEnv> {
  return async (c, next) => {
    await next()
    if (c.req.method === 'GET' || c.req.method === 'HEAD' || !c.res.ok) return
    ledger.push({
      at: new Date().toISOString(),
      method: c.req.method,
      path: c.req.path,
      idempotencyKey: c.req.header('Idempotency-Key') ?? null,
      requestId: c.req.header('X-Request-Id') ?? null,
      status: c.res.status,
      body: parsed(await c.req.text()),
    })
  }
}
