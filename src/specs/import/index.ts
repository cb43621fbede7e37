import type { ImportWarning } from './call.ts'
import { harLogIn, importHar } from './har.ts'
import { isNode } from './json.ts'
import { collectionIn, importPostman } from './postman.ts'

export type { ImportWarning } from './call.ts'
export { importCurl, looksLikeCurl, type ImportedAuth } from './curl.ts'
export { importEndpoints } from './endpoints.ts'
export { HandWrittenEndpoint } from './schema.ts'

/** An OpenAPI 3.1 document made of something else, and what of it was left out or taken otherwise. */
export type ImportedDocument = {
  kind: 'postman' | 'har'
  document: Record<string, unknown>
  warnings: ImportWarning[]
}

/**
 * Turns a parsed Postman collection or HAR recording into an OpenAPI 3.1 document; null when it is neither.
 * @throws AppError SPEC_INVALID, with JSON pointers, when it is one of them and cannot be used.
 */
export function importDocument(source: unknown): ImportedDocument | null {
  // What calls itself an OpenAPI document is taken at its word.
  if (!isNode(source) || 'openapi' in source || 'swagger' in source) return null
  const collection = collectionIn(source)
  if (collection) return { kind: 'postman', ...importPostman(collection) }
  const log = harLogIn(source)
  return log ? { kind: 'har', ...importHar(log) } : null
}
