import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import { idAt } from '../lib/ids.ts'
import { errorFields } from '../platform/log.ts'
import { auditValues } from './audit.ts'
import { auditLog } from './tables.ts'

const MINUTE_MS = 60_000
const MAX_NOTED = 2000
// As much as a filter of the audit log takes.
const MAX_RESOURCE = 500

const noted = new Set<string>()

/**
 * Writes down, after the answer, that somebody known was refused, but not what failed: `resource` is what they wanted. Of one actor and one
 * reason it is one row a minute, so that nobody fills the table by being refused; its id follows from them, so that all
 * isolates together write it once.
 */
export function recordRefusal(ctx: Ctx, error: unknown, resource: string): void {
  if (!(error instanceof AppError) || error.status >= 500) return
  const minute = Math.floor(ctx.now() / MINUTE_MS)
  const name = `${ctx.actor.workspaceId}/${ctx.actor.id}/${error.code}/${minute}`
  if (noted.has(name)) return
  if (noted.size >= MAX_NOTED) noted.clear()
  noted.add(name)
  const written = write(ctx, error, resource.slice(0, MAX_RESOURCE), name, minute * MINUTE_MS)
  ctx.defer(
    written.catch((failure: unknown) => {
      noted.delete(name)
      ctx.log.error('refusal not written down', errorFields(failure))
    }),
  )
}

async function write(ctx: Ctx, { code, message }: AppError, resource: string, name: string, at: number): Promise<void> {
  const entry = { action: 'request.refuse', resource, details: { code, detail: message }, outcome: 'denied' } as const
  const id = idAt('aud', await sha256(name), at)
  await ctx.db
    .insert(auditLog)
    .values({ ...auditValues(ctx, entry), id })
    .onConflictDoNothing()
}
