import { Sockets } from '../platform/sockets.ts'
import { Watchers } from '../platform/watchers.ts'
import { EventLog } from './event-log.ts'
import type { RunEvent } from './machine/events.ts'
import type { RunRecord } from './record.ts'

const FLUSH_MS = 50

/**
 * What the object of a run keeps, and who is told of it: the log, which is written together every now and then, or at
 * once where somebody watches, and those who watch.
 */
export class RunStore {
  readonly log: EventLog
  readonly #storage: DurableObjectStorage
  readonly #watchers = new Watchers<RunEvent>()
  readonly #sockets: Sockets<RunEvent>
  #path = ''
  #flushTimer: ReturnType<typeof setTimeout> | undefined
  /** What else is to be written the next time. */
  #also: (() => void) | null = null

  constructor(state: DurableObjectState) {
    this.#storage = state.storage
    this.log = new EventLog(state.storage, (id) => `${this.#path}/values/${id}`)
    this.#sockets = new Sockets(state, this.log)
  }

  /** Says which run it is; large values are to be had under its path. */
  belongTo({ runId }: RunRecord): void {
    this.#path = `/api/executions/${runId}`
  }

  /** Takes an event in. */
  keep(event: RunEvent): void {
    const seq = this.log.append(event)
    if (this.#watchers.any || this.#sockets.any) {
      this.log.flush()
      this.#watchers.publish(seq, this.log.lighten(event))
      this.#sockets.publish()
    } else
      this.#flushTimer ??= setTimeout(() => {
        this.#flushTimer = undefined
        this.flush()
      }, FLUSH_MS)
  }

  /** Has something written together with the events that are written next. */
  withNext(write: () => void): void {
    this.#also = write
  }

  /** Writes what is not written yet, in one turn, so that it is one writing to the disk. */
  flush(): void {
    this.#also?.()
    this.#also = null
    this.log.flush()
  }

  /** Returns once everything kept so far outlives a crash. */
  async settle(): Promise<void> {
    this.flush()
    await this.#storage.sync()
  }

  /** Server-sent events after the one numbered `after`; see `Watchers`. */
  watch(after: number, finished: boolean): ReadableStream<Uint8Array> {
    return this.#watchers.watch(this.log.after(after), after, finished)
  }

  /** A WebSocket of the events after the one numbered `after`; see `Sockets`. */
  accept(after: number, finished: boolean): Response {
    this.flush()
    return this.#sockets.accept(after, finished)
  }

  /** Sends sockets that outlived the object what they have not been sent. */
  catchUp(): void {
    this.#sockets.publish()
  }

  /** A socket has closed. */
  recount(): void {
    this.#sockets.recount()
  }

  /** Nothing more will happen. */
  close(): void {
    this.#watchers.close()
    this.#sockets.close()
  }

  /** Nothing of the run stays. */
  async forget(): Promise<void> {
    clearTimeout(this.#flushTimer)
    this.log.close()
    this.#also = null
    await this.#storage.deleteAlarm()
    await this.#storage.deleteAll()
    // What breaks the object off must not take this back.
    await this.#storage.sync()
  }
}
