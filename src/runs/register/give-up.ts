import { auditValues } from '../../audit/audit.ts'
import type { Ctx } from '../../context.ts'
import { insertNotice } from '../../notices/service.ts'
import { errorFields } from '../../platform/log.ts'
import type { PendingEntry } from './pending.ts'
import { writeEntries } from './write.ts'

const MESSAGE = 'What is known of this execution could not be written down; whatever became of it is not listed.'

/**
 * Makes it seen that D1 does not take what it was to know of a run: the run is listed as failed, with nothing of what may
 * have been refused, and the workspace is told. Whatever of this D1 refuses as well is in the log. Returns whether D1 took any
 * of it: where it takes nothing at all, the entries are not what is wrong.
 */
export async function giveUp(ctx: Ctx, runId: string, entries: readonly PendingEntry[]): Promise<boolean> {
  const { workspaceId } = ctx.actor
  const works = [
    () => writeEntries(ctx, [toStandIn(ctx, runId, entries)], []),
    () => insertNotice(ctx, { kind: 'run_not_written', resource: runId, message: MESSAGE, workspaceId, userId: null }),
  ]
  let isTaken = false
  for (const work of works) {
    try {
      await work()
      isTaken = true
    } catch (error) {
      ctx.log.error('run given up without a trace in D1', { runId, ...errorFields(error) })
    }
  }
  return isTaken
}

/** An entry that is sure to fit where the run had a name at all; it ends a run that D1 knows as open. */
function toStandIn(ctx: Ctx, runId: string, entries: readonly PendingEntry[]): PendingEntry {
  const rows = entries.map(({ row }) => JSON.parse(row) as Record<string, unknown>)
  const row = {
    ...Object.assign({}, ...rows),
    status: 'failed',
    input: {},
    output: null,
    log: null,
    error: { step: null, message: MESSAGE },
    finishedAt: new Date(ctx.now()).toISOString(),
  }
  const isNew = entries.some(({ kind }) => kind !== 'closed')
  const audit = { action: 'run.not_written', resource: runId, outcome: 'failure' } as const
  return {
    seq: 0,
    workspaceId: ctx.actor.workspaceId,
    runId,
    kind: isNew ? 'stored' : 'closed',
    row: JSON.stringify(row),
    audits: JSON.stringify([auditValues(ctx, audit, 0)]),
  }
}
