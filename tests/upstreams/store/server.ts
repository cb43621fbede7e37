import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createApp } from './app.ts'
import { FaultSwitches } from './faults.ts'
import type { LedgerEntry } from './ledger.ts'
import { createStore } from './state.ts'
import type { Store } from './state.ts'

/** How to start a store. Without a port it takes any free one. */
export interface StoreOptions {
  port?: number
  apiKey?: string
  host?: string
}

/** A store that is listening. */
export interface RunningStore {
  url: string
  port: number
  apiKey: string
  state: Store
  ledger: LedgerEntry[]
  faults: FaultSwitches
  close: () => Promise<void>
}

/** The key of a store started without one. */
export const defaultApiKey = 'sample-store-key'

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function baseUrl(host: string, port: number): string {
  // A wildcard address can be listened on but not connected to.
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`
  return host.includes(':') ? `http://[${host}]:${port}` : `http://${host}:${port}`
}

/** Starts a store with a fresh copy of the seed. */
export async function startStore(options: StoreOptions = {}): Promise<RunningStore> {
  const { apiKey = defaultApiKey, host = '127.0.0.1' } = options
  const state = createStore()
  const ledger: LedgerEntry[] = []
  const faults = new FaultSwitches()
  let url = ''
  const app = createApp({ state, ledger, faults, apiKey, url: () => url })
  // The app's own Request and Response would otherwise replace those of the whole process, test runner included.
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }))
  const port = await listen(server, options.port ?? 0, host)
  url = baseUrl(host, port)
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, port, apiKey, state, ledger, faults, close }
}
