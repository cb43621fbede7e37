import { valueOf } from '../runs/machine/lists.ts'

/** A result as a table: its rows, and how many there are in all where that is known. */
export type Table = { rows: Record<string, unknown>[]; total: number | null; single: boolean }

const TOTALS = /^(?:total|count|total[_-]?count|total[_-]?items|total[_-]?results)$/i

/**
 * The rows in what a run came to: the items of a list, wherever it is wrapped in a page; a single thing is one row. Null
 * where it is neither, a number or a text.
 */
export function tableOf(output: unknown): Table | null {
  const value = valueOf(output)
  if (Array.isArray(value)) {
    // What a loop gives is the list of what its iterations gave.
    const parts = value.map(valueOf)
    const items = parts.every(Array.isArray) ? parts.flat() : parts
    return { rows: items.map(toRow), total: items.length, single: false }
  }
  if (!isObject(value)) return null
  const list = listIn(value)
  if (!list) return { rows: [value], total: 1, single: true }
  const total = Object.entries(value).find(([name, count]) => TOTALS.test(name) && typeof count === 'number')?.[1]
  return { rows: list.map(toRow), total: typeof total === 'number' ? total : null, single: false }
}

/** The list that a page holds; a thing with an identity of its own, as an order with its lines, is no page. */
function listIn(value: Record<string, unknown>): unknown[] | null {
  if ('id' in value) return null
  const lists = Object.values(value).filter((inner): inner is unknown[] => Array.isArray(inner))
  return lists.find((list) => list.some(isObject)) ?? (lists.length === 1 ? (lists[0] ?? null) : null)
}

function toRow(item: unknown): Record<string, unknown> {
  return isObject(item) ? item : { value: item }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
