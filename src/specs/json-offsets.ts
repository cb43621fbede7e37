import { forget, type Target } from './pointer-tree.ts'

type Open = { target: Target; list: boolean; index: number; named: boolean }

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])

/** Finds places in a text that is valid JSON; linear in time, and fast over what nothing is looked for in. */
export function jsonOffsets(text: string, root: Target): void {
  const open: Open[] = []
  let target: Target | null = root
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    const top = open.at(-1)
    if (char <= 0x20 || char === COLON) continue
    if (CLOSING.has(char)) open.pop()
    else if (char === COMMA && top) {
      top.index++
      top.named = false
    } else if (top && !top.list && !top.named) {
      const end = skipString(text, at)
      target = enterMember(top.target, text.slice(at, end), at)
      top.named = true
      at = end - 1
    } else {
      if (top?.list) target = enterItem(top, at)
      if (OPENING.has(char) && target && target.inner.size > 0)
        open.push({ target, list: text[at] === '[', index: 0, named: false })
      else at = skipValue(text, at, char) - 1
    }
  }
}

function enterItem(list: Open, offset: number): Target | null {
  const target = list.target.inner.get(String(list.index)) ?? null
  if (target) target.offset = offset
  return target
}

function enterMember(owner: Target, name: string, offset: number): Target | null {
  const target = owner.inner.get(name.includes('\\') ? unescaped(name) : name.slice(1, -1)) ?? null
  if (!target) return null
  forget(target)
  target.offset = offset
  return target
}

function unescaped(name: string): string {
  try {
    return String(JSON.parse(name))
  } catch {
    return ''
  }
}

/** The offset behind a value that starts here. */
function skipValue(text: string, start: number, char: number): number {
  if (char === QUOTE) return skipString(text, start)
  if (OPENING.has(char)) return skipContainer(text, start)
  let end = start + 1
  while (end < text.length && !',]} \t\r\n'.includes(text.charAt(end))) end++
  return end
}

/** The offset behind a string that starts here. */
function skipString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end + 1
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}

/** The offset behind an object or a list that starts here. */
function skipContainer(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) at = skipString(text, at) - 1
    else if (char === 0x7b || char === 0x5b) depth++
    else if ((char === 0x7d || char === 0x5d) && --depth === 0) return at + 1
  }
  return text.length
}
