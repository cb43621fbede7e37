import { unusable } from './invalid.ts'

/** Whether a text is written for the command prompt of Windows: carets escape, and end the lines that go on. */
export function looksLikeCmd(text: string): boolean {
  return /\^[ \t]*\r?\n|\^"/.test(text)
}

/** Splits a text for the command prompt of Windows into commands and their words. */
export function splitCmd(text: string): string[][] {
  return withoutCarets(text.replaceAll('\r\n', '\n'))
    .map(wordsOf)
    .filter((words) => words.length > 0)
}

/** What cmd.exe hands on, one line a command: outside of plain quotes a caret takes the next character as it is. */
function withoutCarets(text: string): string[] {
  const lines: string[] = []
  let line = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '^' && !quoted) {
      const blank = /^\^[ \t]*\n/.exec(text.slice(at, at + 100))?.[0]
      at += blank === undefined ? 1 : blank.length - 1
      if (blank === undefined) line += text.charAt(at)
      // The character behind a continued line is taken as it is, even if it is the end of another one.
      else if (text[at + 1] === '\n') {
        line += '\n'
        at++
      }
    } else if (char === '\n') {
      lines.push(line)
      line = ''
      quoted = false
    } else {
      if (char === '"') quoted = !quoted
      line += char
    }
  }
  return [...lines, line]
}

/** How a C program on Windows splits its command line: a backslash escapes quotes, and itself before them. */
function wordsOf(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let quoted = false
  for (const [part] of line.matchAll(/\\+"?|""|"|[\s]|[^\\"\s]+/g)) {
    const escaped = /^(\\+)"$/.exec(part)?.[1]
    if (escaped !== undefined) {
      word = (word ?? '') + '\\'.repeat(Math.floor(escaped.length / 2))
      if (escaped.length % 2 === 1) word += '"'
      else quoted = !quoted
    } else if (part === '""' && quoted) word = `${word ?? ''}"`
    else if (part === '""') word ??= ''
    else if (part === '"') {
      word ??= ''
      quoted = !quoted
    } else if (/^\s$/.test(part) && !quoted) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + part
  }
  if (quoted)
    throw unusable('A quote " is not closed.', [
      { path: '', code: 'unclosed_quote', message: 'opens a quote " and never closes it' },
    ])
  return word === null ? words : [...words, word]
}
