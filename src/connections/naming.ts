import { and, eq, like } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { slugify } from '../lib/words.ts'
import { checkUrl } from '../platform/outbound.ts'
import { connections } from './tables.ts'

/** What names a connection: as the caller says, else from its document. */
export type Naming = { name: string; slug: string; baseUrl: string }

/**
 * Completes what the caller left open with what the document says.
 * @throws AppError VALIDATION_FAILED when neither names a server, ADDRESS_REFUSED, CONFLICT when the slug is taken.
 */
export async function nameConnection(
  ctx: Ctx,
  given: { name?: string | undefined; slug?: string | undefined; baseUrl?: string | undefined },
  document: { title: string; baseUrl: string | null },
  except = '',
): Promise<Naming> {
  const baseUrl = chooseBaseUrl(ctx, given.baseUrl, document.baseUrl)
  const name = given.name ?? (document.title.trim().slice(0, 100) || new URL(baseUrl).host)
  return { name, slug: await freeSlug(ctx, given.slug, slugify(name, 'api'), except), baseUrl }
}

/** The problem of a slug that another API of the workspace has. */
export function slugTaken(slug: string): AppError {
  return new AppError('CONFLICT', `Another API of this workspace has the slug "${slug}".`, {
    errors: [{ path: '/slug', code: 'taken', message: 'is taken' }],
  })
}

/** Of two that took the same free slug at once, the index lets one through. @throws AppError CONFLICT for the other. */
export async function orSlugTaken<T>(slug: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    if (/UNIQUE constraint failed: connections/.test(`${String(error)} ${String(cause)}`)) throw slugTaken(slug)
    throw error
  }
}

function chooseBaseUrl(ctx: Ctx, given: string | undefined, declared: string | null): string {
  const url = given ?? declared
  if (url === null)
    throw new AppError('VALIDATION_FAILED', 'The specification names no server; say where the API is in baseUrl.', {
      errors: [{ path: '/baseUrl', code: 'required', message: 'the specification names no absolute server URL' }],
    })
  return checkUrl(url, ctx.config.allowPrivateUpstreams).href.replace(/\/+$/, '')
}

/** The slug that was asked for, or one like the suggested that is free. @throws AppError CONFLICT when it is taken. */
export async function freeSlug(ctx: Ctx, asked: string | undefined, suggested: string, except = ''): Promise<string> {
  const rows = await ctx.db
    .select({ id: connections.id, slug: connections.slug })
    .from(connections)
    .where(and(eq(connections.workspaceId, ctx.actor.workspaceId), like(connections.slug, `${asked ?? suggested}%`)))
  const taken = new Set(rows.filter((row) => row.id !== except).map((row) => row.slug))
  if (asked === undefined) {
    if (!taken.has(suggested)) return suggested
    for (let n = 2; ; n++) if (!taken.has(`${suggested}-${n}`)) return `${suggested}-${n}`
  }
  if (taken.has(asked)) throw slugTaken(asked)
  return asked
}
