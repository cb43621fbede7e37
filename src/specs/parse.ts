import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml'
import { AppError } from '../errors.ts'
import { checkExpansion } from './complexity.ts'
import { newFindings, type Findings } from './finding.ts'
import { jsonErrorOffset } from './json-error.ts'

const SCHEMA = CORE_SCHEMA.withTags(mergeTag)
// As deep as a document may be nested anyway; the merge keys are there against work without end.
const OPTIONS = { schema: SCHEMA, maxDepth: 250, maxTotalMergeKeys: 500_000 }
// How wide editors show a tab.
const TAB_WIDTHS = [2, 4, 8]

/**
 * The text of a specification as a JSON value: JSON when it starts like JSON, else YAML. What is wrong with the text and
 * can only be meant in one way becomes a finding: tabs for blanks, and a name that stands twice in one object.
 * @throws AppError SPEC_EMPTY, SPEC_IS_HTML, SPEC_TOO_COMPLEX, SPEC_UNPARSEABLE with line and column.
 */
export function parseDocument(source: string, findings: Findings = newFindings()): unknown {
  const text = source.replace(/^\uFEFF/, '')
  const start = /\S/.exec(text)?.index ?? text.length
  if (start === text.length) throw new AppError('SPEC_EMPTY', 'The document is empty.')
  if (/^<[!?/a-z]/i.test(text.slice(start, start + 2)))
    throw new AppError('SPEC_IS_HTML', 'The document is HTML or XML, not an OpenAPI document in JSON or YAML.')
  return looksLikeJson(text) ? parseJson(text) : parseYaml(text, findings)
}

/** Whether a text is read as JSON; any other is YAML. */
export function looksLikeJson(text: string): boolean {
  return /^\uFEFF?\s*[{[]/.test(text)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw unparseable('JSON', lineAndColumn(text, jsonErrorOffset(text)), '', error)
  }
}

function parseYaml(text: string, findings: Findings): unknown {
  const document = loadYaml(text, findings)
  checkExpansion(document)
  return document
}

function loadYaml(text: string, findings: Findings): unknown {
  try {
    return load(text, OPTIONS)
  } catch (error) {
    const saved = loadTwiceNamed(text, error, findings) ?? loadTabbed(text, findings)
    if (saved) return saved.document
    const mark = error instanceof YAMLException ? error.mark : undefined
    const where = mark ? { line: mark.line + 1, column: mark.column + 1 } : null
    throw unparseable('YAML', where, error instanceof YAMLException ? error.reason : '', error)
  }
}

/** JSON takes the last of two members of one name; YAML takes neither, though nobody can mean anything else. */
function loadTwiceNamed(text: string, error: unknown, findings: Findings): { document: unknown } | null {
  if (!(error instanceof YAMLException) || error.reason !== 'duplicated mapping key') return null
  const document = tryLoad(text, true)
  const line = error.mark ? error.mark.line + 1 : null
  const where = line === null ? '' : `; the first such place is in line ${line}`
  if (document)
    findings.all.push({
      path: '',
      message: `a name stands twice in one object, and the last one counts${where}`,
      line,
      fix: 'Remove one of the two, or give it another name.',
    })
  return document
}

/** YAML takes no tabs for indentation. */
function loadTabbed(text: string, findings: Findings): { document: unknown } | null {
  const tab = /^ *\t/m.exec(text)
  if (!tab) return null
  for (const width of TAB_WIDTHS) {
    const blanks = text.replaceAll(/^[ \t]*\t/gm, (start) => start.replaceAll('\t', ' '.repeat(width)))
    const document = tryLoad(blanks, true)
    if (!document) continue
    const { line } = lineAndColumn(text, tab.index)
    const fix = 'Indent with blanks: YAML takes no tabs there.'
    findings.all.push({ path: '', message: `is indented with tabs, first in line ${line}`, line, fix })
    return document
  }
  return null
}

function tryLoad(text: string, json: boolean): { document: unknown } | null {
  try {
    return { document: load(text, { ...OPTIONS, json }) }
  } catch {
    return null
  }
}

function unparseable(
  format: string,
  where: { line: number; column: number } | null,
  reason: string,
  cause: unknown,
): AppError {
  const place = where ? ` at line ${where.line}, column ${where.column}` : ''
  const message = `is not valid ${format}${place}${reason && `: ${reason}`}`
  const fix = `Correct the place, or write the document anew with a tool that writes valid ${format}.`
  return new AppError('SPEC_UNPARSEABLE', `The document ${message}.`, {
    errors: [{ path: '', code: 'syntax', message, ...(where && { line: where.line }), fix }],
    cause,
  })
}

function lineAndColumn(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
