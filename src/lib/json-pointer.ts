/** One reference token of a JSON pointer, escaped (RFC 6901, section 3). */
export function escapeToken(token: string | number): string {
  return String(token).replaceAll('~', '~0').replaceAll('/', '~1')
}

/** A JSON pointer from its tokens; no tokens give the whole document, `''`. */
export function toPointer(tokens: readonly (string | number)[]): string {
  return tokens.map((token) => `/${escapeToken(token)}`).join('')
}

const ARRAY_INDEX = /^(?:0|[1-9]\d*)$/

/**
 * The value a JSON pointer names (RFC 6901, section 4), or undefined where there is none, or where it is no pointer.
 * A leading `#` is taken as a URI fragment and percent-decoded.
 */
export function resolvePointer(document: unknown, pointer: string): unknown {
  const path = pointer.startsWith('#') ? decodeFragment(pointer.slice(1)) : pointer
  if (path === '') return document
  if (!path.startsWith('/')) return undefined
  let value: unknown = document
  for (const raw of path.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined
    const token = raw.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(value) && !ARRAY_INDEX.test(token)) return undefined
    if (!Object.hasOwn(value, token)) return undefined
    value = (value as Record<string, unknown>)[token]
  }
  return value
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
