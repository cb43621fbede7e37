import type { Result } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'

/**
 * Hono's router by a trie, which remembers what it found for the paths that stand in routes as they are. Its faster one,
 * by a regular expression, cannot hold two routes of which one is a case of the other (`/auth/{provider}/start`,
 * `/auth/test`). What it remembers is bounded by the routes there are.
 */
export class RememberingRouter<T> extends TrieRouter<T> {
  readonly #literal = new Set<string>()
  readonly #found = new Map<string, Result<T>>()

  override add(method: string, path: string, handler: T): void {
    if (!/[:*]/.test(path)) this.#literal.add(path)
    this.#found.clear()
    super.add(method, path, handler)
  }

  override match(method: string, path: string): Result<T> {
    if (!this.#literal.has(path)) return super.match(method, path)
    const name = `${method} ${path}`
    let found = this.#found.get(name)
    if (!found) this.#found.set(name, (found = super.match(method, path)))
    return found
  }
}
