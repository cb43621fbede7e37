import { and, eq, sql } from 'drizzle-orm'
import { recordAudit } from '../audit/audit.ts'
import type { NextVersion } from '../connections/documents/versions.ts'
import { getConnection, listVersions } from '../connections/service.ts'
import type { Ctx } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { insertNotice } from '../notices/service.ts'
import type { Change } from '../specs/diff.ts'
import { workflows, workflowVersions } from '../workflows/tables.ts'
import type { AffectedWorkflow, VersionWithAffected } from './schema.ts'
import { affectedWorkflows } from './tables.ts'

const MAX_MESSAGES = 5

/** Writes down which workflows use an operation that a new version of a document changed, and tells the workspace. */
export async function noteAffected(ctx: Ctx, connectionId: string, next: NextVersion): Promise<AffectedWorkflow[]> {
  if (next.changes.length === 0) return []
  const { slug, name } = await getConnection(ctx, connectionId)
  const users = await findUsers(ctx, slug)
  const changed = Map.groupBy(next.changes, ({ operation }) => operation)
  const affected = users.flatMap(({ workflowId, name, definition }) =>
    [...operationsOf(definition, slug)].flatMap((operation) => {
      const changes = changed.get(operation)
      return changes ? [{ workflowId, name, operation, ...sumUp(changes) }] : []
    }),
  )
  if (affected.length === 0) return []
  const { workspaceId } = ctx.actor
  const createdAt = new Date(ctx.now()).toISOString()
  const rows = affected.map(({ name: _name, ...row }) =>
    ctx.db.insert(affectedWorkflows).values({
      ...row,
      id: newId('afw', ctx.now()),
      workspaceId,
      connectionId,
      specVersionId: next.versionId,
      createdAt,
    }),
  )
  const broken = new Set(affected.filter((one) => one.breaking).map((one) => one.name))
  const message = `${name} changed in a way that may break: ${[...broken].slice(0, MAX_MESSAGES).join(', ')}.`
  const notice = { kind: 'api_changed' as const, resource: connectionId, message, workspaceId, userId: null }
  const [first, ...rest] = [...rows, ...(broken.size > 0 ? [insertNotice(ctx, notice)] : [])]
  if (first) await ctx.db.batch([first, ...rest])
  await recordAudit(ctx, 'workflow.affected', connectionId, { version: next.version, workflows: affected.length })
  return affected
}

/** The versions of a document with the workflows that each affected. */
export async function listVersionsWithAffected(ctx: Ctx, connectionId: string): Promise<VersionWithAffected[]> {
  const versions = await listVersions(ctx, connectionId)
  const { specVersionId, workflowId, operation, breaking, message } = affectedWorkflows
  const rows = await ctx.db
    .select({ specVersionId, workflowId, name: workflows.name, operation, breaking, message })
    .from(affectedWorkflows)
    .innerJoin(workflows, eq(workflows.id, workflowId))
    .where(
      and(eq(affectedWorkflows.workspaceId, ctx.actor.workspaceId), eq(affectedWorkflows.connectionId, connectionId)),
    )
  return versions.map(({ id, ...version }) => ({
    ...version,
    affectedWorkflows: rows.filter((row) => row.specVersionId === id).map(({ specVersionId: _id, ...row }) => row),
  }))
}

/** The listed workflows of the workspace whose current definition calls an API. */
function findUsers(ctx: Ctx, slug: string) {
  const { workflowId, version, definition } = workflowVersions
  return ctx.db
    .select({ workflowId, name: workflows.name, definition })
    .from(workflows)
    .innerJoin(workflowVersions, and(eq(workflowId, workflows.id), eq(version, workflows.currentVersion)))
    .where(
      and(
        eq(workflows.workspaceId, ctx.actor.workspaceId),
        eq(workflows.listed, true),
        sql`exists (select 1 from json_tree(${definition}) where key = 'api' and value = ${slug})`,
      ),
    )
}

/** The operations of an API that a definition calls, at any depth. */
function operationsOf(node: unknown, slug: string, found = new Set<string>()): Set<string> {
  if (typeof node !== 'object' || node === null) return found
  if ('type' in node && node.type === 'api_call' && 'api' in node && node.api === slug && 'operation' in node)
    found.add(String(node.operation))
  for (const inner of Object.values(node)) operationsOf(inner, slug, found)
  return found
}

function sumUp(changes: readonly Change[]): { breaking: boolean; message: string } {
  const worst = changes.toSorted((a, b) => Number(b.breaking) - Number(a.breaking))
  const message = worst
    .slice(0, MAX_MESSAGES)
    .map((change) => change.message)
    .join('; ')
  return { breaking: worst.some((change) => change.breaking), message }
}
