import type { RunEvent } from './machine/events.ts'
import type { RunRecord } from './record.ts'
import { type Encoded, fill, SharedValues, walk } from './shared-values.ts'

const MAX_CHARS = 200_000

/** A finished run on its own: what it was started with, and its log. */
export type StoredRun = { record: RunRecord; events: RunEvent[] }

/** An event with holes, and what belongs there. Runs stored before had it as `text`. */
type StoredEvent = { refs?: Encoded['refs'] } & ({ event: unknown } | { text: string })

/** The log of a small run as text, event by event, to be kept in its row. */
export class StoredLog {
  readonly #values = new SharedValues(() => (this.#hasLarge = true))
  readonly #texts: string[] = []
  #hasLarge = false
  #chars = 0

  /** Characters so far. */
  get chars(): number {
    return this.#chars
  }

  /** Whether it is too large to be kept like this. */
  get isTooLarge(): boolean {
    return this.#hasLarge || this.#chars > MAX_CHARS
  }

  /** Adds events; returns their text, for `readStoredEvents`. */
  add(events: readonly RunEvent[]): string {
    return events.map((event) => this.#write(event)).join(',')
  }

  /** The run as text, or null when it is too large. */
  toText(record: RunRecord): string | null {
    if (this.isTooLarge) return null
    const text = `{"record":${JSON.stringify(record)},"events":[${this.#texts.join(',')}]}`
    return text.length > MAX_CHARS ? null : text
  }

  #write(event: RunEvent): string {
    const { text, refs } = this.#values.encode(event, this.#texts.length + 1)
    // What is JSON already is put in as it is: a text within a text grows with every quote in it.
    const stored = refs.length === 0 ? `{"event":${text}}` : `{"event":${text},"refs":${JSON.stringify(refs)}}`
    this.#chars += stored.length
    this.#texts.push(stored)
    return stored
  }
}

/** A small run as a text to be kept in its row, or null when it is too large for that. */
export function storeRun({ record, events }: StoredRun): string | null {
  const log = new StoredLog()
  log.add(events)
  return log.toText(record)
}

/** The run that `storeRun` wrote. */
export function readStoredRun(text: string): StoredRun {
  const { record, events } = JSON.parse(text) as { record: RunRecord; events: StoredEvent[] }
  return { record, events: toEvents(events) }
}

/** The events that `StoredLog.add` gave the texts of, all from the first on. */
export function readStoredEvents(texts: readonly string[]): RunEvent[] {
  return toEvents(JSON.parse(`[${texts.join(',')}]`) as StoredEvent[])
}

function toEvents(stored: readonly StoredEvent[]): RunEvent[] {
  const events: RunEvent[] = []
  for (const one of stored) {
    const event: unknown = 'text' in one ? JSON.parse(one.text) : one.event
    fill(event, one.refs ?? [], (place) => {
      const [seq, ...names] = place.split('/')
      return walk(events[Number(seq) - 1], names)
    })
    events.push(event as RunEvent)
  }
  return events
}
