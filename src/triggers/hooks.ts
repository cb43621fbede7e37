import { and, count, eq } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { type Ctx, requireScope } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { newId } from '../lib/ids.ts'
import { keysetOf } from '../platform/keyset.ts'
import { writtenRuns } from '../runs/register/register.ts'
import { runs } from '../runs/tables.ts'
import { ExpressionError, referencesOf } from '../steps/expressions.ts'
import { sealSecret } from '../vault/service.ts'
import { findWorkflow, listWorkflow } from '../workflows/service.ts'
import { isLastRun, lastRunColumns, toLastRun } from './last-run.ts'
import type { Hook, HookEdit, HookRotation, IssuedHook, NewHook, TriggerQuery } from './schema.ts'
import { checkSecret, newSecret } from './signature.ts'
import { hooks } from './tables.ts'

const MAX_HOOKS = 50

type Row = typeof hooks.$inferSelect
type Found = { row: Row; run: Parameters<typeof toLastRun>[0] }

/**
 * Makes a place where others tell of events that run a workflow. `origin` is where requests come in. The secret is
 * shown this once.
 * @throws AppError VALIDATION_FAILED, CONFLICT when the workflow has 50 already.
 */
export async function createHook(ctx: Ctx, workflowId: string, request: NewHook, origin: string): Promise<IssuedHook> {
  requireScope(ctx, 'write')
  requireScope(ctx, 'execute')
  await findWorkflow(ctx, workflowId)
  checkTemplate(request.input)
  const secret = request.secret ?? newSecret()
  checkSecret(request.signature, secret)
  const { workspaceId, userId } = ctx.actor
  const { signature, headers, requestsPerMinute, enabled } = request
  const id = newId('hok', ctx.now())
  const at = iso(ctx.now())
  const row: Row = {
    id,
    workspaceId,
    workflowId,
    name: request.name ?? null,
    signature,
    headers,
    requestsPerMinute,
    enabled,
    secret: await sealSecret(ctx, workspaceId, id, secret),
    input: request.input ?? null,
    previousSecret: null,
    previousUntil: null,
    lastEventAt: null,
    lastRunId: null,
    lastError: null,
    createdBy: userId,
    createdAt: at,
    updatedAt: at,
  }
  const [held] = await ctx.db.select({ count: count() }).from(hooks).where(ofWorkflow(ctx, workflowId))
  if (held && held.count >= MAX_HOOKS)
    throw new AppError('CONFLICT', `The workflow ${workflowId} has ${MAX_HOOKS} hooks already; remove one.`)
  await ctx.db.batch([
    ctx.db.insert(hooks).values(row),
    auditRow(ctx, 'hook.create', id, { workflowId, signature: signature.type }),
    listWorkflow(ctx, workflowId),
  ])
  return { ...toHook(ctx, { row, run: null }, origin), secret }
}

/** The hooks of a workflow. */
export async function listHooks(
  ctx: Ctx,
  workflowId: string,
  { limit, enabled, ...place }: TriggerQuery,
  origin: string,
) {
  requireScope(ctx, 'read')
  const { after, order } = keysetOf(hooks.id, place)
  await findWorkflow(ctx, workflowId)
  await writtenRuns(ctx)
  const rows = await selectHooks(ctx)
    .where(and(ofWorkflow(ctx, workflowId), enabled === undefined ? undefined : eq(hooks.enabled, enabled), after))
    .orderBy(order)
    .limit(limit + 1)
  return toPage(
    rows.map((found) => toHook(ctx, found, origin)),
    limit,
  )
}

/** One hook, without its secret. */
export async function getHook(ctx: Ctx, workflowId: string, id: string, origin: string): Promise<Hook> {
  requireScope(ctx, 'read')
  return toHook(ctx, await findHook(ctx, workflowId, id), origin)
}

/** Changes a hook; how its events are signed stays. @throws AppError VALIDATION_FAILED */
export async function updateHook(
  ctx: Ctx,
  workflowId: string,
  id: string,
  edit: HookEdit,
  origin: string,
): Promise<Hook> {
  requireScope(ctx, 'write')
  requireScope(ctx, 'execute')
  checkTemplate(edit.input)
  const given = Object.entries(edit).filter(([, value]) => value !== undefined)
  await ctx.db.batch([
    ctx.db
      .update(hooks)
      .set({ ...Object.fromEntries(given), updatedAt: iso(ctx.now()) })
      .where(mine(ctx, workflowId, id)),
    auditRow(ctx, 'hook.update', id, { changed: given.map(([name]) => name) }),
  ])
  return toHook(ctx, await findHook(ctx, workflowId, id), origin)
}

/** Gives a hook another secret, shown this once; the one before verifies for `overlapMinutes` more. */
export async function rotateHook(
  ctx: Ctx,
  workflowId: string,
  id: string,
  { secret = newSecret(), overlapMinutes }: HookRotation,
  origin: string,
): Promise<IssuedHook> {
  requireScope(ctx, 'write')
  requireScope(ctx, 'execute')
  const { row: before } = await findHook(ctx, workflowId, id)
  checkSecret(before.signature, secret)
  const kept = overlapMinutes > 0
  const sealed = await sealSecret(ctx, ctx.actor.workspaceId, id, secret)
  const changed = await ctx.db.batch([
    ctx.db
      .update(hooks)
      .set({
        secret: sealed,
        previousSecret: kept ? before.secret : null,
        previousUntil: kept ? iso(ctx.now() + overlapMinutes * 60_000) : null,
        updatedAt: iso(ctx.now()),
      })
      // Of two rotations at once one comes through: whoever is told a secret may rely on it.
      .where(and(mine(ctx, workflowId, id), eq(hooks.secret, before.secret)))
      .returning({ id: hooks.id }),
    auditRow(ctx, 'hook.rotate', id, { overlapMinutes }),
  ])
  if (changed[0].length === 0) throw new AppError('CONFLICT', `The hook ${id} was changed meanwhile; try again.`)
  return { ...toHook(ctx, await findHook(ctx, workflowId, id), origin), secret }
}

/** Removes a hook; its URL is then unknown, and the executions it started stay. */
export async function deleteHook(ctx: Ctx, workflowId: string, id: string): Promise<{ id: string; deleted: true }> {
  requireScope(ctx, 'write')
  const [removed] = await ctx.db.batch([
    ctx.db
      .delete(hooks)
      .where(mine(ctx, workflowId, id))
      .returning({ id: hooks.id }),
    auditRow(ctx, 'hook.delete', id, { workflowId }),
  ])
  if (removed.length === 0) throw notFound('hook', id)
  return { id, deleted: true }
}

function checkTemplate(input: unknown): void {
  try {
    referencesOf(input)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new AppError('VALIDATION_FAILED', `/input: ${error.message}`, {
      errors: [{ path: '/input', code: 'custom', message: error.message }],
    })
  }
}

function selectHooks(ctx: Ctx) {
  return ctx.db
    .select({ row: hooks, run: lastRunColumns })
    .from(hooks)
    .leftJoin(runs, isLastRun(hooks.lastRunId, hooks.workspaceId))
}

async function findHook(ctx: Ctx, workflowId: string, id: string): Promise<Found> {
  const [found] = await selectHooks(ctx).where(mine(ctx, workflowId, id))
  if (!found) throw notFound('hook', id)
  return found
}

function ofWorkflow(ctx: Ctx, workflowId: string) {
  return and(eq(hooks.workspaceId, ctx.actor.workspaceId), eq(hooks.workflowId, workflowId))
}

function mine(ctx: Ctx, workflowId: string, id: string) {
  return and(ofWorkflow(ctx, workflowId), eq(hooks.id, id))
}

function toHook(ctx: Ctx, { row, run }: Found, origin: string): Hook {
  const { workspaceId: _workspace, createdBy: _user, secret: _secret, previousSecret: _previous, ...shown } = row
  return { ...shown, lastRun: toLastRun(run), url: `${ctx.config.publicUrl ?? origin}/hooks/${row.id}` }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
