type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'separator'

/**
 * Where a text stops being JSON (RFC 8259): the offset of the first character that cannot stand where it does, or the
 * length of the text when it ends too early. Of the errors of `JSON.parse` only some tell their place. Linear in time.
 */
export function jsonErrorOffset(text: string): number {
  const scanner = new Scanner(text)
  while (scanner.step());
  return scanner.at
}

class Scanner {
  at = 0
  readonly #text: string
  readonly #open: ('{' | '[')[] = []
  #expected: Expected = 'value'

  constructor(text: string) {
    this.#text = text
  }

  /** Reads one token; false where the text cannot go on as JSON. */
  step(): boolean {
    this.#skip(' \t\r\n')
    switch (this.#expected) {
      case 'value':
        return this.#value()
      case 'value or end':
        return this.#close(']') || this.#value()
      case 'key':
        return this.#key()
      case 'key or end':
        return this.#close('}') || this.#key()
      case 'colon':
        return this.#take(':') && this.#expect('value')
      case 'separator':
        return this.#separator()
    }
  }

  #expect(expected: Expected): true {
    this.#expected = expected
    return true
  }

  #take(char: string): boolean {
    if (this.#text[this.at] !== char) return false
    this.at++
    return true
  }

  /** Moves past characters of a set; true when there was one. */
  #skip(set: string): boolean {
    const start = this.at
    while (this.at < this.#text.length && set.includes(this.#text.charAt(this.at))) this.at++
    return this.at > start
  }

  #close(bracket: ']' | '}'): boolean {
    if (!this.#take(bracket)) return false
    this.#open.pop()
    return this.#expect('separator')
  }

  #separator(): boolean {
    const inside = this.#open.at(-1)
    if (inside === undefined) return false
    if (this.#take(',')) return this.#expect(inside === '{' ? 'key' : 'value')
    return this.#close(inside === '{' ? '}' : ']')
  }

  #key(): boolean {
    return this.#string() && this.#expect('colon')
  }

  #value(): boolean {
    switch (this.#text[this.at]) {
      case '{':
        return this.#enter('{', 'key or end')
      case '[':
        return this.#enter('[', 'value or end')
      case '"':
        return this.#string() && this.#expect('separator')
      case 't':
        return this.#word('true')
      case 'f':
        return this.#word('false')
      case 'n':
        return this.#word('null')
      default:
        return this.#number() && this.#expect('separator')
    }
  }

  #enter(bracket: '{' | '[', expected: Expected): true {
    this.#open.push(bracket)
    this.at++
    return this.#expect(expected)
  }

  #word(word: string): boolean {
    for (const char of word) if (!this.#take(char)) return false
    return this.#expect('separator')
  }

  #number(): boolean {
    this.#take('-')
    if (!this.#take('0') && !this.#digits()) return false
    if (this.#take('.') && !this.#digits()) return false
    if (!this.#take('e') && !this.#take('E')) return true
    if (!this.#take('+')) this.#take('-')
    return this.#digits()
  }

  #digits(): boolean {
    return this.#skip('0123456789')
  }

  #string(): boolean {
    if (!this.#take('"')) return false
    while (this.at < this.#text.length) {
      if (this.#take('"')) return true
      if (this.#text.charAt(this.at) < ' ') return false
      if (!this.#take('\\')) this.at++
      else if (!this.#escape()) return false
    }
    return false
  }

  /** What stands behind a backslash. */
  #escape(): boolean {
    if (this.#take('u')) return [1, 2, 3, 4].every(() => this.#hexDigit())
    if (this.at >= this.#text.length || !'"\\/bfnrt'.includes(this.#text.charAt(this.at))) return false
    this.at++
    return true
  }

  #hexDigit(): boolean {
    if (!/^[\da-f]$/i.test(this.#text.charAt(this.at))) return false
    this.at++
    return true
  }
}
