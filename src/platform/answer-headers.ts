/**
 * The headers of an answer, read out once: each access to the platform's own costs more than a look-up here, and every
 * call takes several. Names are in small letters; of `set-cookie`, the one header that may not be joined, the last stays.
 */
export class AnswerHeaders {
  readonly #values = new Map<string, string>()

  constructor(headers: Headers) {
    // Iterating over them would have the platform make a pair of each.
    headers.forEach((value, name) => void this.#values.set(name, value))
  }

  /** The value of a header whose name is given in small letters. */
  get(name: string): string | null {
    return this.#values.get(name) ?? null
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  keys(): IterableIterator<string> {
    return this.#values.keys()
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.#values[Symbol.iterator]()
  }
}
