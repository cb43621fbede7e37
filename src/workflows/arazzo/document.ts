import { AppError } from '../../errors.ts'
import { parseDocument } from '../../specs/parse.ts'
import { isArazzo } from './import.ts'
import { isRecord } from './json-schema.ts'

const MAX_DEPTH = 100
const MAX_WORKFLOWS = 100
// Each becomes a compiled expression.
const MAX_EXPRESSIONS = 10_000

/**
 * An Arazzo document as a JSON value: from its text in YAML or JSON, or already parsed.
 * @throws AppError ARAZZO_INVALID where it is none of a version that is read, SPEC_… where the text cannot be parsed.
 */
export function parseArazzo(source: string | Record<string, unknown>): Record<string, unknown> {
  const parsed = typeof source === 'string' ? parseText(source) : source
  if (isTooDeep(parsed)) throw invalid(`The document is nested deeper than ${MAX_DEPTH} levels, or holds itself.`)
  // Aliases of YAML are one object in several places, and numbers may be no JSON: from here on it is a tree of JSON.
  const text = JSON.stringify(parsed) ?? 'null'
  const document: unknown = JSON.parse(text)
  if (!isRecord(document)) throw invalid('The document is not an object.')
  if (!isArazzo(document)) {
    const says = JSON.stringify(document['arazzo'])
    throw invalid(
      `The document says ${says === undefined ? 'no version in arazzo' : `arazzo: ${says}`}; 1.0.x is read.`,
    )
  }
  const { workflows } = document
  if (!Array.isArray(workflows) || workflows.length === 0) throw invalid('The document has no workflows.')
  if (workflows.length > MAX_WORKFLOWS)
    throw invalid(`The document has ${workflows.length} workflows; at most ${MAX_WORKFLOWS} are read at once.`)
  let expressions = 0
  for (const _ of text.matchAll(/\{\{|\$(?:inputs|steps|response|statusCode|workflows|components)/g)) expressions++
  if (expressions > MAX_EXPRESSIONS)
    throw invalid(`The document has ${expressions} expressions; at most ${MAX_EXPRESSIONS} are read at once.`)
  return document
}

function parseText(text: string): unknown {
  try {
    return parseDocument(text)
  } catch (error) {
    if (error instanceof AppError && error.code === 'SPEC_IS_HTML') throw invalid('The document is HTML or XML.')
    throw error
  }
}

function isTooDeep(document: unknown): boolean {
  const open = [{ value: document, depth: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next
    if (typeof value !== 'object' || value === null) continue
    if (depth > MAX_DEPTH) return true
    for (const inner of Object.values(value)) open.push({ value: inner, depth: depth + 1 })
  }
  return false
}

function invalid(detail: string): AppError {
  return new AppError('ARAZZO_INVALID', detail)
}
