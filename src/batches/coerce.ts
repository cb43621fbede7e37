const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/**
 * A cell of CSV as the type that an input's JSON Schema gives it. A text stays a text where the schema takes one, and
 * where it does not look like what the schema takes, so that the check can say so. An empty cell is `undefined`.
 */
export function coerceCell(schema: Readonly<Record<string, unknown>> | undefined, cell: string): unknown {
  if (cell === '') return undefined
  const types = [schema?.['type']].flat()
  if (types.includes('string')) return cell
  if (types.includes('integer') || types.includes('number')) {
    const value = NUMBER.test(cell) ? Number(cell) : Number.NaN
    // What a double cannot hold exactly, such as a long id, must not be changed quietly.
    const exact = Number.isSafeInteger(value) || (Number.isFinite(value) && !/^-?\d+$/.test(cell))
    if (exact) return value
  }
  if (types.includes('boolean') && (cell === 'true' || cell === 'false')) return cell === 'true'
  if (types.includes('null') && cell === 'null') return null
  if (types.includes('array') || types.includes('object')) return parseJson(cell)
  return cell
}

function parseJson(cell: string): unknown {
  try {
    return JSON.parse(cell)
  } catch {
    return cell
  }
}
