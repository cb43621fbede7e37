import type { UpstreamRequest } from '../connections/egress.ts'
import type { RunEvent } from './machine/events.ts'
import { byteLength, decode, type Encoded, type Place, SharedValues, type ValueRef, walk } from './shared-values.ts'

// A row takes 2 MB; a character at most three bytes.
const CHUNK_CHARS = 500_000
// A statement takes a hundred values.
const ROWS_AT_ONCE = 30

/**
 * The log of one run in its object's SQLite. Events are appended in memory and written together by `flush`, so that a
 * chain of reads does not wait for the disk between its calls; whoever lets an effect or an answer out flushes first.
 * Written events are not kept in memory.
 */
export class EventLog {
  readonly #storage: DurableObjectStorage
  readonly #values: SharedValues
  readonly #href: (id: number) => string
  #unwritten: RunEvent[] = []
  #written = 0
  #bytes = 0
  #isClosed = false
  /** Whether there are tables of large values. */
  #hasValues = false

  /** `href` says where a large value is to be had. */
  constructor(storage: DurableObjectStorage, href: (id: number) => string) {
    this.#storage = storage
    this.#href = href
    this.#values = new SharedValues((id, value) => this.#writeValue(id, value))
  }

  /** Bytes of JSON written so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** How many events there are; the sequence number of an event is its position, from 1. */
  get length(): number {
    return this.#written + this.#unwritten.length
  }

  /** Reads back what an earlier life of the object wrote; what was one object is one object again. */
  load(): RunEvent[] {
    if (!this.#hasTables()) return []
    this.#renewTables()
    this.#createTablesOfValues()
    const values = new Map<number, unknown>()
    const read = this.#reader((id) => {
      if (!values.has(id)) values.set(id, decode(this.#textOf(id), read.at))
      return values.get(id)
    })
    const events = [...read.after(0)]
    events.forEach((event, index) => this.#values.adopt(event, index + 1))
    for (const { id, bytes } of this.#storage.sql.exec<{ id: number; bytes: number }>('select id, bytes from large')) {
      this.#values.adoptLarge(id, values.get(id), bytes)
      this.#bytes += bytes
    }
    const [total] = this.#storage.sql.exec<{ bytes: number }>(
      'select coalesce(sum(length(cast(event as blob))), 0) as bytes from events',
    )
    this.#bytes += total?.bytes ?? 0
    this.#written = events.length
    return events
  }

  /** Adds an event; returns its sequence number. */
  append(event: RunEvent): number {
    if (!this.#isClosed) this.#unwritten.push(event)
    return this.length
  }

  /** Writes what is not written yet. The platform holds back everything that leaves the object until it is durable. */
  flush(): void {
    if (this.#unwritten.length === 0) return
    if (this.#written === 0) this.#createTable()
    for (let from = 0; from < this.#unwritten.length; from += ROWS_AT_ONCE)
      this.#writeRows(this.#unwritten.slice(from, from + ROWS_AT_ONCE))
    this.#unwritten = []
  }

  /** Nothing more is written: what is under way when a run is forgotten must not bring it back. */
  close(): void {
    this.#isClosed = true
    this.#unwritten = []
  }

  #writeRows(events: readonly RunEvent[]): void {
    const values = events.flatMap((event) => {
      const { text, refs } = this.#values.encode(event, ++this.#written)
      this.#bytes += byteLength(text)
      return [this.#written, text, refs.length === 0 ? null : JSON.stringify(refs)]
    })
    const rows = events.map(() => '(?, ?, ?)').join(', ')
    this.#storage.sql.exec(`insert into events (seq, event, refs) values ${rows}`, ...values)
  }

  /** The events after the one numbered `seq`, with references in place of large values; at most so many. */
  after(seq: number, limit = Infinity): RunEvent[] {
    this.flush()
    return this.#written === 0 ? [] : [...this.#reader((id) => this.#refTo(id)).after(seq, limit)]
  }

  /** Every event, or those that concern the step at a path: its own, those of what it is in, and of the run. Every value is whole. */
  whole(path?: string): RunEvent[] {
    this.flush()
    if (this.#written === 0) return []
    const read = this.#reader((id) => decode(this.#textOf(id), read.at))
    if (path === undefined) return [...read.after(0)]
    const rows = this.#storage.sql.exec<{ seq: number }>(
      `select seq from events where coalesce(substr(?1, 1, length(event ->> 'step')) = event ->> 'step', true) order by seq`,
      path,
    )
    return [...rows].flatMap(({ seq }) => [...read.after(seq - 1, 1)])
  }

  /** An event or state as it may be shown: with references in place of large values, as far as they are written. */
  lighten<T>(value: T): T {
    return this.#values.lighten(value, this.#href)
  }

  /** A large value as JSON; null where there is none of that id. */
  value(id: number): string | null {
    if (!this.#hasTables()) return null
    this.#createTablesOfValues()
    const [row] = this.#storage.sql.exec('select id from large where id = ?', id)
    if (!row) return null
    const read = this.#reader((inner) => decode(this.#textOf(inner), read.at))
    const encoded = this.#textOf(id)
    return encoded.refs.length === 0 ? encoded.text : JSON.stringify(decode(encoded, read.at))
  }

  /** The request that the last attempt at a step began with, or the last one that was written. */
  requestOf(path: string, last: 'begun' | 'written'): UpstreamRequest | null {
    this.flush()
    if (this.#written === 0) return null
    const [row] = this.#storage.sql.exec<{ seq: number }>(
      `select seq from events where event ->> 'type' = 'step.started' and event ->> 'step' = ?
        and (? = 'begun' or event ->> 'request' is not null) order by seq desc limit 1`,
      path,
      last,
    )
    if (!row) return null
    const read = this.#reader((id) => decode(this.#textOf(id), read.at))
    const [event] = read.after(row.seq - 1, 1)
    return event?.type === 'step.started' ? event.request : null
  }

  /** Reads events back; `large` gives what stands for a large value. */
  #reader(large: (id: number) => unknown) {
    const known = new Map<number, RunEvent>()
    const read = (row: EventRow) => {
      const event = known.get(row.seq) ?? toEvent(decode(toEncoded(row.event, row.refs), at))
      known.set(row.seq, event)
      return event
    }
    const at = (place: Place): unknown => {
      const [number, ...names] = place.split('/')
      if (number === 'value') return large(Number(names[0]))
      const before = known.get(Number(number))
      if (before) return walk(before, names)
      for (const row of this.#rows(Number(number) - 1, 1)) return walk(read(row), names)
    }
    const rows = (seq: number, limit: number) => this.#rows(seq, limit)
    function* after(seq: number, limit = Infinity): Generator<RunEvent> {
      for (const row of rows(seq, limit)) yield read(row)
    }
    return { at, after }
  }

  #rows(seq: number, limit: number) {
    return this.#storage.sql.exec<EventRow>(
      'select seq, event, refs from events where seq > ? order by seq limit ?',
      seq,
      Math.min(limit, Number.MAX_SAFE_INTEGER),
    )
  }

  #refTo(id: number): ValueRef {
    const [row] = this.#storage.sql.exec<{ bytes: number }>('select bytes from large where id = ?', id)
    return { $ref: this.#href(id), bytes: row?.bytes ?? 0 }
  }

  #textOf(id: number): Encoded {
    const [row] = this.#storage.sql.exec<{ refs: string | null }>('select refs from large where id = ?', id)
    const chunks = this.#storage.sql.exec<{ text: string }>('select text from chunks where id = ? order by part', id)
    return toEncoded([...chunks].map(({ text }) => text).join(''), row?.refs ?? null)
  }

  #writeValue(id: number, { text, refs }: Encoded): void {
    const bytes = byteLength(text)
    this.#bytes += bytes
    this.#createTablesOfValues()
    this.#storage.sql.exec(
      'insert into large (id, bytes, refs) values (?, ?, ?)',
      id,
      bytes,
      refs.length === 0 ? null : JSON.stringify(refs),
    )
    for (let part = 0; part * CHUNK_CHARS < text.length; part++)
      this.#storage.sql.exec(
        'insert into chunks (id, part, text) values (?, ?, ?)',
        id,
        part,
        text.slice(part * CHUNK_CHARS, (part + 1) * CHUNK_CHARS),
      )
  }

  #hasTables(): boolean {
    const [table] = this.#storage.sql.exec(`select name from sqlite_master where name = 'events'`)
    return table !== undefined
  }

  /** Logs that were begun before values were shared have no place for references. */
  #renewTables(): void {
    const [table] = this.#storage.sql.exec<{ sql: string }>(`select sql from sqlite_master where name = 'events'`)
    if (table?.sql.includes('refs')) return
    this.#storage.sql.exec('alter table events add column refs text')
  }

  #createTable(): void {
    this.#storage.sql.exec(
      'create table if not exists events (seq integer primary key, event text not null, refs text)',
    )
  }

  /** Most runs have no large value, and do without. */
  #createTablesOfValues(): void {
    if (this.#hasValues) return
    this.#hasValues = true
    this.#storage.sql.exec(`
      create table if not exists large (id integer primary key, bytes integer not null, refs text);
      create table if not exists chunks (id integer, part integer, text text not null, primary key (id, part)) without rowid;
    `)
  }
}

type EventRow = { seq: number; event: string; refs: string | null }

function toEncoded(text: string, refs: string | null): Encoded {
  return { text, refs: refs === null ? [] : (JSON.parse(refs) as Encoded['refs']) }
}

/** What this object wrote is what it reads. */
function toEvent(value: unknown): RunEvent {
  return value as RunEvent
}
