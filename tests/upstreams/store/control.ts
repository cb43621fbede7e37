import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { faultSwitchShape } from './faults.ts'
import type { FaultSwitches } from './faults.ts'
import type { LedgerEntry } from './ledger.ts'
import { json, jsonBody } from './replies.ts'
import type { StoreEnv } from './replies.ts'

const stateShape = z.object({ active: faultSwitchShape.nullable(), hits: z.int() })

// Not hidden behind the key and not in the document: tests steer the store with these, users never see them.
const setFaults = createRoute({
  method: 'put',
  path: '/__faults',
  hide: true,
  request: { body: jsonBody(faultSwitchShape, 'The new switch.') },
  responses: { 200: json(stateShape, 'The switch as set.') },
})

/** The routes for steering and watching the store from a test. */
export function controlRoutes(faults: FaultSwitches, ledger: LedgerEntry[]) {
  const app = new OpenAPIHono<StoreEnv>()
  const report = () => ({ active: faults.active === null ? null : { ...faults.active }, hits: faults.hits })

  app.openapi(setFaults, (c) => {
    faults.set(c.req.valid('json'))
    return c.json(report(), 200)
  })
  app.get('/__faults', (c) => c.json(report()))
  app.delete('/__faults', (c) => {
    faults.clear()
    return c.body(null, 204)
  })
  app.get('/__ledger', (c) => c.json({ items: ledger, nextCursor: null, total: ledger.length }))
  return app
}
