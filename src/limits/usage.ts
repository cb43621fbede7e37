/** What one source (a key, or people signed in) used on one day (UTC). */
export type Use = { day: string; source: string; requests: number; units: number; lastUsedAt: string }

const PREFIX = 'use:'

/**
 * The use of one workspace, counted by day and source since the object first stored it; what is handed on are totals, so
 * that handing them on twice changes nothing. No I/O, no clock of its own.
 */
export class UsageMeter {
  readonly #uses: Map<string, Use>
  readonly #changed = new Set<string>()
  readonly #unflushed: Set<string>

  /** `stored` is what `drain` once gave; all of it counts as not yet handed on. */
  constructor(stored: ReadonlyMap<string, unknown> = new Map()) {
    this.#uses = new Map([...stored].filter(([key]) => key.startsWith(PREFIX)) as [string, Use][])
    this.#unflushed = new Set(this.#uses.keys())
  }

  /** Adds to the day of `now`. */
  add(source: string, requests: number, units: number, now: number): void {
    if (requests === 0) return
    const lastUsedAt = new Date(now).toISOString()
    const day = lastUsedAt.slice(0, 10)
    const key = `${PREFIX}${day}/${source}`
    const use = this.#uses.get(key) ?? { day, source, requests: 0, units: 0, lastUsedAt }
    this.#uses.set(key, { ...use, requests: use.requests + requests, units: use.units + units, lastUsedAt })
    this.#changed.add(key)
    this.#unflushed.add(key)
  }

  /** Totals that were not yet handed on. */
  unflushed(): Use[] {
    return [...this.#unflushed].flatMap((key) => this.#uses.get(key) ?? [])
  }

  /** These totals were handed on; those of days that are over are forgotten. */
  flushed(uses: readonly Use[], now: number): void {
    const today = new Date(now).toISOString().slice(0, 10)
    for (const use of uses) {
      const key = `${PREFIX}${use.day}/${use.source}`
      if (this.#uses.get(key)?.requests !== use.requests) continue
      this.#unflushed.delete(key)
    }
    for (const [key, { day }] of this.#uses) {
      if (day >= today || this.#unflushed.has(key)) continue
      this.#uses.delete(key)
      this.#changed.add(key)
    }
  }

  /** What has changed since this was last asked, as entries to be stored and keys to be removed. */
  drain(): { put: Record<string, unknown>; gone: string[] } {
    const put: Record<string, unknown> = {}
    const gone: string[] = []
    for (const key of this.#changed) {
      const use = this.#uses.get(key)
      if (use) put[key] = use
      else gone.push(key)
    }
    this.#changed.clear()
    return { put, gone }
  }
}
