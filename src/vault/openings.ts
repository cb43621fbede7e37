import { recordAudit } from '../audit/audit.ts'
import { systemCtx, type World } from '../context.ts'
import { errorFields } from '../platform/log.ts'

const EVERY_MS = 10 * 60_000
const MAX_KNOWN = 1000

const known = new Map<string, number>()

/**
 * Writes into the audit log that a secret was opened, at most once in ten minutes for each owner and isolate: a run may
 * open a credential a hundred times a second, and what each run called is in its own log. The row names the request
 * that was first. It is written after the answer, and its failure fails nothing.
 */
export function noteOpening(world: World, workspaceId: string, owner: string): void {
  const name = `${workspaceId}/${owner}`
  const now = world.now()
  const last = known.get(name)
  if (last !== undefined && now - last < EVERY_MS) return
  known.delete(name)
  known.set(name, now)
  for (const oldest of known.keys()) {
    if (known.size <= MAX_KNOWN) break
    known.delete(oldest)
  }
  const recorded = recordAudit(systemCtx(world, workspaceId, 'system'), 'credential.open', owner)
  world.defer(recorded.catch((error) => world.log.error('opening not recorded', { owner, ...errorFields(error) })))
}
