import { DurableObject } from 'cloudflare:workers'
import { admit, type Verdict, type Window } from './window.ts'

const SAVE_MS = 1000

/** What the object answers: whether the key it stands for still lives, and whether the request may pass. */
export type Admission = Verdict & { revoked: boolean }

/**
 * One object per limited thing (`key:…`, `session:…`). It counts, and for a key it is the authority on whether the key
 * still lives, since KV may serve an old copy for a minute.
 */
export class RateLimiter extends DurableObject<Env> {
  #window: Window = []
  #revoked = false
  #isToBeSaved = false

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    void state.blockConcurrencyWhile(async () => {
      const stored = await state.storage.get<Window | boolean>(['window', 'revoked'])
      this.#window = (stored.get('window') as Window | undefined) ?? []
      this.#revoked = stored.get('revoked') === true
    })
  }

  /** Counts one request against `limit` per minute. */
  admit(limit: number): Admission {
    if (this.#revoked) return { allowed: false, limit, remaining: 0, resetSeconds: 0, revoked: true }
    const { window, verdict } = admit(this.#window, limit, Date.now())
    this.#window = window
    // Written once a second: a lost second of counting admits at most that second's requests again.
    if (!this.#isToBeSaved) setTimeout(() => this.#save(), SAVE_MS)
    this.#isToBeSaved = true
    return { ...verdict, revoked: false }
  }

  #save(): void {
    this.#isToBeSaved = false
    void this.ctx.storage.put('window', this.#window, { allowUnconfirmed: true })
  }

  /** From now on the key is dead, for every isolate. */
  async revoke(): Promise<void> {
    this.#revoked = true
    await this.ctx.storage.put('revoked', true)
  }
}

/** Asks the object of `name` for room for one request. */
export async function askLimiter(env: Env, name: string, limit: number): Promise<Admission> {
  const namespace = env.RATE_LIMITER
  return namespace.get(namespace.idFromName(name)).admit(limit)
}
