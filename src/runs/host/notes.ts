import type { RunEvent } from '../machine/events.ts'
import { StoredLog } from '../stored-log.ts'
import type { Begun, RunJournal } from './journal.ts'

/** What is noted of one run of a host, from the `events` that it came with on. */
export class RunNotes {
  readonly #journal: RunJournal
  readonly #begun: Begun
  readonly #log = new StoredLog()
  #unwritten: string[]

  constructor(journal: RunJournal, begun: Begun, events: readonly RunEvent[]) {
    this.#journal = journal
    this.#begun = begun
    this.#unwritten = [this.#log.add(events)].filter((text) => text !== '')
  }

  /** Characters that were noted so far. */
  get chars(): number {
    return this.#log.chars
  }

  /** Takes note of an event; false where the run is too large for the journal by now. */
  note(event: RunEvent): boolean {
    this.#unwritten.push(this.#log.add([event]))
    return !this.#log.isTooLarge
  }

  /** Writes what was noted into the journal, unless that is too much for it. */
  write(): void {
    if (this.#log.isTooLarge) return
    const { runId } = this.#begun.record
    const text = this.#unwritten.join(',')
    this.#unwritten = []
    if (!this.#journal.has(runId)) this.#journal.begin(runId, this.#begun, text)
    else if (text !== '') this.#journal.add(runId, text)
  }

  /** The run as text, for its row; null where it is too large. */
  toText(): string | null {
    return this.#log.toText(this.#begun.record)
  }
}
