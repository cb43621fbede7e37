/**
 * Characters as bits: one for each of ASCII, one for all others. Whatever is not understood is taken for any character,
 * so that two sets that do not meet have no character in common.
 */
export type CharSet = bigint

/** A part of a regular expression, as far as it matters for how long matching may take. */
export type RegexNode =
  | { kind: 'chars'; set: CharSet }
  /** `^`, `$`, `\b` take no character; `before` are those that one may stand before. */
  | { kind: 'edge'; isStart: boolean; before: CharSet }
  | { kind: 'backreference' }
  | { kind: 'look'; body: RegexNode[][] }
  | { kind: 'group'; body: RegexNode[][] }
  | { kind: 'repeat'; min: number; max: number; node: RegexNode }

/** Every character. */
export const ANY: CharSet = (1n << 129n) - 1n
const OTHERS: CharSet = 1n << 128n

const DIGITS = range('0', '9')
const WORD = DIGITS | range('a', 'z') | range('A', 'Z') | one('_')
const SPACE = [...' \t\n\r\v\f'].reduce((set, char) => set | one(char), OTHERS)
const LINE_ENDS = one('\n') | one('\r')
const CLASSES: Readonly<Record<string, CharSet>> = {
  d: DIGITS,
  D: ANY & ~DIGITS,
  w: WORD,
  W: ANY & ~WORD,
  s: SPACE,
  S: ANY & ~(SPACE & ~OTHERS),
}
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v', f: '\f', b: '\b' }

function one(char: string): CharSet {
  const code = char.charCodeAt(0)
  return code < 128 ? 1n << BigInt(code) : OTHERS
}

function range(from: string, to: string): CharSet {
  let set = to.charCodeAt(0) > 127 ? OTHERS : 0n
  for (let code = from.charCodeAt(0); code <= Math.min(127, to.charCodeAt(0)); code++) set |= 1n << BigInt(code)
  return set
}

/** The alternatives of a regular expression that the runtime has taken; null where it has something new in it. */
export function parseRegex(regex: RegExp): RegexNode[][] | null {
  const parser = new Parser(regex)
  const alternatives = parser.alternatives()
  return parser.isDone ? alternatives : null
}

class Parser {
  readonly #source: string
  readonly #ignoreCase: boolean
  readonly #beforeEnd: CharSet
  #at = 0

  constructor({ source, ignoreCase, multiline }: RegExp) {
    this.#source = source
    this.#ignoreCase = ignoreCase
    this.#beforeEnd = multiline ? LINE_ENDS | OTHERS : 0n
  }

  get isDone(): boolean {
    return this.#at === this.#source.length
  }

  alternatives(): RegexNode[][] {
    const all: RegexNode[][] = [[]]
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      if (this.#take('|')) all.push([])
      else all.at(-1)?.push(this.#repeated(this.#atom()))
    }
    return all
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#source.slice(this.#at, this.#at + 100))
    this.#at += found?.[0].length ?? 0
    return found
  }

  #atom(): RegexNode {
    if (this.#match(/^\((?:\?:|(?!\?)|\?<(?![=!])[^>]*>)/)) return this.#closed('group')
    if (this.#match(/^\(\?<?[=!]/)) return this.#closed('look')
    if (this.#take('$')) return { kind: 'edge', isStart: false, before: this.#beforeEnd }
    if (this.#take('^')) return { kind: 'edge', isStart: true, before: ANY }
    if (this.#match(/^\\[bB]/)) return { kind: 'edge', isStart: false, before: ANY }
    if (this.#match(/^\\(?:[1-9]\d*|k<[^>]*>)/)) return { kind: 'backreference' }
    if (this.#take('[')) return { kind: 'chars', set: this.#class() }
    if (this.#take('.')) return { kind: 'chars', set: ANY & ~LINE_ENDS }
    return { kind: 'chars', set: this.#character().set }
  }

  #closed(kind: 'group' | 'look'): RegexNode {
    const body = this.alternatives()
    this.#at++
    return { kind, body }
  }

  #repeated(node: RegexNode): RegexNode {
    const found = this.#match(/^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/)
    if (!found) return node
    const [text, from, comma, to] = found
    if (from === undefined)
      return { kind: 'repeat', min: text[0] === '+' ? 1 : 0, max: text[0] === '?' ? 1 : Infinity, node }
    const max = to ? Number(to) : comma ? Infinity : Number(from)
    return { kind: 'repeat', min: Number(from), max, node }
  }

  #class(): CharSet {
    const negated = this.#take('^')
    let set: CharSet = 0n
    while (this.#at < this.#source.length && !this.#take(']')) {
      const first = this.#character()
      const isRange = first.char !== null && this.#source[this.#at] === '-' && this.#source[this.#at + 1] !== ']'
      if (!isRange) {
        set |= first.set
        continue
      }
      this.#at++
      const last = this.#character()
      set |= last.char === null ? ANY : this.#cased(range(first.char ?? '\0', last.char))
    }
    // What of the others is left when some of them are excluded is not known.
    return negated ? (ANY & ~set) | OTHERS : set
  }

  #character(): { char: string | null; set: CharSet } {
    const char = this.#source[this.#at++] ?? ''
    if (char !== '\\') return { char, set: this.#cased(one(char)) }
    const name = this.#source[this.#at++] ?? ''
    const known = CLASSES[name]
    if (known !== undefined) return { char: null, set: known }
    if (/[xucpP\d]/.test(name)) {
      this.#match(/^(?:\{[^}]*\}|[0-9A-Fa-f]{1,4}|[A-Za-z])/)
      return { char: null, set: ANY }
    }
    return { char: CONTROLS[name] ?? name, set: this.#cased(one(CONTROLS[name] ?? name)) }
  }

  #cased(set: CharSet): CharSet {
    if (!this.#ignoreCase) return set
    const upper = set & range('A', 'Z')
    const lower = set & range('a', 'z')
    return set | (upper << 32n) | (lower >> 32n)
  }
}
