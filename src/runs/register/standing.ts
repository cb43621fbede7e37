import type { Conditions, Refusal } from './conditions.ts'

/** What D1 said of a workspace: its revision, and how many runs are open. */
export type Seen = { revision: number; open: number }

// So long what was seen of a workspace is taken for what is there, unless somebody tells of a change.
const FRESH_MS = 1000

/**
 * What a register knows of its workspace. It looks itself once a second while runs come in, and is told of every change
 * that is made through the API before that is answered.
 */
export class Standing {
  #seen: (Seen & { at: number }) | null = null
  #changes = 0

  /** Something of the workspace has changed, or is about to have. */
  changed(): void {
    this.#changes++
    this.#seen = null
  }

  /** Begins to look; what is given back takes what was seen, and counts for nothing where something has changed since. */
  look(now: number): (seen: Seen) => void {
    const changes = this.#changes
    return (seen) => {
      if (changes === this.#changes) this.#seen = { ...seen, at: now }
    }
  }

  /**
   * Whether a run may be accepted that was asked for at `since`, with so many `more` open than were seen; null when it
   * may, `look` when that is not known. Nobody is turned away on what was seen before they asked.
   */
  verdict(given: Partial<Conditions>, more: number, since: number, now: number): Refusal | 'look' | null {
    if (!this.#seen) return 'look'
    const { revision, open, at } = this.#seen
    const isNewer = at >= since
    if (!isNewer && at < now - FRESH_MS) return 'look'
    if (given.revision !== undefined && given.revision !== revision) return isNewer ? 'changed' : 'look'
    const isFull = given.maxConcurrency !== undefined && open + more >= given.maxConcurrency
    if (isFull) return isNewer ? 'full' : 'look'
    return null
  }
}
