import { load, YAMLException } from 'js-yaml'
import { AppError } from '../errors.ts'
import { jsonErrorOffset } from './json-error.ts'

/**
 * The text of a specification as a JSON value: JSON when it starts like JSON, else YAML.
 * @throws AppError SPEC_EMPTY, SPEC_IS_HTML, SPEC_UNPARSEABLE with line and column.
 */
export function parseDocument(source: string): unknown {
  const text = source.replace(/^\uFEFF/, '')
  const start = text.trimStart().slice(0, 200).toLowerCase()
  if (start === '') throw new AppError('SPEC_EMPTY', 'The document is empty.')
  if (start.startsWith('<'))
    throw new AppError('SPEC_IS_HTML', 'The document is HTML or XML, not an OpenAPI document in JSON or YAML.')
  return start.startsWith('{') || start.startsWith('[') ? parseJson(text) : parseYaml(text)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const where = lineAndColumn(text, jsonErrorOffset(text))
    throw new AppError('SPEC_UNPARSEABLE', `The document is not valid JSON at ${where}.`, { cause: error })
  }
}

function parseYaml(text: string): unknown {
  try {
    return load(text)
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const where = error.mark ? ` at line ${error.mark.line + 1}, column ${error.mark.column + 1}` : ''
    throw new AppError('SPEC_UNPARSEABLE', `The document is not valid YAML${where}: ${error.reason}.`, { cause: error })
  }
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
