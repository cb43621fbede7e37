const PLAIN: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
}

/**
 * What an escape within `$'…'` stands for (bash manual, ANSI-C quoting), and how many characters it takes. `\x` and
 * octal escapes give bytes; those of a sequence are read together as UTF-8.
 */
export function ansiEscape(text: string, at: number): [plain: string, length: number] {
  const rest = text.slice(at, at + 400)
  const bytes = /^(?:\\x[\da-fA-F]{1,2}|\\[0-7]{1,3})+/.exec(rest)?.[0]
  if (bytes !== undefined) return [decodeBytes(bytes), bytes.length]
  const unicode = /^\\(?:u([\da-fA-F]{1,4})|U([\da-fA-F]{1,8}))/.exec(rest)
  if (unicode) {
    const code = Number.parseInt(unicode[1] ?? unicode[2] ?? '', 16)
    return [code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD', unicode[0].length]
  }
  const control = /^\\c([\x40-\x7f])/.exec(rest)
  if (control) return [String.fromCharCode((control[1] ?? '').charCodeAt(0) & 0x1f), 3]
  const next = rest[1]
  if (next === undefined) return ['\\', 1]
  return [PLAIN[next] ?? `\\${next}`, 2]
}

function decodeBytes(escapes: string): string {
  const values = [...escapes.matchAll(/\\(?:x([\da-fA-F]{1,2})|([0-7]{1,3}))/g)].map(([, hex, octal]) =>
    hex === undefined ? Number.parseInt(octal ?? '', 8) & 0xff : Number.parseInt(hex, 16),
  )
  return new TextDecoder().decode(new Uint8Array(values))
}
