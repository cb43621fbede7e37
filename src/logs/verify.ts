import { and, asc, eq, gt, isNull, lte } from 'drizzle-orm'
import { countUnsealed, GENESIS, linkOf, loggedColumns, sealAudit, type LoggedRow } from '../audit/chain.ts'
import { auditChain, auditLog } from '../audit/tables.ts'
import { requireOversight, type Ctx } from '../context.ts'
import { writtenRuns } from '../runs/register/register.ts'
import type { Verification, VerifyQuery } from './schema.ts'

const PAGE = 1000
const PAGES = 20

type Broken = NonNullable<Verification['broken']>
type Link = { seq: number; hash: string; row: LoggedRow | null }

/**
 * Walks the chain of the workspace, oldest first, and names the first link that does not hold: its entry was changed, is
 * missing, or one was put among those that are linked. Whoever can write to the database could build a new chain over
 * changed entries; the heads that are logged at every sealing, and those that callers kept, tell then.
 */
export async function verifyLogs(ctx: Ctx, { cursor }: VerifyQuery): Promise<Verification> {
  requireOversight(ctx)
  await writtenRuns(ctx)
  await sealAudit(ctx)
  const from = Number(cursor ?? 0)
  let head = await headAt(ctx, from)
  let checked = 0
  let broken: Broken | null = null
  let links: Link[] = []
  for (let page = 0; page < PAGES && broken === null; page++) {
    links = await readLinks(ctx, head?.seq ?? 0)
    for (const link of links) {
      broken = breakOf(link, head?.hash ?? GENESIS)
      if (broken) break
      head = { seq: link.seq, hash: link.hash }
      checked++
    }
    if (links.length < PAGE) break
  }
  const inserted = await findInserted(ctx, from, broken?.seq ?? head?.seq ?? 0)
  broken = inserted ?? broken
  return {
    intact: broken === null,
    checked,
    broken,
    head,
    unsealed: await countUnsealed(ctx, ctx.actor.workspaceId),
    nextCursor: broken === null && links.length === PAGE && head ? String(head.seq) : null,
  }
}

function breakOf({ seq, hash, row }: Link, previous: string): Broken | null {
  if (!row) return { seq, id: null, reason: 'missing', detail: 'The entry of this link is not there any more.' }
  if (linkOf(previous, row) === hash) return null
  const detail = 'The entry, its link, or what stands before it is not what it was when it was linked.'
  return { seq, id: row.id, reason: 'changed', detail }
}

async function headAt({ db, actor }: Ctx, seq: number): Promise<Verification['head']> {
  const at = and(eq(auditChain.workspaceId, actor.workspaceId), eq(auditChain.seq, seq))
  const [link] = await db.select({ seq: auditChain.seq, hash: auditChain.hash }).from(auditChain).where(at)
  return link ?? null
}

async function readLinks({ db, actor }: Ctx, after: number): Promise<Link[]> {
  const { workspaceId } = actor
  const rows = await db
    .select({ link: auditChain, row: loggedColumns })
    .from(auditChain)
    .leftJoin(auditLog, and(eq(auditLog.seq, auditChain.seq), eq(auditLog.workspaceId, workspaceId)))
    .where(and(eq(auditChain.workspaceId, workspaceId), gt(auditChain.seq, after)))
    .orderBy(asc(auditChain.seq))
    .limit(PAGE)
  return rows.map(({ link: { seq, hash }, row }) => ({ seq, hash, row }))
}

/** An entry among those that are linked which has no link itself. */
async function findInserted({ db, actor }: Ctx, after: number, until: number): Promise<Broken | null> {
  const [row] = await db
    .select({ seq: auditLog.seq, id: auditLog.id })
    .from(auditLog)
    .leftJoin(auditChain, and(eq(auditChain.seq, auditLog.seq), eq(auditChain.workspaceId, actor.workspaceId)))
    .where(
      and(
        eq(auditLog.workspaceId, actor.workspaceId),
        after === 0 ? undefined : gt(auditLog.seq, after),
        lte(auditLog.seq, until),
        isNull(auditChain.seq),
      ),
    )
    .orderBy(asc(auditLog.seq))
    .limit(1)
  return row ? { ...row, reason: 'inserted', detail: 'The entry was put among others that were linked already.' } : null
}
