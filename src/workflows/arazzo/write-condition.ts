import { writeRuntime, type Outputs } from './runtime.ts'

const TOKEN =
  /\s*(?:(and|or|true|false|null)(?![\w.`])|((?:steps|input)(?:\.\w+|\.`[^`]+`|\[\d+\])+)|"((?:[^"\\]|\\["\\])*)"|(-?\d+(?:\.\d+)?)|(!=|<=|>=|=|<|>|\(|\)))/y
const OPERATORS: Readonly<Record<string, string>> = { and: '&&', or: '||', '=': '==' }

/**
 * A template that decides, as a simple condition: comparisons of paths and literals, `and`, `or` and parentheses, which
 * bind in JSONata as they do there. Null for anything else.
 */
export function writeCondition(template: unknown, outputs: Outputs): string | null {
  const source = typeof template === 'string' ? /^\{\{([^{}]+)\}\}$/.exec(template)?.[1]?.trim() : undefined
  if (source === undefined) return null
  const words: string[] = []
  let paths = 0
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const [, word, path, text, number, operator] = TOKEN.exec(source) ?? []
    const runtime = path === undefined ? null : writeRuntime(path, outputs)
    if (word !== undefined || operator !== undefined)
      words.push(OPERATORS[word ?? operator ?? ''] ?? word ?? operator ?? '')
    else if (runtime !== null) words.push(runtime)
    else if (text !== undefined) words.push(`'${text.replaceAll(/\\(.)/g, '$1').replaceAll("'", "''")}'`)
    else if (number !== undefined) words.push(number)
    else return null
    if (path !== undefined) paths++
  }
  if (paths === 0) return null
  return words.length === 1 ? `${words[0]} == true` : words.join(' ')
}
