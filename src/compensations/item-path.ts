/**
 * A path template by its form: whatever its parameters are called, `/orders/{id}/items` and `/orders/{orderId}/items.json`
 * are the same.
 */
export function formOf(path: string): string {
  return path
    .replace(/\/$/, '')
    .replace(/\.(?:json|xml)$/, '')
    .replaceAll(/\{[^}]*\}/g, '{}')
}

/** The names of the parameters in a path template, in their order. */
export function namesIn(path: string): string[] {
  return [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)
}

/**
 * The values that a path was written with, by the names of its template; null where it is another path, or where two
 * parameters of one segment leave open which is which.
 */
export function valuesIn(template: string, path: string): Map<string, string> | null {
  if (template.split('/').some((segment) => namesIn(segment).length > 1)) return null
  const pattern = template.split(/\{[^}]*\}/).map((text) => RegExp.escape(text))
  const found = new RegExp(`^${pattern.join('([^/]+)')}$`).exec(path)
  if (!found) return null
  try {
    return new Map(namesIn(template).map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]))
  } catch {
    return null
  }
}
