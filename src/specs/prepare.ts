import { AppError, type FieldError } from '../errors.ts'
import { DOCUMENTS } from './bundle.ts'
import { bundleExternals, settleReferences, type ExternalLimits, type ExternalReader } from './external.ts'
import { newFindings, type Findings } from './finding.ts'
import { importCurl, importDocument, looksLikeCurl, type ImportedAuth, type ImportWarning } from './import/index.ts'
import { lineOf } from './lines.ts'
import { isNode, isPrimitive, type Node } from './node.ts'
import type { Finding, Operation, Skipped } from './operation.ts'
import { parseDocument } from './parse.ts'
import { once, outlineSpec, readOperations, type Outline } from './read.ts'
import { upgradeSwagger2 } from './swagger2.ts'
import { swagger2Pointer } from './swagger2-pointer.ts'
import { invalid, validateDocument } from './validate.ts'

/** A document that can be connected: everything about it is known but its operations, which are read as they are asked for. */
export type Prepared = Outline & {
  operations: () => Generator<Operation>
  /** The credential that a curl command holds. */
  importedAuth: ImportedAuth | null
}

/** A parsed document; what it was made from has no pointers in common with a source that is `written` otherwise. */
type Parsed = { document: unknown; written: boolean; findings: Findings; auth: ImportedAuth | null }

// As many as anybody is shown; a line is looked up for these only.
const MAX_LINES = 200

/**
 * From the text of a document to its operations: parse → settle references → (upgrade) → validate → outline. Nothing is
 * fetched.
 * @throws AppError SPEC_EMPTY, SPEC_IS_HTML, SPEC_UNPARSEABLE, SPEC_TOO_COMPLEX; SPEC_INVALID when no operation of it can
 * be used, with each place, its line and what to do.
 */
export function prepareDocument(text: string, url: string | null): Prepared {
  const parsed = parse(text)
  try {
    settleReferences(parsed.document, url, parsed.findings)
    return outline(parsed, text, url)
  } catch (error) {
    throw withLines(error, parsed, text)
  }
}

/** As `prepareDocument`, with the documents that the document refers to, see `bundleExternals`. */
export async function prepareBundle(
  text: string,
  url: string | null,
  reader: ExternalReader,
  limits: ExternalLimits,
): Promise<Prepared> {
  const parsed = parse(text)
  try {
    await bundleExternals(reader, parsed.document, url, limits, parsed.findings)
    return outline(parsed, text, url)
  } catch (error) {
    throw withLines(error, parsed, text)
  }
}

function parse(text: string): Parsed {
  const findings = newFindings()
  if (looksLikeCurl(text)) return imported(importCurl(text), findings)
  const document = parseDocument(text, findings)
  // What bundling makes must not come with the document.
  if (isNode(document)) delete document[DOCUMENTS]
  const made = importDocument(document)
  return made ? imported(made, findings) : { document, written: true, findings, auth: null }
}

type Imported = { document: Node; warnings: ImportWarning[]; auth?: ImportedAuth | null }

function imported({ document, warnings, auth = null }: Imported, findings: Findings): Parsed {
  for (const { message } of warnings) findings.add('', message, 'Describe the API in an OpenAPI document instead.')
  return { document, written: false, findings, auth }
}

function outline(parsed: Parsed, text: string, url: string | null): Prepared {
  const found = isSwagger2(parsed.document)
    ? outlineSwagger2(parsed.document, url)
    : outlineOpenApi(parsed.document, url)
  const { findings, skipped, count } = found
  const all = once([...parsed.findings.all, ...findings], skipped)
  if (count === 0) throw invalid(nothingToCall(all, skipped))
  const lines = parsed.written ? linesOf(text, [...skipped.slice(0, MAX_LINES), ...all.slice(0, MAX_LINES)]) : new Map()
  const located = <T extends Finding>(one: T): T => ({ ...one, line: one.line ?? lines.get(one.path) ?? null })
  return { ...found, importedAuth: parsed.auth, findings: all.map(located), skipped: skipped.map(located) }
}

function outlineOpenApi(given: unknown, url: string | null): Omit<Prepared, 'importedAuth'> {
  const findings = newFindings()
  const document = validateDocument(given, url, findings)
  return { ...outlineSpec(document, url, findings), operations: () => readOperations(document, url) }
}

/** Swagger 2.0 is read as the OpenAPI 3.0 it amounts to. */
function outlineSwagger2(given: Node, url: string | null): Omit<Prepared, 'importedAuth'> {
  const found = outlineOpenApi(upgradeSwagger2(given), url)
  const original = <T extends Finding>(one: T): T => ({ ...one, path: swagger2Pointer(one.path) })
  return { ...found, openapi: '2.0', findings: found.findings.map(original), skipped: found.skipped.map(original) }
}

function isSwagger2(document: unknown): document is Node {
  if (!isNode(document)) return false
  const { swagger } = document
  return isPrimitive(swagger) && /^\s*2(\.0)?(\.0)?\s*$/.test(String(swagger))
}

function nothingToCall(findings: readonly Finding[], skipped: readonly Skipped[]): FieldError[] {
  const none = { path: '/paths', code: 'empty', message: 'has no operation that can be used' }
  const places = [...skipped, ...findings].map(({ path, message, line, fix }) =>
    line === null ? { path, code: 'skipped', message, fix } : { path, code: 'skipped', message, fix, line },
  )
  return [{ ...none, fix: 'Describe at least one operation under paths.' }, ...places]
}

/** The problem, each of its places with its line where it is known. */
function withLines(error: unknown, { written }: Parsed, text: string): unknown {
  if (!(error instanceof AppError) || !error.errors || !written) return error
  const lines = linesOf(text, error.errors)
  const errors = error.errors.map((one) => {
    const line = one.line ?? lines.get(one.path)
    return line === undefined ? one : { ...one, line }
  })
  return new AppError(error.code, error.message, { errors, cause: error })
}

function linesOf(text: string, places: readonly { path: string; line?: number | null }[]): Map<string, number> {
  const paths = [...new Set(places.filter(({ line }) => (line ?? null) === null).map(({ path }) => path))]
  const lines = paths.length > 0 ? lineOf(text, paths) : []
  return new Map(paths.flatMap((path, index) => (lines[index] ? [[path, lines[index]] as const] : [])))
}
