import { escapeToken } from '../../lib/json-pointer.ts'

/** A place in a value: property names and indices. */
export type Tokens = readonly (string | number)[]

const NAME = /^[A-Za-z_]\w*$/
// Names that JSONata reads as something else.
const KEYWORDS = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function'])
const STEP = /\.([A-Za-z_]\w*)|\.`([^`]+)`|\[(0|[1-9]\d{0,8})\]/y

/** A plain path in JSONata, or null where a name cannot be written in it. */
export function formatPath(root: string, tokens: Tokens): string | null {
  let text = root
  for (const token of tokens) {
    if (typeof token === 'number') text += `[${token}]`
    else if (NAME.test(token) && !KEYWORDS.has(token)) text += `.${token}`
    else if (token === '' || /[`{}]/.test(token)) return null
    else text += `.\`${token}\``
  }
  return text
}

/** Reads a plain path in JSONata, `steps.orders.body.items[0].id`; null for any other expression. */
export function parsePath(text: string): Tokens | null {
  const root = /^[A-Za-z_]\w*/.exec(text)?.[0]
  if (root === undefined) return null
  const tokens: (string | number)[] = [root]
  STEP.lastIndex = root.length
  while (STEP.lastIndex < text.length) {
    const [, name, quoted, index] = STEP.exec(text) ?? []
    const token = name ?? quoted ?? (index === undefined ? undefined : Number(index))
    if (token === undefined) return null
    tokens.push(token)
  }
  return formatPath(root, tokens.slice(1)) === text ? tokens : null
}

/** What follows a runtime expression: a JSON pointer behind `#`, or names and indices as some write them. */
export function parseTail(text: string): Tokens | null {
  const pointer = text.startsWith('#') ? text.slice(1) : null
  if (pointer === '' || text === '') return []
  if (pointer !== null) {
    if (!pointer.startsWith('/')) return null
    return pointer
      .slice(1)
      .split('/')
      .map((token) => toToken(token.replaceAll('~1', '/').replaceAll('~0', '~')))
  }
  const tokens: (string | number)[] = []
  const part = /\.([\w$-]+)|\[(\d+)\]|\['([^']+)'\]/y
  while (part.lastIndex < text.length) {
    const [, name, index, quoted] = part.exec(text) ?? []
    const token = name ?? index ?? quoted
    if (token === undefined) return null
    tokens.push(quoted ?? toToken(token))
  }
  return tokens
}

/** A place as the fragment of a runtime expression, `#/items/0/id`; nothing for the whole. */
export function formatTail(tokens: Tokens): string {
  return tokens.length === 0 ? '' : `#${tokens.map((token) => `/${escapeToken(token)}`).join('')}`
}

function toToken(text: string): string | number {
  return /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : text
}
