import { join } from 'node:path'
import { startGroup } from '../../../src/cli/process-group.ts'
import type { Trace } from './protocol.ts'

/** The API that everybody calls, in a process of its own. */
export type Upstream = {
  url: string
  /** When the call for this id came and was answered; null when none came. */
  traceOf: (id: string) => Promise<Trace | null>
  /** How many calls it has answered so far. */
  served: () => Promise<number>
  close: () => Promise<void>
}

/** Starts it on a free port of loopback. */
export async function startUpstream(): Promise<Upstream> {
  const group = startGroup([join(import.meta.dirname, 'upstream.ts')])
  const [, port] = await group.matched(/listening on (\d+)/)
  const url = `http://127.0.0.1:${port}`
  const ask = async (path: string) => (await fetch(`${url}${path}`)).json()
  return {
    url,
    traceOf: async (id) => (await ask(`/__trace/${id}`)) as Trace | null,
    served: async () => ((await ask('/__served')) as { served: number }).served,
    close: group.stop,
  }
}
