import type { World } from '../../context.ts'

const HOSTS = 8
/** So many runs a host has at a time: an object has six connections. */
export const MAX_RUNS = 4

/** How many runs of this isolate are in which host. */
const taken = new Map<string, number>()
let first: number | undefined

/** A place in a host. */
export type Place = {
  use: <Answer>(work: (host: ReturnType<Env['RUN_HOST']['get']>) => Promise<Answer>) => Promise<Answer>
}

/**
 * A place in a host of a workspace, as far as this isolate knows of them; null where all are taken. The same host is used as
 * long as it has room, so that it is there already; each isolate begins with another.
 */
export function takeHost({ env }: World, workspaceId: string): Place | null {
  first ??= Math.floor(Math.random() * HOSTS)
  for (let number = first; number < first + HOSTS; number++) {
    const name = `${workspaceId}/${number % HOSTS}`
    if ((taken.get(name) ?? 0) >= MAX_RUNS) continue
    return {
      use: async (work) => {
        count(name, 1)
        try {
          return await work(env.RUN_HOST.get(env.RUN_HOST.idFromName(name)))
        } finally {
          count(name, -1)
        }
      },
    }
  }
  return null
}

function count(name: string, by: 1 | -1): void {
  const runs = (taken.get(name) ?? 0) + by
  if (runs > 0) taken.set(name, runs)
  else taken.delete(name)
}
