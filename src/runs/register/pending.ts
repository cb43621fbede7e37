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
}

const TABLE = `create table if not exists pending (
  seq integer primary key, workspace_id text not null, run_id text not null, kind text not null, row text not null, audits text not null, refused_at integer
)`
const SET_ASIDE = `create table if not exists set_aside (
  run_id text not null, kind text not null, row text not null, audits text not null, why text not null
)`

/** The entries of a register that D1 does not have yet, in its object's SQLite, in the order in which they came. */
export class PendingEntries {
  readonly #sql: SqlStorage
  readonly #held = new Set<string>()
  #last = 0
  #counts = { all: 0, opened: 0, closed: 0 }

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(TABLE)
    this.#renewTable()
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
  add({ workspaceId, runId, row, audits }: Entry, kind: EntryKind): void {
    this.#last++
    this.#sql.exec(
      'insert into pending (seq, workspace_id, run_id, kind, row, audits) values (?, ?, ?, ?, ?, ?)',
      this.#last,
      workspaceId,
      runId,
      kind,
      row,
      audits,
    )
    this.#count(kind, 1)
  }

  /** The first entries of at most so many characters, but one at least; without those that are held back. */
  first(maxChars: number): PendingEntry[] {
    const entries: PendingEntry[] = []
    let chars = 0
    for (const row of this.#sql.exec<Row>('select * from pending order by seq')) {
      if (this.#held.has(row.run_id)) continue
      chars += row.row.length + row.audits.length
      if (chars > maxChars && entries.length > 0) break
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
      this.#sql.exec('insert into set_aside select run_id, kind, row, audits, ? from pending where seq = ?', why, seq)
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

  /** Objects from before entries were set aside have no place for it. */
  #renewTable(): void {
    const [table] = this.#sql.exec<{ sql: string }>(`select sql from sqlite_master where name = 'pending'`)
    if (!table?.sql.includes('refused_at')) this.#sql.exec('alter table pending add column refused_at integer')
  }

  #count(kind: EntryKind, by: 1 | -1): void {
    this.#counts.all += by
    if (kind === 'opened') this.#counts.opened += by
    if (kind === 'closed') this.#counts.closed += by
  }
}

function toPending({ seq, workspace_id: workspaceId, run_id: runId, kind, row, audits }: Row): PendingEntry {
  return { seq, workspaceId, runId, kind, row, audits }
}
