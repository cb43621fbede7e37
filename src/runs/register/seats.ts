// A run has its own object after a second; whatever has not been told of for this long has died.
const KEPT_MS = 5000

/** Runs that may go on and are told of only once they have ended or moved. */
export class Seats {
  readonly #until = new Map<string, number>()

  take(runId: string, now: number): void {
    this.#until.set(runId, now + KEPT_MS)
  }

  give(runId: string): void {
    this.#until.delete(runId)
  }

  /** How many there are. */
  count(now: number): number {
    for (const [runId, until] of this.#until) {
      // The first were taken first.
      if (until > now) break
      this.#until.delete(runId)
    }
    return this.#until.size
  }
}
