import type { Result } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'

/**
 * Hono's router by a trie, which remembers what it found for the paths that stand in routes as they are. Its faster one,
 * by a regular expression, cannot hold two routes of which one is a case of the other (`/auth/{provider}/start`,
 * `/auth/test`). What it remembers is bounded by the routes there are.
 */
export class RememberingRouter<T> extends TrieRouter<T> {
  /** Path → method → what was found. */
  readonly #literal = new Map<string, Map<string, Result<T>>>()
  #remembers = false

  override add(method: string, path: string, handler: T): void {
    if (this.#remembers) for (const found of this.#literal.values()) found.clear()
    this.#remembers = false
    if (!/[:*]/.test(path) && !this.#literal.has(path)) this.#literal.set(path, new Map())
    super.add(method, path, handler)
  }

  override match(method: string, path: string): Result<T> {
    const known = this.#literal.get(path)
    if (!known) return super.match(method, path)
    let found = known.get(method)
    if (!found) {
      known.set(method, (found = super.match(method, path)))
      this.#remembers = true
    }
    return found
  }
}
