import type { Ctx } from '../context.ts'
import { type Acceptance, acceptRun } from './accept.ts'
import type { Refusal } from './register/conditions.ts'
import type { RunStore } from './run-store.ts'

/** That a run is taken down by its register, which its object sees to while the run's reads may leave already. */
export class RunAcceptance {
  readonly #storage: DurableObjectStorage
  readonly #store: RunStore
  /** Null once it is accepted, and where somebody else saw to that. */
  #answer: Promise<Refusal | null> = Promise.resolve(null)

  constructor(storage: DurableObjectStorage, store: RunStore) {
    this.#storage = storage
    this.#store = store
  }

  /** The answer: null for a run that is accepted. */
  get answer(): Promise<Refusal | null> {
    return this.#answer
  }

  /** Asks the register; `refused` is called where it says no. What was asked for is remembered until it says yes. */
  ask(ctx: Ctx, { row, actor, caller = ctx.caller, given }: Acceptance, refused: () => void): void {
    const ask = async () => {
      const refusal = await acceptRun({ ...ctx, actor, caller }, row, given)
      if (refusal) refused()
      else this.#store.withNext(() => void this.#storage.delete('accepted', { allowUnconfirmed: true }))
      return refusal
    }
    this.#answer = ask()
    // Whoever waits for it is told; nobody may be.
    this.#answer.catch(() => undefined)
  }
}
