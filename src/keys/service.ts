import { sha256 } from '../lib/hash.ts'
import { auditRow } from '../audit/audit.ts'
import { requireScope, type Ctx, type Scope } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { apiKeys } from './tables.ts'
import { generateToken } from './token.ts'

/** A key just made; `token` is shown this once and kept nowhere. */
export type IssuedKey = { id: string; token: string }

/** Makes an API key for the actor's workspace. `token` is for the development seed, which brings its own. */
export async function issueKey(
  ctx: Ctx,
  input: { name: string; scopes: Scope[]; requestsPerMinute: number; token?: string },
): Promise<IssuedKey> {
  requireScope(ctx, 'admin')
  const token = input.token ?? (await generateToken(ctx.config.environment))
  const id = newId('key', ctx.now())
  await ctx.db.batch([
    ctx.db
      .insert(apiKeys)
      .values({
        id,
        workspaceId: ctx.actor.workspaceId,
        userId: ctx.actor.userId,
        name: input.name,
        hash: await sha256(token),
        prefix: token.slice(0, token.lastIndexOf('_') + 5),
        lastFour: token.slice(-4),
        scopes: input.scopes,
        requestsPerMinute: input.requestsPerMinute,
        createdAt: new Date(ctx.now()).toISOString(),
      })
      .onConflictDoNothing(),
    auditRow(ctx, 'key.create', id, { name: input.name, scopes: input.scopes }),
  ])
  return { id, token }
}
