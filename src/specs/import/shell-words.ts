import { ansiEscape } from './ansi-c.ts'
import { unusable } from './invalid.ts'

/** The commands of a pasted text, each as its words; nothing in it is carried out. */
export type ShellText = { commands: string[][]; variables: Set<string>; notes: Set<string> }

/**
 * Splits a text into commands and words as a POSIX shell does, `$'…'` of bash included: quotes, escapes, comments,
 * continued lines. Variables stay as they are written.
 * @throws AppError SPEC_INVALID for command and process substitution, and for a quote that is never closed.
 */
export function splitShell(text: string): ShellText {
  const reader = new ShellReader(text)
  while (reader.step());
  return reader.result
}

const NAME_AFTER_DOLLAR = /^\$(?:\{(\w+)[^}]*\}|([A-Za-z_]\w*))/

class ShellReader {
  readonly result: ShellText = { commands: [], variables: new Set(), notes: new Set() }
  readonly #text: string
  #at = 0
  #words: string[] = []
  #word: string | null = null
  /** Set behind a redirection: the word to come names a file. */
  #redirected = false

  constructor(text: string) {
    this.#text = text.replaceAll('\r\n', '\n')
  }

  /** Reads on; false at the end. */
  step(): boolean {
    const char = this.#text[this.#at]
    if (char === undefined) return this.#endCommand(false)
    if (char === '\\') return this.#backslash()
    if (char === "'") return this.#single()
    if (char === '"') return this.#double()
    if (char === '`') return this.#backtick()
    if (char === '$') return this.#dollar()
    if (char === ' ' || char === '\t') return this.#endWord(1)
    if (char === '\n' || char === ';' || char === '(' || char === ')') return this.#separate(1)
    if (char === '|') return this.#pipe()
    if (char === '&') return this.#ampersand()
    if (char === '<' || char === '>') return this.#redirect(char)
    if (char === '#' && this.#word === null) return this.#comment()
    return this.#add(char, 1)
  }

  #add(text: string, length: number): true {
    this.#word = (this.#word ?? '') + text
    this.#at += length
    return true
  }

  #endWord(length: number): true {
    if (this.#word !== null && !this.#redirected) this.#words.push(this.#word)
    if (this.#word !== null) this.#redirected = false
    this.#word = null
    this.#at += length
    return true
  }

  #endCommand(more: boolean): boolean {
    this.#endWord(0)
    this.#redirected = false
    if (this.#words.length > 0) this.result.commands.push(this.#words)
    this.#words = []
    return more
  }

  #separate(length: number): boolean {
    this.#endCommand(true)
    this.#at += length
    return true
  }

  #backslash(): boolean {
    const next = this.#text[this.#at + 1]
    if (next === '\n' || next === undefined) return this.#skip(2)
    return this.#add(next, 2)
  }

  #skip(length: number): true {
    this.#at += length
    return true
  }

  #comment(): boolean {
    const end = this.#text.indexOf('\n', this.#at)
    this.#at = end === -1 ? this.#text.length : end
    return true
  }

  #single(): boolean {
    const end = this.#text.indexOf("'", this.#at + 1)
    if (end === -1) throw this.#unclosed("'")
    return this.#add(this.#text.slice(this.#at + 1, end), end + 1 - this.#at)
  }

  #double(): boolean {
    this.#add('', 1)
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined) throw this.#unclosed('"')
      if (char === '"') return this.#add('', 1)
      if (char === '`') throw this.#substitution()
      if (char === '$') this.#dollarInQuotes()
      else if (char === '\\') this.#escapeInQuotes()
      else this.#add(char, 1)
    }
  }

  #escapeInQuotes(): void {
    const next = this.#text[this.#at + 1] ?? ''
    if (next === '\n') this.#at += 2
    else if (next !== '' && '"\\$`'.includes(next)) this.#add(next, 2)
    else this.#add('\\', 1)
  }

  #dollarInQuotes(): true {
    if (this.#text.startsWith('$(', this.#at)) throw this.#substitution()
    const [whole = '$', braced, bare] = NAME_AFTER_DOLLAR.exec(this.#text.slice(this.#at, this.#at + 200)) ?? []
    const name = braced ?? bare
    if (name !== undefined) this.result.variables.add(name)
    return this.#add(whole, whole.length)
  }

  #dollar(): boolean {
    if (this.#text.startsWith('$"', this.#at)) return this.#skip(1)
    if (!this.#text.startsWith("$'", this.#at)) return this.#dollarInQuotes()
    this.#add('', 2)
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined) throw this.#unclosed("'")
      if (char === "'") return this.#add('', 1)
      const [plain, length] = char === '\\' ? ansiEscape(this.#text, this.#at) : [char, 1]
      this.#add(plain, length)
    }
  }

  /** At the end of a line it continues a line of PowerShell. */
  #backtick(): boolean {
    if (/^`[ \t]*\n/.test(this.#text.slice(this.#at, this.#at + 100)))
      return this.#skip(this.#text.indexOf('\n', this.#at) + 1 - this.#at)
    throw this.#substitution()
  }

  #pipe(): boolean {
    const length = this.#text.startsWith('||', this.#at) ? 2 : 1
    return this.#separate(length)
  }

  /** Within a word, with a name and `=` behind it, it belongs to a URL that somebody forgot to quote. */
  #ampersand(): boolean {
    const inUrl = this.#word?.includes('?') === true && /^&[\w.[\]-]+=/.test(this.#text.slice(this.#at, this.#at + 200))
    if (inUrl) {
      this.result.notes.add('a URL with & is not in quotes: it is taken whole, a shell would cut it there')
      return this.#add('&', 1)
    }
    if (this.#text[this.#at + 1] === '>') return this.#skip(1)
    return this.#separate(this.#text.startsWith('&&', this.#at) ? 2 : 1)
  }

  #redirect(char: string): boolean {
    if (this.#text[this.#at + 1] === '(') throw this.#substitution()
    // A placeholder such as <id> is no redirection.
    const placeholder = /^<[\w -]+>/.exec(this.#text.slice(this.#at, this.#at + 100))?.[0]
    if (placeholder !== undefined) return this.#add(placeholder, placeholder.length)
    if (this.#word !== null && /^\d$/.test(this.#word)) this.#word = null
    this.#endWord(0)
    if (char === '<') this.result.notes.add('what would be read from a file (<) is left out')
    while ('<>&-'.includes(this.#text[this.#at] ?? ' ')) this.#at++
    this.#redirected = true
    return true
  }

  #substitution() {
    return unusable(
      'The text holds a command substitution, and nothing in it is run. Put in its place what it yields.',
      [{ path: '', code: 'substitution', message: `has a command substitution ${this.#place()}` }],
    )
  }

  #unclosed(quote: string) {
    return unusable(`A quote ${quote} is not closed.`, [
      { path: '', code: 'unclosed_quote', message: `opens a quote ${quote} ${this.#place()} and never closes it` },
    ])
  }

  #place(): string {
    const before = this.#text.slice(0, this.#at).split('\n')
    return `before line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
  }
}
