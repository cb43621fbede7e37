import type { RunEvent } from '../machine.ts'
import { StoredLog } from '../stored-log.ts'
import type { Begun, RunJournal } from './journal.ts'

/** What is noted of one run of a host. `events` are added to as it goes. */
export class RunNotes {
  readonly #journal: RunJournal
  readonly #begun: Begun
  readonly #events: readonly RunEvent[]
  readonly #log = new StoredLog()
  #noted = 0
  #unwritten: string[] = []

  constructor(journal: RunJournal, begun: Begun, events: readonly RunEvent[]) {
    this.#journal = journal
    this.#begun = begun
    this.#events = events
  }

  /** Characters that were noted so far. */
  get chars(): number {
    return this.#log.chars
  }

  /** Writes all that has happened into the journal; false where that is too much for it. */
  write(): boolean {
    this.#note()
    if (this.#log.isTooLarge) return false
    const { runId } = this.#begun.record
    const text = this.#unwritten.join(',')
    this.#unwritten = []
    if (!this.#journal.has(runId)) this.#journal.begin(runId, this.#begun, text)
    else if (text !== '') this.#journal.add(runId, text)
    return true
  }

  /** The run as text, for its row; null where it is too large. */
  toText(): string | null {
    this.#note()
    return this.#log.toText(this.#begun.record)
  }

  #note(): void {
    if (this.#noted === this.#events.length) return
    this.#unwritten.push(this.#log.add(this.#events.slice(this.#noted)))
    this.#noted = this.#events.length
  }
}
