import { mask } from './log.ts'

const encoder = new TextEncoder()
const KEEP_ALIVE_MS = 15_000

/** Everybody who watches one thing happen, as server-sent events (WHATWG HTML, section 9.2). */
export class Watchers<Event extends { type: string }> {
  readonly #open = new Set<ReadableByteStreamController>()
  #keepAlive: ReturnType<typeof setInterval> | undefined

  /** Whether anybody watches. */
  get any(): boolean {
    return this.#open.size > 0
  }

  /** A stream of `events`, which follow the one numbered `after`, then of those to come; it ends with what is watched. */
  watch(events: readonly Event[], after: number, finished: boolean): ReadableStream<Uint8Array> {
    let controller: ReadableByteStreamController
    return new ReadableStream({
      type: 'bytes',
      start: (opened) => {
        controller = opened
        events.forEach((event, index) => opened.enqueue(encode(after + index + 1, event)))
        if (finished) return opened.close()
        if (after === 0 && events.length === 0) opened.enqueue(encoder.encode(': waiting\n\n'))
        this.#open.add(opened)
        this.#keepAlive ??= setInterval(() => this.#send(encoder.encode(': keep-alive\n\n')), KEEP_ALIVE_MS)
      },
      cancel: () => this.#drop(controller),
    })
  }

  /** Tells everybody of an event. */
  publish(seq: number, event: Event): void {
    if (this.any) this.#send(encode(seq, event))
  }

  /** Ends every stream. */
  close(): void {
    for (const controller of this.#open) {
      try {
        controller.close()
      } catch {
        // The reader left in the meantime.
      }
      this.#drop(controller)
    }
  }

  #send(bytes: Uint8Array): void {
    for (const controller of this.#open) {
      try {
        controller.enqueue(bytes.slice())
      } catch {
        this.#drop(controller)
      }
    }
  }

  #drop(controller: ReadableByteStreamController): void {
    this.#open.delete(controller)
    if (this.#open.size > 0) return
    clearInterval(this.#keepAlive)
    this.#keepAlive = undefined
  }
}

function encode(seq: number, event: { type: string }): Uint8Array {
  return encoder.encode(`id: ${seq}\nevent: ${event.type}\ndata: ${JSON.stringify(mask(event))}\n\n`)
}
