/** One element of a JSON array as text, with the line it begins on, counted from 1. */
export type JsonElement = { line: number; text: string }

/** Raised where a text is no JSON array. */
export class JsonArrayError extends Error {
  override readonly name = 'JsonArrayError'
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

/**
 * Cuts a JSON array into its elements as it comes in, so that it need not be held as a whole: `push` takes the next piece
 * of text and gives the elements that are complete, `end` checks that the array was closed. The elements are cut out,
 * not parsed: whether each is JSON is for the caller to see.
 * @throws JsonArrayError
 */
export function createJsonArrayReader(): { push: (text: string) => JsonElement[]; end: () => void } {
  let place: 'before' | 'inside' | 'after' = 'before'
  let parts = ''
  let depth = 0
  let inString = false
  let escaped = false
  let line = 1
  let begun = 1
  let count = 0

  function cut(last: boolean): JsonElement | null {
    const text = parts.trim()
    parts = ''
    if (text === '' && last && count === 0) return null
    if (text === '') throw new JsonArrayError(line, 'an element is missing between two commas or at the end')
    count++
    return { line: begun, text }
  }

  /** Takes one character between brackets, outside of strings. */
  function step(char: string): JsonElement | null {
    if (depth === 0 && char === ',') return cut(false)
    if (depth === 0 && char === ']') {
      place = 'after'
      return cut(true)
    }
    if (char === '"') inString = true
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
    if (depth < 0) throw new JsonArrayError(line, 'a bracket is closed that was not opened')
    if (parts === '') {
      if (isSpace(char)) return null
      begun = line
    }
    parts += char
    return null
  }

  function within(char: string): void {
    parts += char
    if (escaped) escaped = false
    else if (char === '\\') escaped = true
    else if (char === '"') inString = false
  }

  return {
    push(text) {
      const elements: JsonElement[] = []
      for (const char of text) {
        if (char === '\n') line++
        if (place === 'inside' && inString) within(char)
        else if (place === 'inside') {
          const element = step(char)
          if (element) elements.push(element)
        } else if (place === 'before' && char === '[') place = 'inside'
        else if (!isSpace(char)) throw new JsonArrayError(line, 'the text is not one JSON array')
      }
      return elements
    },
    end() {
      if (place !== 'after') throw new JsonArrayError(line, 'the array is not closed')
    },
  }
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t'
}
