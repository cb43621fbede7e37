import { isValueRef, type ValueRef } from './value-ref.ts'

/** A row of a table. */
export type Row = Readonly<Record<string, unknown>>

/** What a result is, for showing it. */
export type Shape =
  | { kind: 'table'; rows: readonly Row[]; beside: Row }
  | { kind: 'list'; values: readonly unknown[] }
  | { kind: 'record'; record: Row }
  | { kind: 'scalar'; value: unknown }
  /** Too large to come along. */
  | { kind: 'elsewhere'; ref: ValueRef }
  | { kind: 'nothing' }

/** Lists of objects are tables, also when a page of them comes in an object with its cursor; a response is its body. */
export function shapeOf(output: unknown): Shape {
  if (output === null || output === undefined || output === '') return { kind: 'nothing' }
  if (isValueRef(output)) return { kind: 'elsewhere', ref: output }
  if (Array.isArray(output))
    return output.length > 0 && output.every(isRecord)
      ? { kind: 'table', rows: output, beside: {} }
      : { kind: 'list', values: output }
  if (!isRecord(output)) return { kind: 'scalar', value: output }
  if (isResponse(output)) return shapeOf(output['body'])
  const lists = Object.entries(output).filter(([, value]) => Array.isArray(value))
  const [name, list] = lists[0] ?? []
  const rest = Object.entries(output).filter(([key]) => key !== name)
  if (lists.length === 1 && Array.isArray(list) && list.every(isRecord) && rest.every(([, value]) => isPlain(value)))
    return { kind: 'table', rows: list, beside: Object.fromEntries(rest) }
  return { kind: 'record', record: output }
}

/** The columns of a table: every property any of the first rows has, in the order of their appearance. */
export function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.slice(0, 100).flatMap((row) => Object.keys(row)))]
}

/** Whether a value fits in a line. */
export function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null
}

function isRecord(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isResponse(output: Row): boolean {
  return typeof output['status'] === 'number' && isRecord(output['headers']) && 'body' in output
}
