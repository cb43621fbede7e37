import jsonata from 'jsonata'
import { addDayFunctions } from './expression-days.ts'
import { guardExpression } from './expression-guard.ts'
import { LIMITS } from './expression-limits.ts'
import type { ExpressionScope } from './expression-moment.ts'
import { toPlainJson } from './plain-json.ts'
import { plainPathOf, walkPath } from './plain-path.ts'
import { costOf } from './regex-cost.ts'

/** A path an expression reads: `steps.orders.body.items` → ['steps', 'orders', 'body', 'items']. */
export type Reference = readonly string[]

type Part =
  | { text: string }
  | {
      expression: jsonata.Expression
      references: Reference[]
      source: string
      /** The names of an expression that is one plain path. */
      path: readonly string[] | null
    }

/** Raised for an expression that does not parse or does not evaluate; the message is for whoever wrote it. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
}

const BOUNDS = { stack: LIMITS.depth, sequence: LIMITS.sequence }
const MAX_CACHED = 1000
const MAX_LENGTH = 10_000
const MAX_CLOSINGS = 20
const MAX_PARTS = 1000
const SHOWN = 200
const MAX_MESSAGE = 1000

const compiled = new Map<string, readonly Part[]>()

/**
 * Fills a template: any JSON in whose strings `{{ … }}` is JSONata. A string that is nothing but one expression takes
 * the expression's value and type; otherwise the results are joined as text. What evaluates to nothing is left out of
 * objects and becomes null elsewhere.
 * @throws ExpressionError
 */
export async function evaluate(template: unknown, scope: ExpressionScope): Promise<unknown> {
  const value = readPlain(template, scope)
  return value === NOT_PLAIN ? evaluateEach(template, scope) : value
}

/** As `evaluate`, value by value, each as JSONata may come to it: in its time. */
async function evaluateEach(template: unknown, scope: ExpressionScope): Promise<unknown> {
  if (typeof template === 'string') return evaluateString(template, scope)
  if (Array.isArray(template)) return Promise.all(template.map(async (item) => (await evaluate(item, scope)) ?? null))
  if (typeof template !== 'object' || template === null) return template
  const entries = await Promise.all(
    Object.entries(template).map(async ([key, value]) => [key, await evaluate(value, scope)] as const),
  )
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

const NOT_PLAIN = Symbol('not plain')

/**
 * What a template gives whose expressions are plain paths, as those of most steps are: read at once, without a promise for
 * each value. `NOT_PLAIN` where any of it takes JSONata.
 */
function readPlain(template: unknown, scope: ExpressionScope): unknown {
  if (typeof template === 'string') return readPlainText(template, scope)
  if (typeof template !== 'object' || template === null) return template
  if (Array.isArray(template)) {
    const items: unknown[] = []
    for (const item of template) {
      const value = readPlain(item, scope)
      if (value === NOT_PLAIN) return NOT_PLAIN
      items.push(value ?? null)
    }
    return items
  }
  const object: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(template)) {
    const value = readPlain(inner, scope)
    // Set by its name, that one would be no property.
    if (value === NOT_PLAIN || key === '__proto__') return NOT_PLAIN
    if (value !== undefined) object[key] = value
  }
  return object
}

function readPlainText(template: string, scope: ExpressionScope): unknown {
  if (!template.includes('{{')) return template
  const parts = compile(template)
  let text = ''
  for (const part of parts) {
    if ('text' in part) {
      text += part.text
      continue
    }
    const walked = part.path && walkPath(part.path, scope)
    if (!walked) return NOT_PLAIN
    if (parts.length === 1) return walked.value
    text += asText(walked.value)
  }
  return text
}

/** Fills a text: what each of its expressions gives is put in as `write` writes it. @throws ExpressionError */
export async function fillText(
  template: string,
  scope: ExpressionScope,
  write: (value: unknown) => string,
): Promise<string> {
  const texts = await Promise.all(
    compile(template).map(async (part) => ('text' in part ? part.text : write((await run(part, scope)) ?? null))),
  )
  return texts.join('')
}

/** Every path that the expressions of a template read; `['steps']` alone stands for all of them. @throws ExpressionError */
export function referencesOf(template: unknown): Reference[] {
  if (typeof template === 'string')
    return compile(template).flatMap((part) => ('expression' in part ? part.references : []))
  if (typeof template !== 'object' || template === null) return []
  return Object.values(template).flatMap(referencesOf)
}

/** Whether a template holds an expression at all. */
export function hasExpression(template: unknown): boolean {
  if (typeof template === 'string') return template.includes('{{')
  return typeof template === 'object' && template !== null && Object.values(template).some(hasExpression)
}

async function evaluateString(template: string, scope: ExpressionScope): Promise<unknown> {
  if (!template.includes('{{')) return template
  const parts = compile(template)
  const only = parts[0]
  if (parts.length === 1 && only && 'expression' in only) return run(only, scope)
  const texts = await Promise.all(
    parts.map(async (part) => ('text' in part ? part.text : asText(await run(part, scope)))),
  )
  return texts.join('')
}

async function run(part: Extract<Part, { source: string }>, scope: ExpressionScope): Promise<unknown> {
  const walked = part.path && walkPath(part.path, scope)
  if (walked) return walked.value
  try {
    return toPlainJson(await part.expression.evaluate(scope))
  } catch (error) {
    throw new ExpressionError(`{{ ${part.source.slice(0, SHOWN)} }}: ${messageOf(error)}`, { cause: error })
  }
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function compile(template: string): readonly Part[] {
  const known = compiled.get(template)
  if (known) return known
  const parts = split(template)
  if (compiled.size >= MAX_CACHED) compiled.delete(compiled.keys().next().value ?? '')
  compiled.set(template, parts)
  return parts
}

function split(template: string): Part[] {
  const parts: Part[] = []
  let at = 0
  while (at < template.length) {
    const open = template.indexOf('{{', at)
    if (open === -1) break
    if (open > at) parts.push({ text: template.slice(at, open) })
    if (parts.length > MAX_PARTS) throw new ExpressionError(`a text has at most ${MAX_PARTS / 2} expressions`)
    const { part, end } = parseExpression(template, open)
    parts.push(part)
    at = end
  }
  if (at < template.length) parts.push({ text: template.slice(at) })
  return parts
}

/** JSONata's objects end in braces too, so the expression ends at the first `}}` that leaves something that parses. */
function parseExpression(template: string, open: number): { part: Part; end: number } {
  let problem: unknown = new Error('the closing }} is missing')
  let close = template.indexOf('}}', open)
  for (let tried = 0; close !== -1 && tried < MAX_CLOSINGS; tried++, close = template.indexOf('}}', close + 1)) {
    if (close - open > MAX_LENGTH) {
      problem = new Error(`an expression has at most ${MAX_LENGTH} characters`)
      break
    }
    const source = template.slice(open + 2, close).trim()
    try {
      const expression = jsonata(source, BOUNDS)
      addDayFunctions(expression)
      guardExpression(expression)
      const references = readReferences(expression.ast())
      return { part: { expression, source, references, path: plainPathOf(source) }, end: close + 2 }
    } catch (error) {
      problem = error
    }
  }
  throw new ExpressionError(`${template.slice(open, open + SHOWN)}: ${messageOf(problem)}`, { cause: problem })
}

function readReferences(ast: unknown): Reference[] {
  if (typeof ast !== 'object' || ast === null) return []
  if (Array.isArray(ast)) return ast.flatMap(readReferences)
  const node = ast as { type?: string; value?: unknown; steps?: { type?: string; value?: unknown }[] }
  if (node.value instanceof RegExp) costOf(node.value)
  const inner = Object.values(ast).flatMap(readReferences)
  // What $eval will read is not known before it runs: everything, to be safe.
  if (node.type === 'variable' && node.value === 'eval') return [['steps'], ...inner]
  if (node.type !== 'path' || !node.steps) return inner
  // `$$` names the whole scope from inside a predicate, and `$` does at the top.
  const [first] = node.steps
  const fromScope = first?.type === 'variable' && (first.value === '$' || first.value === '')
  const names = fromScope ? node.steps.slice(1) : node.steps
  const path: string[] = []
  for (const step of names) {
    if (step.type !== 'name' || typeof step.value !== 'string') break
    path.push(step.value)
  }
  return path[0] === 'steps' || path[0] === 'input' || path[0] === 'run' ? [path, ...inner] : inner
}

function messageOf(error: unknown): string {
  const told =
    error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)
      ? String(error.message)
      : String(error)
  const short = told.length > MAX_MESSAGE ? `${told.slice(0, MAX_MESSAGE)}…` : told
  const position = typeof error === 'object' && error !== null && 'position' in error ? error.position : undefined
  return typeof position === 'number' ? `${short} (at character ${position})` : short
}
