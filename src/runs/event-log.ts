import type { RunEvent } from './machine.ts'

/**
 * The log of one run in its object's SQLite. Events are appended in memory and written together by `flush`, so that a
 * chain of reads does not wait for the disk between its calls; whoever lets an effect or an answer out flushes first.
 */
export class EventLog {
  readonly #storage: DurableObjectStorage
  readonly #events: RunEvent[] = []
  #flushed = 0

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /** Every event so far; the sequence number of an event is its position, from 1. */
  get events(): readonly RunEvent[] {
    return this.#events
  }

  /** Reads back what an earlier life of the object wrote. */
  load(): void {
    this.#createTable()
    for (const row of this.#storage.sql.exec<{ event: string }>('select event from events order by seq'))
      this.#events.push(JSON.parse(row.event) as RunEvent)
    this.#flushed = this.#events.length
  }

  /** Adds an event; returns its sequence number. */
  append(event: RunEvent): number {
    return this.#events.push(event)
  }

  /** Writes what is not written yet. The platform holds back everything that leaves the object until it is durable. */
  flush(): void {
    if (this.#flushed === this.#events.length) return
    if (this.#flushed === 0) this.#createTable()
    for (const event of this.#events.slice(this.#flushed))
      this.#storage.sql.exec('insert into events (event) values (?)', JSON.stringify(event))
    this.#flushed = this.#events.length
  }

  #createTable(): void {
    this.#storage.sql.exec('create table if not exists events (seq integer primary key, event text not null)')
  }
}
