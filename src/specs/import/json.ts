export { asNode, isNode, list as listOf, text as textOf, type Node } from '../node.ts'

/** The value of a JSON text, or undefined where it is none. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Whether a media type is JSON (RFC 6839, section 3.1). */
export function isJsonType(contentType: string): boolean {
  return /^(?:application|text)\/(?:[\w.-]+\+)?json\b/i.test(contentType.trim())
}

/** A media type without its parameters, in lower case. */
export function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}
