import type { InputSpec } from '../inputs/input-values.ts'
import { formatOf, formatOfFile, type Format } from './format.ts'

/** Where the inputs of a batch come from; `format` is null as long as nobody has chosen one. */
export type Source = { kind: 'paste' | 'file'; text: string; file: File | null; format: Format | null }

/** Nothing given yet. */
export const NO_SOURCE: Source = { kind: 'paste', text: '', file: null, format: null }

/** How large the inputs of a batch may be together. */
export const MAX_BYTES = 20_000_000

/** The format of a source: the one that was chosen, or the one it looks like. */
export function formatOfSource({ kind, text, file, format }: Source): Format {
  if (format !== null) return format
  return kind === 'file' ? formatOfFile(file?.name ?? '') : formatOf(text)
}

/** What is to be sent; null while there is nothing. */
export function bodyOf({ kind, text, file }: Source): Blob | null {
  if (kind === 'file') return file
  return text.trim() === '' ? null : new Blob([text])
}

/** Two rows as they could be written for these inputs. */
export function exampleOf(inputs: readonly InputSpec[], format: Format): string {
  const names = inputs.map(({ name }) => name)
  if (format === 'csv') return `${names.join(',')}\n${names.map(() => '…').join(',')}\n`
  const row = JSON.stringify(Object.fromEntries(names.map((name) => [name, '…'])))
  return format === 'json' ? `[\n  ${row},\n  ${row}\n]` : `${row}\n${row}`
}
