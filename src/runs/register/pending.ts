import type { Entry } from './entry.ts'

/** What is told of a run: that it began, that it began and is over, or that it ended. */
export type EntryKind = 'opened' | 'stored' | 'closed'

/** An entry that D1 does not have yet. */
export type PendingEntry = Omit<Entry, 'apis'> & { kind: EntryKind; seq: number }

type Row = {
  seq: number
  workspace_id: string
  run_id: string
  kind: EntryKind
  row: string
  audits: string
  log: string | null
}

const TABLE = `create table if not exists pending (
  seq integer primary key, workspace_id text not null, run_id text not null, kind text not null, row text not null, audits text not null, refused_at integer, log text
)`
const SET_ASIDE = `create table if not exists set_aside (
  run_id text not null, kind text not null, row text not null, audits text not null, why text not null, log text
)`
/** What was added to the tables since there are any. */
const ADDED = [
  ['pending', 'refused_at integer'],
  ['pending', 'log text'],
  ['set_aside', 'log text'],
] as const

/** The entries of a register that D1 does not have yet, in its object's SQLite, in the order in which they came. */
export class PendingEntries {
  readonly #sql: SqlStorage
  readonly #held = new Set<string>()
  #last = 0
  #counts = { all: 0, opened: 0, closed: 0 }

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(TABLE)
    this.#renewTables()
    for (const { seq, kind } of sql.exec<Pick<Row, 'seq' | 'kind'>>('select seq, kind from pending order by seq')) {
      this.#last = seq
      this.#count(kind, 1)
    }
  }

  get any(): boolean {
    return this.#counts.all > 0
  }

  /** How many more runs are open than D1 knows of. */
  get open(): number {
    return this.#counts.opened - this.#counts.closed
  }

  /** The place of the last entry; places only grow while the object lives. */
  get last(): number {
    return this.#last
  }

  /** Whose runs they are; empty where there are none. */
  get workspaceId(): string {
    const [row] = this.#sql.exec<Pick<Row, 'workspace_id'>>('select workspace_id from pending limit 1')
    return row?.workspace_id ?? ''
  }

  /** Takes an entry in. */
  add({ workspaceId, runId, row, audits, log = null }: Entry, kind: EntryKind): void {
    this.#last++
    this.#sql.exec(
      'insert into pending (seq, workspace_id, run_id, kind, row, audits, log) values (?, ?, ?, ?, ?, ?, ?)',
      this.#last,
      workspaceId,
      runId,
      kind,
      row,
      audits,
      log,
    )
    this.#count(kind, 1)
  }

  /** The first entries of at most so many characters and logs, but one at least; without those that are held back. */
  first(maxChars: number, maxLogs: number): PendingEntry[] {
    const entries: PendingEntry[] = []
    let chars = 0
    let logs = 0
    for (const row of this.#sql.exec<Row>('select * from pending order by seq')) {
      if (this.#held.has(row.run_id)) continue
      chars += charsOf(row)
      if (row.log !== null) logs++
      if ((chars > maxChars || logs > maxLogs) && entries.length > 0) break
      entries.push(toPending(row))
    }
    return entries
  }

  /** Whether an entry up to a place is still here that is not held back. */
  hasUpTo(seq: number): boolean {
    if (this.#counts.all === 0) return false
    const rows = this.#sql.exec<Pick<Row, 'run_id'>>('select run_id from pending where seq <= ?', seq)
    return [...rows].some(({ run_id: runId }) => !this.#held.has(runId))
  }

  /** Whether the end of a run is among the entries. */
  hasEnd(runId: string): boolean {
    if (this.#counts.all === 0) return false
    const ends = this.#sql.exec(`select seq from pending where run_id = ? and kind <> 'opened' limit 1`, runId)
    return [...ends].length > 0
  }

  /** Holds the entries of a run back, so that others need not wait for them; since when D1 has refused them. */
  hold(runId: string, now: number): number {
    this.#held.add(runId)
    this.#sql.exec('update pending set refused_at = ? where run_id = ? and refused_at is null', now, runId)
    const [row] = this.#sql.exec<{ since: number | null }>(
      'select min(refused_at) as since from pending where run_id = ?',
      runId,
    )
    return row?.since ?? now
  }

  /** Entries that nobody tries to write any more; they are kept for whoever looks into why. */
  setAside(entries: readonly PendingEntry[], why: string): void {
    this.#sql.exec(SET_ASIDE)
    for (const { seq } of entries)
      this.#sql.exec(
        'insert into set_aside (run_id, kind, row, audits, log, why) select run_id, kind, row, audits, log, ? from pending where seq = ?',
        why,
        seq,
      )
    this.remove(entries)
  }

  /** Nothing is held back any more. */
  release(): void {
    this.#held.clear()
  }

  /** D1 has these entries. */
  remove(entries: readonly PendingEntry[]): void {
    this.#sql.exec(
      'delete from pending where seq in (select value from json_each(?))',
      JSON.stringify(entries.map(({ seq }) => seq)),
    )
    for (const { kind } of entries) this.#count(kind, -1)
  }

  /** Objects from before a column was there get it. */
  #renewTables(): void {
    const tables = this.#sql.exec<{ name: string; sql: string }>('select name, sql from sqlite_master')
    const known = new Map([...tables].map(({ name, sql }) => [name, sql]))
    for (const [table, column] of ADDED)
      if (known.has(table) && !known.get(table)?.includes(column))
        this.#sql.exec(`alter table ${table} add column ${column}`)
  }

  #count(kind: EntryKind, by: 1 | -1): void {
    this.#counts.all += by
    if (kind === 'opened') this.#counts.opened += by
    if (kind === 'closed') this.#counts.closed += by
  }
}

function toPending({ seq, workspace_id: workspaceId, run_id: runId, kind, row, audits, log }: Row): PendingEntry {
  return { seq, workspaceId, runId, kind, row, audits, log }
}

/** How much an entry is to write. */
export function charsOf({ row, audits, log }: Pick<Entry, 'row' | 'audits' | 'log'>): number {
  return row.length + audits.length + (log?.length ?? 0)
}
