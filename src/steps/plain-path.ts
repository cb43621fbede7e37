/** What a walk along a path came to; JSONata has to say where it met anything but plain objects. */
export type Walked = { value: unknown } | null

const PLAIN = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/
// Words that JSONata does not read as names, wherever they stand.
const WORDS = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function'])

/** The names of an expression that is one plain path, such as `steps.orders.body.total`; null for any other. */
export function plainPathOf(source: string): readonly string[] | null {
  if (!PLAIN.test(source)) return null
  const names = source.split('.')
  return names.some((name) => WORDS.has(name)) ? null : names
}

/**
 * Reads a plain path from a scope, as JSONata would. Null where it meets a list, which JSONata goes into, so that only
 * what needs no rule of its own is answered here.
 */
export function walkPath(names: readonly string[], scope: object): Walked {
  let value: unknown = scope
  for (const name of names) {
    if (typeof value !== 'object' || value === null) return { value: undefined }
    if (Array.isArray(value)) return null
    value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  }
  return Array.isArray(value) ? null : { value }
}
