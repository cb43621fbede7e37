import { and, eq, exists, lt, type SQL } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { type Ctx, systemCtx, type World } from '../context.ts'
import { AppError } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { unidentified } from '../limits/address.ts'
import { countOne, tooMany } from '../limits/admit.ts'
import type { Rate } from '../limits/ledger.ts'
import { loadRunnable } from '../runs/runnable.ts'
import { prepareRun } from '../runs/start.ts'
import { evaluate, ExpressionError } from '../steps/expressions.ts'
import { openSecret } from '../vault/service.ts'
import type { Delivery } from './schema.ts'
import { type SignedRequest, verifySignature } from './signature.ts'
import { hookDeliveries, hooks } from './tables.ts'

const KEEP_MS = 30 * 86_400_000

type Row = typeof hooks.$inferSelect

/** An event as it came in. */
export type Event = SignedRequest & { query: URLSearchParams }

/**
 * Takes an event: verified, counted, run once however often it comes. Nobody is signed in here: the id in the URL says
 * which workspace it is for, and the signature that the sender may.
 * @throws AppError NOT_FOUND for a hook that is unknown or off, the same for both; SIGNATURE_INVALID, RATE_LIMITED,
 * MALFORMED_REQUEST, VALIDATION_FAILED.
 */
export async function receiveEvent(world: World, hookId: string, event: Event): Promise<Delivery> {
  const [hook] = await world.db
    .select()
    .from(hooks)
    .where(and(eq(hooks.id, hookId), eq(hooks.enabled, true)))
  if (!hook) throw await unidentified(world, new AppError('NOT_FOUND', 'There is no hook at this address.'))
  const ctx = systemCtx(world, hook.workspaceId, hook.createdBy)
  const { messageId } = await verifySender(ctx, hook, event)
  await countEvent(ctx, hook)
  const known = await findDelivery(ctx, hook, messageId)
  if (known !== null) return { executionId: known, duplicate: true }
  const run = await prepare(ctx, hook, event)
  const { runId } = run
  const { workspaceId } = hook
  const receivedAt = new Date(ctx.now()).toISOString()
  const [, inserted] = await ctx.db.batch([
    ctx.db
      .insert(hookDeliveries)
      .values({ hookId: hook.id, messageId, workspaceId, runId, receivedAt })
      .onConflictDoNothing(),
    ...run.insertIfChanged,
    noteEvent(ctx, hook, { lastRunId: runId, lastError: null }, isTakenBy(ctx, hook, messageId, runId)),
  ])
  if (inserted.length === 0)
    return { executionId: (await findDelivery(ctx, hook, messageId)) ?? run.runId, duplicate: true }
  await run.start()
  return { executionId: run.runId, duplicate: false }
}

/** Forgets events of more than thirty days; the same event would then run again. */
export async function forgetOldDeliveries(world: World): Promise<void> {
  const before = new Date(world.now() - KEEP_MS).toISOString()
  await world.db.delete(hookDeliveries).where(lt(hookDeliveries.receivedAt, before))
}

/** What is badly signed counts against the address; what is well signed passes, for many senders may share one. */
async function verifySender(ctx: Ctx, hook: Row, event: Event): Promise<{ messageId: string }> {
  try {
    return await verifySignature(hook.signature, await secretsOf(ctx, hook), event, ctx.now())
  } catch (error) {
    throw error instanceof AppError && error.code === 'SIGNATURE_INVALID' ? await unidentified(ctx, error) : error
  }
}

async function secretsOf(ctx: Ctx, hook: Row): Promise<string[]> {
  const { secret, previousSecret, previousUntil } = hook
  const previous = previousUntil !== null && Date.parse(previousUntil) > ctx.now() ? previousSecret : null
  const sealed = previous === null ? [secret] : [secret, previous]
  return Promise.all(sealed.map((text) => openSecret(ctx, hook.workspaceId, hook.id, text)))
}

/** Only what is signed is counted, so that nobody else can use up the sender's allowance. */
async function countEvent(ctx: Ctx, hook: Row): Promise<void> {
  const rate: Rate = { of: `hook:${hook.id}`, limit: hook.requestsPerMinute, span: 60 }
  const { admitted, room } = await countOne(ctx.env, rate)
  if (!admitted) throw tooMany(room, { rooms: [room] })
}

async function findDelivery(ctx: Ctx, hook: Row, messageId: string): Promise<string | null> {
  const { hookId, workspaceId, runId } = hookDeliveries
  const [row] = await ctx.db
    .select({ runId })
    .from(hookDeliveries)
    .where(and(eq(hookId, hook.id), eq(hookDeliveries.messageId, messageId), eq(workspaceId, hook.workspaceId)))
  return row?.runId ?? null
}

/** Whether it is this run that an event has started, and not that of another call with the same event. */
function isTakenBy(ctx: Ctx, { id }: Row, messageId: string, runId: string): SQL {
  return exists(
    ctx.db
      .select({ runId: hookDeliveries.runId })
      .from(hookDeliveries)
      .where(
        and(eq(hookDeliveries.hookId, id), eq(hookDeliveries.messageId, messageId), eq(hookDeliveries.runId, runId)),
      ),
  )
}

/** Who set the hook up finds there, and in the audit log, what the sender is not told. */
async function prepare(ctx: Ctx, hook: Row, event: Event) {
  const body = parseBody(event)
  const headers = Object.fromEntries(
    hook.headers.flatMap((name) => {
      const value = event.headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
  const runId = newId('run', ctx.now())
  try {
    const input = await toInput(ctx, hook, runId, { body, headers, query: toFields(event.query) })
    const workflow = await loadRunnable(ctx, hook.workflowId)
    return prepareRun(ctx, workflow, { runId, input, trigger: 'webhook', source: hook.id })
  } catch (error) {
    const known = error instanceof ExpressionError || (error instanceof AppError && error.status < 500)
    if (!known) throw error
    const lastError = { code: error instanceof AppError ? error.code : 'VALIDATION_FAILED', message: error.message }
    await ctx.db.batch([
      noteEvent(ctx, hook, { lastRunId: null, lastError }),
      auditRow(ctx, 'hook.unusable', hook.id, { message: error.message }, 'failure'),
    ])
    throw new AppError('VALIDATION_FAILED', 'The event is genuine, but the workflow cannot be run with it.', {
      cause: error,
    })
  }
}

/** What became of the last event, for whoever set the hook up; `isTaken` says whether it is this call that took it. */
function noteEvent(ctx: Ctx, { id, workspaceId }: Row, became: Pick<Row, 'lastRunId' | 'lastError'>, isTaken?: SQL) {
  return ctx.db
    .update(hooks)
    .set({ ...became, lastEventAt: new Date(ctx.now()).toISOString() })
    .where(and(eq(hooks.id, id), eq(hooks.workspaceId, workspaceId), isTaken))
}

async function toInput(ctx: Ctx, hook: Row, runId: string, event: Record<string, unknown>) {
  if (hook.input === null) return event
  const run = { id: runId, startedAt: new Date(ctx.now()).toISOString() }
  const input = await evaluate(hook.input, { ...event, input: event, steps: {}, run })
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Record<string, unknown>
  throw new ExpressionError('the template of the input does not give an object')
}

function parseBody({ headers, body }: Event): unknown {
  const type = headers.get('content-type') ?? ''
  const text = new TextDecoder().decode(body)
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return toFields(new URLSearchParams(text))
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) return text
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AppError('MALFORMED_REQUEST', 'The body is not the JSON that its Content-Type says.', { cause: error })
  }
}

/** A name that comes several times has the list of its values. */
function toFields(parameters: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const [first = '', ...rest] = parameters.getAll(name)
      return [name, rest.length > 0 ? [first, ...rest] : first]
    }),
  )
}
