import type { Acceptance } from '../accept.ts'
import type { RunEvent } from '../machine/events.ts'
import type { RunRecord } from '../record.ts'
import { readStoredEvents } from '../stored-log.ts'

/** What a run was begun with. */
export type Begun = { record: RunRecord; accepted: Acceptance }

type Row = { run_id: string; text: string; tries: number }

const TABLE = `create table if not exists journal (
  seq integer primary key, run_id text not null, text text not null, tries integer not null default 0
)`

/**
 * What the runs of a host have done, in its object's SQLite, until the register or an object of their own has them. The
 * first row of a run is what it was begun with, those behind it are events.
 */
export class RunJournal {
  readonly #sql: SqlStorage
  readonly #runs = new Set<string>()
  #over: string[] = []

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(TABLE)
    for (const { run_id: runId } of sql.exec<Pick<Row, 'run_id'>>('select distinct run_id from journal'))
      this.#runs.add(runId)
  }

  /** The runs that are here alone. */
  get runs(): readonly string[] {
    return [...this.#runs]
  }

  has(runId: string): boolean {
    return this.#runs.has(runId)
  }

  /** Begins with a run. */
  begin(runId: string, begun: Begun, events: string): void {
    this.#runs.add(runId)
    this.#insert('(?, ?), (?, ?)', runId, JSON.stringify(begun), runId, events)
  }

  /** Adds what `StoredLog.add` wrote of events. */
  add(runId: string, events: string): void {
    this.#insert('(?, ?)', runId, events)
  }

  /** A run is somewhere else now; it is removed with the next writing, so that nobody waits for that. */
  leave(runId: string): void {
    if (this.#runs.delete(runId)) this.#over.push(runId)
  }

  /** Removes what is somewhere else. */
  sweep(): void {
    if (this.#over.length === 0) return
    this.#sql.exec('delete from journal where run_id in (select value from json_each(?))', JSON.stringify(this.#over))
    this.#over = []
  }

  /** A life of the host begins to take a run up. */
  countTry(runId: string): void {
    this.#sql.exec('update journal set tries = tries + 1 where run_id = ?', runId)
  }

  /** What there is of a run, and how many lives of the host have begun to take it up. */
  read(runId: string): Begun & { events: RunEvent[]; tries: number } {
    const rows = this.#sql
      .exec<Omit<Row, 'run_id'>>('select text, tries from journal where run_id = ? order by seq', runId)
      .toArray()
    const [begun = '', ...events] = rows.map(({ text }) => text)
    return { ...(JSON.parse(begun) as Begun), events: readStoredEvents(events), tries: rows[0]?.tries ?? 0 }
  }

  #insert(places: string, ...values: string[]): void {
    this.sweep()
    this.#sql.exec(`insert into journal (run_id, text) values ${places}`, ...values)
  }
}
