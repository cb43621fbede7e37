import { readRuntime, type ExpressionContext, type Read } from './runtime.ts'

/** A simple condition (Arazzo 1.0.1, Criterion Object, Literals and Operators). */
export type Condition =
  | { kind: 'expression'; text: string }
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'not'; of: Condition }
  | { kind: 'and' | 'or' | Comparison; left: Condition; right: Condition }

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

const TOKEN =
  /\s*(?:(\{?\$[A-Za-z][\w.#/~-]*(?:\[(?:\d+|'[^']*')\][\w.#/~-]*)*\}?)|('(?:[^']|'')*'|"[^"]*")|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(true|false|null)\b|(==|!=|<=|>=|<|>|&&|\|\||!|\(|\)))/y
const COMPARISONS: ReadonlySet<string> = new Set<Comparison>(['==', '!=', '<', '<=', '>', '>='])
const MAX_TOKENS = 200

/** Reads a simple condition, which may stand in braces as a whole; null where it is none. */
export function parseCondition(text: string): Condition | null {
  const tokens = tokenize(/^\s*\{(\$[^{}]*)\}\s*$/.exec(text)?.[1] ?? text)
  if (!tokens || tokens.length > MAX_TOKENS) return null
  let at = 0

  function joined(operator: '||' | '&&', kind: 'or' | 'and', part: () => Condition | null): Condition | null {
    let left = part()
    while (left && tokens?.[at] === operator) {
      at++
      const right = part()
      left = right && { kind, left, right }
    }
    return left
  }
  const either = (): Condition | null => joined('||', 'or', both)
  const both = (): Condition | null => joined('&&', 'and', compared)
  function compared(): Condition | null {
    const left = unary()
    const operator = tokens?.[at]
    if (!left || typeof operator !== 'string' || !isComparison(operator)) return left
    at++
    const right = unary()
    return right && { kind: operator, left, right }
  }
  function unary(): Condition | null {
    const token = tokens?.[at++]
    if (token === '!') {
      const of = unary()
      return of && { kind: 'not', of }
    }
    if (token === '(') {
      const inner = either()
      return tokens?.[at++] === ')' ? inner : null
    }
    return typeof token === 'object' ? token : null
  }

  const whole = either()
  return at === tokens.length ? whole : null
}

function isComparison(text: string): text is Comparison {
  return COMPARISONS.has(text)
}

function tokenize(text: string): (string | Condition)[] | null {
  const tokens: (string | Condition)[] = []
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    const [, expression, quoted, number, word, operator] = TOKEN.exec(text) ?? []
    if (expression !== undefined) tokens.push({ kind: 'expression', text: expression.replaceAll(/[{}]/g, '') })
    else if (quoted !== undefined) tokens.push({ kind: 'literal', value: quoted.slice(1, -1).replaceAll("''", "'") })
    else if (number !== undefined) tokens.push({ kind: 'literal', value: Number(number) })
    else if (word !== undefined) tokens.push({ kind: 'literal', value: word === 'null' ? null : word === 'true' })
    else if (operator !== undefined) tokens.push(operator)
    else return null
  }
  return tokens
}

/**
 * A simple condition in JSONata. What is absent equals null and differs from everything else; texts are compared
 * regardless of case, as the specification has it.
 */
export function conditionToJsonata(condition: Condition, context: ExpressionContext): Read<string> {
  const { kind } = condition
  if (kind === 'literal') return { value: JSON.stringify(condition.value) }
  if (kind === 'expression') return readRuntime(condition.text, context)
  if (kind === 'not') {
    const of = conditionToJsonata(condition.of, context)
    return 'reason' in of ? of : { value: `(${of.value} ? false : true)` }
  }
  const left = conditionToJsonata(condition.left, context)
  const right = conditionToJsonata(condition.right, context)
  if ('reason' in left) return left
  if ('reason' in right) return right
  if (kind === 'and' || kind === 'or') return { value: `(${left.value} ${kind} ${right.value})` }
  if (kind !== '==' && kind !== '!=') return { value: `${left.value} ${kind} ${right.value}` }
  return { value: equality(kind, { of: condition.left, text: left.value }, { of: condition.right, text: right.value }) }
}

type Side = { of: Condition; text: string }

function equality(kind: '==' | '!=', left: Side, right: Side): string {
  const literal = [left, right].find(({ of }) => of.kind === 'literal')
  const value = literal?.of.kind === 'literal' ? literal.of.value : undefined
  const other = literal === left ? right : left
  if (value === null) {
    const present = `${other.text} != null`
    return kind === '!=' ? present : `$not(${present})`
  }
  const equal =
    typeof value === 'string'
      ? `$lowercase($string(${other.text})) = ${JSON.stringify(value.toLowerCase())}`
      : `${left.text} = ${right.text}`
  return kind === '==' ? equal : `$not(${equal})`
}

/** Whether a condition that asks for nothing but `$statusCode` holds for a status; null where it asks for more. */
export function holdsForStatus(condition: Condition, status: number): boolean | null {
  if (condition.kind === 'literal' || condition.kind === 'expression') return null
  if (condition.kind === 'not') {
    const of = holdsForStatus(condition.of, status)
    return of === null ? null : !of
  }
  const { kind } = condition
  if (kind === 'and' || kind === 'or') {
    const left = holdsForStatus(condition.left, status)
    const right = holdsForStatus(condition.right, status)
    if (left === null || right === null) return null
    return kind === 'and' ? left && right : left || right
  }
  const left = numberOf(condition.left, status)
  const right = numberOf(condition.right, status)
  return left === null || right === null ? null : compare(kind, left, right)
}

function numberOf(condition: Condition, status: number): number | null {
  if (condition.kind === 'expression') return condition.text === '$statusCode' ? status : null
  if (condition.kind !== 'literal' || condition.value === null) return null
  const value = Number(condition.value)
  return Number.isNaN(value) ? null : value
}

function compare(kind: Comparison, left: number, right: number): boolean {
  switch (kind) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    default:
      return kind satisfies never
  }
}
