import { getTableColumns, sql, type SQL } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { auditLog } from '../../audit/tables.ts'
import { touchConnections } from '../../connections/targets.ts'
import type { Ctx } from '../../context.ts'
import { loadAllowance, selectAllowance, toAllowance } from '../allowance.ts'
import { runs } from '../tables.ts'
import type { PendingEntry } from './pending.ts'
import type { Seen } from './standing.ts'

/** Rows to add and ends of rows that are there, as JSON, and what the audit log gets with each. */
type Writing = { added: Added[]; ended: string[]; audits: { isNew: boolean; rows: string }[] }

/** A row as JSON, and its log where it has one. */
type Added = { row: string; log: string | null }

/** So many logs are written at once: a statement takes a hundred values, and each of them is one. */
export const MAX_LOGS = 90

/**
 * Writes what is pending to D1 and tells how the workspace stands with it, in one batch. Written twice it is written
 * once: a row that is there is left alone, as is one that has ended, and audit rows go with what they tell of. At most
 * `MAX_LOGS` of them have a log.
 */
export async function writeEntries(ctx: Ctx, entries: readonly PendingEntry[], apis: readonly string[]): Promise<Seen> {
  if (entries.length === 0) return loadAllowance(ctx)
  const { added, ended, audits } = toWriting(entries)
  const results = await ctx.db.batch([
    // Audit rows come first: what is new, and what is open, shows only before the rows are written.
    insertAudits(ctx, audits),
    ...(added.length > 0 ? [insertRows(ctx, added)] : []),
    ...(ended.length > 0 ? [updateRows(ctx, ended)] : []),
    ...touchConnections(ctx, apis),
    selectAllowance(ctx),
  ])
  // The last statement's rows are the last result.
  return toAllowance(results.at(-1) as Awaited<ReturnType<typeof selectAllowance>>)
}

/** A run that began and ended in the meantime is written once, as it ended; what is told again counts once. */
function toWriting(entries: readonly PendingEntry[]): Writing {
  const rows = new Map<string, Added & { isNew: boolean; audits: string[]; hasEnded: boolean }>()
  for (const { runId, kind, row, audits, log = null } of entries) {
    const known = rows.get(runId)
    const hasEnded = kind !== 'opened'
    if (!known) rows.set(runId, { row, log, isNew: kind !== 'closed', audits: [audits], hasEnded })
    else if (hasEnded && !known.hasEnded) {
      known.row = JSON.stringify({ ...(JSON.parse(known.row) as object), ...(JSON.parse(row) as object) })
      known.log = log
      known.audits.push(audits)
      known.hasEnded = true
    }
  }
  const all = [...rows.values()]
  return {
    added: all.filter(({ isNew }) => isNew),
    ended: all.flatMap(({ isNew, row }) => (isNew ? [] : [row])),
    audits: all.flatMap(({ isNew, audits }) => audits.map((list) => ({ isNew, rows: list }))),
  }
}

/** Logs are values of the statement: within the JSON they would be written and read as texts within a text. */
function insertRows(ctx: Ctx, rows: readonly Added[]) {
  const logs = rows.flatMap(({ log }, index) => (log === null ? [] : [sql`when ${sql.raw(String(index))} then ${log}`]))
  // Entries from before logs went beside their rows have it within.
  const within = sql.raw(`entry.value ->> 'log'`)
  const log = logs.length === 0 ? within : sql`case entry.key ${sql.join(logs, sql` `)} else ${within} end`
  const list = `[${rows.map(({ row }) => row).join(',')}]`
  return ctx.db
    .insert(runs)
    .select(sql`select ${fieldsOf(runs, { log })} from json_each(${list}) as entry where true`)
    .onConflictDoNothing({ target: runs.id })
}

function updateRows(ctx: Ctx, rows: readonly string[]) {
  const { status, output, error, finishedAt } = getTableColumns(runs)
  const isOf = sql`${runs.id} = entry.value ->> 'id' and ${runs.workspaceId} = ${ctx.actor.workspaceId}`
  return ctx.db
    .update(runs)
    .set({
      status: fieldOf('status', status),
      output: fieldOf('output', output),
      error: fieldOf('error', error),
      finishedAt: fieldOf('finishedAt', finishedAt),
    })
    .from(sql`json_each(${`[${rows.join(',')}]`}) as entry`)
    .where(sql`${isOf} and ${isOpen}`)
}

const isOpen = sql`${runs.status} in ('running', 'paused', 'needs_decision')`

function insertAudits(ctx: Ctx, audits: Writing['audits']) {
  const lists = `[${audits.map(({ isNew, rows }) => `{"new":${isNew},"rows":${rows}}`).join(',')}]`
  const ofRun = sql`from ${runs} where ${runs.id} = entry.value ->> 'resource'`
  return ctx.db.insert(auditLog).select(
    sql`select ${fieldsOf(auditLog)} from json_each(${lists}) as list, json_each(list.value -> 'rows') as entry
      where case when list.value ->> 'new' then not exists (select 1 ${ofRun}) else exists (select 1 ${ofRun} and ${isOpen}) end`,
  )
}

/** The columns of a table, in their order, from what `entry` has under their names, but for those `given`. */
function fieldsOf(table: SQLiteTable, given: Readonly<Record<string, SQL>> = {}): SQL {
  const columns = Object.entries(getTableColumns(table))
  const fields = columns.map(([name, column]) => given[name] ?? fieldOf(name, column))
  return sql.join(fields, sql`, `)
}

function fieldOf(name: string, { dataType }: { dataType: string }): SQL {
  return sql.raw(dataType === 'json' ? `nullif(entry.value -> '${name}', 'null')` : `entry.value ->> '${name}'`)
}
