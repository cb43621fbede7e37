import { and, eq, inArray } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { AuditRow } from '../audit/audit.ts'
import { auditLog } from '../audit/tables.ts'
import type { Ctx } from '../context.ts'
import { errorFields } from '../platform/log.ts'
import type { Execution } from './schema.ts'
import { runs } from './tables.ts'

type Status = Execution['status']

/** What somebody had a run do that goes on: its audit row, and how D1 lists the run from then on, where that changes. */
export type Asked = { audit: AuditRow; status?: { to: Status; from: Status[] } }

const KEY = 'asked'

/**
 * What was asked of a run until D1 has it. It is written in the same turn as the event that it is about, so that neither
 * stays without the other, whatever dies in between.
 */
export class AskedOfRun {
  readonly #kv: SyncKvStorage
  #all: readonly Asked[] = []
  #telling: Promise<unknown> = Promise.resolve()

  constructor(kv: SyncKvStorage) {
    this.#kv = kv
  }

  /** Whether there is anything that D1 may not have yet. */
  get any(): boolean {
    return this.#all.length > 0
  }

  /** Takes up what an earlier life of the object kept. */
  load(): void {
    this.#all = this.#kv.get<Asked[]>(KEY) ?? []
  }

  /** Takes note of what was asked, to be written with the events of this turn. */
  keep(asked: Asked): void {
    this.#set([...this.#all, asked])
  }

  /** Writes what was asked to D1, in its order; twice is once. False where that failed, to be tried again. */
  tell(ctx: Ctx, runId: string): Promise<boolean> {
    const told = this.#telling.then(async () => {
      try {
        await this.#write(ctx, runId)
        return true
      } catch (error) {
        ctx.log.warn('what was asked of a run could not be written down yet', errorFields(error))
        return false
      }
    })
    this.#telling = told
    return told
  }

  async #write(ctx: Ctx, runId: string): Promise<void> {
    const told = this.#all
    const [first, ...rest] = told.flatMap((asked) => toStatements(ctx, runId, asked))
    if (!first) return
    await ctx.db.batch([first, ...rest])
    this.#set(this.#all.slice(told.length))
  }

  #set(all: readonly Asked[]): void {
    this.#all = all
    if (all.length > 0) this.#kv.put(KEY, all)
    else this.#kv.delete(KEY)
  }
}

function toStatements(ctx: Ctx, runId: string, { audit, status }: Asked): BatchItem<'sqlite'>[] {
  const insert = ctx.db.insert(auditLog).values(audit).onConflictDoNothing({ target: auditLog.id })
  if (!status) return [insert]
  const isListed = and(
    eq(runs.id, runId),
    eq(runs.workspaceId, ctx.actor.workspaceId),
    inArray(runs.status, status.from),
  )
  return [insert, ctx.db.update(runs).set({ status: status.to }).where(isListed)]
}
