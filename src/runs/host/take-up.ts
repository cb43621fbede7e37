import { and, eq, ne } from 'drizzle-orm'
import type { Ctx } from '../../context.ts'
import type { RunEvent } from '../machine/events.ts'
import { initialState, reduce } from '../machine/machine.ts'
import { registerOf } from '../register/register.ts'
import { DEADLY, MAX_LIVES } from '../run-lives.ts'
import { toStoredEntry } from '../short-life.ts'
import { storeRun } from '../stored-log.ts'
import { stub } from '../stub.ts'
import { runs } from '../tables.ts'
import type { Begun } from './journal.ts'

/**
 * Brings a run on its way again whose host died: where it had succeeded, that is taken down, and else it goes on in an object of
 * its own. Of an end that the register was told, either knows: D1, or the register as long as D1 does not take it. Doing so
 * twice does it once.
 */
export async function takeUpLost(
  ctx: Ctx,
  { record, accepted, events, tries }: Begun & { events: RunEvent[]; tries: number },
): Promise<void> {
  const { runId, workspaceId } = record
  const register = registerOf(ctx, workspaceId)
  const state = events.reduce(reduce, initialState)
  if (state.status === 'succeeded') {
    const log = storeRun({ record, events })
    if (log !== null) return void (await register.store(toStoredEntry(ctx, accepted.row, record, state, log), null))
  }
  await register.written()
  if ((await register.hasEnd(runId)) || (await hasEnded(ctx, runId))) return
  // It may be what kills whoever takes it up.
  const isDeadly = tries > MAX_LIVES && state.status === 'running'
  const error = { step: null, message: DEADLY }
  const given = isDeadly ? [...events, { type: 'run.failed' as const, at: ctx.now(), error }] : events
  await stub(ctx, runId).start(record, null, {
    waitMs: 0,
    accepted: { ...accepted, given: null },
    handed: { events: given, running: [] },
  })
}

async function hasEnded(ctx: Ctx, runId: string): Promise<boolean> {
  const [row] = await ctx.db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.id, runId), eq(runs.workspaceId, ctx.actor.workspaceId), ne(runs.status, 'running')))
  return row !== undefined
}
