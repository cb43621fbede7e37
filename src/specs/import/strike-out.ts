import { isNode } from './json.ts'

const MIN_LENGTH = 6
/** More than so many are not looked for in every text, which takes too long. */
export const MAX_SEARCHED = 500
// Where words of the source go; everything else in a document is made here.
const WORDS = new Set(['title', 'summary', 'description', 'tags'])

/** Texts that must not get into a document. What is too short to be one would strike out words. */
export class SecretTexts {
  readonly all = new Set<string>()

  add(value: unknown): void {
    if (typeof value !== 'string') return
    const text = value.trim()
    // What is left for somebody else to fill in is no secret.
    if (text.length >= MIN_LENGTH && !text.includes('{{')) this.all.add(text)
  }

  /** A document with the secrets in its words struck out; with very many secrets, without its words. */
  strikeOut<T>(document: T): T {
    return this.all.size === 0 ? document : (this.#copy(document, false) as T)
  }

  #copy(value: unknown, words: boolean): unknown {
    if (typeof value === 'string') return words ? this.#struck(value) : value
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, words))
    if (!isNode(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#copy(item, WORDS.has(key))]))
  }

  #struck(text: string): string {
    if (this.all.size > MAX_SEARCHED) return ''
    let result = text
    for (const secret of this.all) result = result.replaceAll(secret, '***')
    return result
  }
}
