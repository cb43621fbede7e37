import { formatPath } from './paths.ts'

/**
 * A JSONPath query in JSONata, over the value that `root` is a path of; null where it uses what JSONata has no form of.
 * A filter right behind `$` is taken to speak of the value itself where that is one object, as authors mean it.
 */
export function jsonPathToJsonata(query: string, root: string): string | null {
  const text = query.trim()
  if (!text.startsWith('$')) return null
  const reader = { text, at: 1, depth: 0 }
  const path = segments(reader, root)
  return path !== null && reader.at === text.length ? path : null
}

type Reader = { readonly text: string; at: number; depth: number }

const MAX_DEPTH = 50

const SEGMENT = /\.\.([A-Za-z_]\w*)|\.\*|\[\*\]|\.([A-Za-z_][\w-]*)|\['([^'\\]+)'\]|\["([^"\\]+)"\]|\[(-?\d+)\]/y
const OPERAND =
  /\s*(?:'((?:[^'\\]|\\['\\])*)'|"((?:[^"\\]|\\["\\])*)"|(-?\d+(?:\.\d+)?)|(true|false|null)\b|(count|length)\(\s*(?=[@$])|([@$]))/y
const COMPARISON = /\s*(==|!=|<=|>=|<|>)/y

function take(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at
  const found = pattern.exec(reader.text)
  if (found) reader.at = pattern.lastIndex
  return found
}

function skip(reader: Reader, text: string): boolean {
  while (reader.text[reader.at] === ' ') reader.at++
  if (!reader.text.startsWith(text, reader.at)) return false
  reader.at += text.length
  return true
}

function segments(reader: Reader, root: string): string | null {
  let path: string | null = root
  while (path !== null && reader.at < reader.text.length) {
    const filter = /\[\?/y
    if (take(reader, filter)) {
      const inner = either(reader)
      if (inner === null || !skip(reader, ']')) return null
      path = `${path}[${inner}]`
      continue
    }
    const segment = take(reader, SEGMENT)
    if (!segment) break
    const [whole, deep, plain, single, double, index] = segment
    const name = plain ?? single ?? double
    if (deep !== undefined) path = formatPath(`${path}.**`, [deep])
    else if (name !== undefined) path = formatPath(path, [name])
    // JSONata takes every item of a list by itself.
    else if (index !== undefined) path = `${path}[${Number(index)}]`
    else if (whole === '.*') path = `${path}.*`
  }
  return path
}

function either(reader: Reader): string | null {
  return joined(reader, '||', 'or', (inner) => joined(inner, '&&', 'and', compared))
}

function joined(
  reader: Reader,
  operator: string,
  word: string,
  part: (reader: Reader) => string | null,
): string | null {
  let left = part(reader)
  while (left !== null && skip(reader, operator)) {
    const right = part(reader)
    left = right === null ? null : `(${left} ${word} ${right})`
  }
  return left
}

function compared(reader: Reader): string | null {
  if (++reader.depth > MAX_DEPTH) return null
  if (take(reader, /\s*!(?!=)/y)) {
    const inner = compared(reader)
    return inner === null ? null : `(${inner} ? false : true)`
  }
  if (skip(reader, '(')) {
    const inner = either(reader)
    return inner !== null && skip(reader, ')') ? inner : null
  }
  const left = operand(reader)
  if (!left) return null
  const operator = take(reader, COMPARISON)?.[1]
  if (operator === undefined) return left.path ? `$exists(${left.text})` : null
  const right = operand(reader)
  if (!right) return null
  if (operator === '==') return `${left.text} = ${right.text}`
  // In JSONata nothing differs from what is absent; in JSONPath all but the absent does, and null authors mean as absent.
  if (operator === '!=' && right.text !== 'null') return `$not(${left.text} = ${right.text})`
  return `${left.text} ${operator} ${right.text}`
}

function operand(reader: Reader): { text: string; path: boolean } | null {
  const found = take(reader, OPERAND)
  if (!found) return null
  const [, single, double, number, word, call, root] = found
  const text = single ?? double
  if (text !== undefined) return { text: JSON.stringify(text.replaceAll(/\\(.)/g, '$1')), path: false }
  if (number !== undefined || word !== undefined) return { text: number ?? word ?? '', path: false }
  // `$` within a filter would need the whole value, which has no name there.
  if (root === '$') return null
  if (call === undefined) {
    const path = segments(reader, '$')
    return path === null ? null : { text: path.replace(/^\$\./, ''), path: true }
  }
  if (reader.text[reader.at] !== '@') return null
  reader.at++
  const path = segments(reader, '$')?.replace(/^\$\./, '')
  if (path === undefined || !skip(reader, ')')) return null
  return { text: call === 'count' ? `$count(${path})` : `$length($string(${path}))`, path: false }
}
