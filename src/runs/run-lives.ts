import type { RunDriver } from './driver.ts'
import { countLife, type Lives } from './recovery.ts'

/** So many lives without getting on are enough. */
export const MAX_LIVES = 20

/** Why a run is given up. */
export const DEADLY = `carrying it on was cut short ${MAX_LIVES} times without a step getting done`

/** How often the object of a run has died over it. */
export class RunLives {
  readonly #storage: DurableObjectStorage
  #counted = false

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /** This life needs no counting: it started the run itself. */
  spare(): void {
    this.#counted = true
  }

  /**
   * Whether carrying the run on has killed its object again and again without a step getting done, as an expression
   * that never ends does. Counted once a life, and before the work is taken up, since afterwards may never come.
   */
  async isDeadly({ record, state }: RunDriver): Promise<boolean> {
    if (this.#counted) return false
    this.#counted = true
    const before = await this.#storage.get<Lives>('lives')
    const counted = countLife(record.definition, state, before, Date.now())
    if (!counted) return false
    await this.#storage.put('lives', counted)
    await this.#storage.sync()
    return counted.lives > MAX_LIVES
  }
}
