import { toPointer } from '../../lib/json-pointer.ts'
import type { SecurityRequirement } from '../operation.ts'
import { SchemeRegistry, type ImportWarning } from './call.ts'
import { buildDocument } from './document.ts'
import { unusable } from './invalid.ts'
import { asNode, isNode, textOf, type Node } from './json.ts'
import { readPostmanAuth, type PostmanContext } from './postman-auth.ts'
import { noteSecrets, readPostmanRequest, type FoundRequest } from './postman-request.ts'
import { describe } from './postman-url.ts'
import { readVariables } from './postman-variables.ts'
import { SecretTexts } from './strike-out.ts'

const MAX_DEPTH = 30
const MAX_WARNINGS = 100

/** The collection in a document, or null where it is none; Postman's API wraps it in `collection`. */
export function collectionIn(source: Node): Node | null {
  const inner = source['collection']
  const collection = isNode(inner) && Object.keys(source).length === 1 ? inner : source
  const info = asNode(collection['info'])
  const stated = /postman/i.test(textOf(info['schema'])) || '_postman_id' in info
  const shaped = isNode(collection['info']) && Array.isArray(collection['item'])
  return stated || shaped || isVersion1(collection) ? collection : null
}

const isVersion1 = (collection: Node) =>
  Array.isArray(collection['requests']) && ('order' in collection || 'folders' in collection) && !('info' in collection)

/**
 * Turns a Postman collection, 2.0 or 2.1, into an OpenAPI document. Of the values in it only types stay.
 * @throws AppError SPEC_INVALID, with a JSON pointer for each place.
 */
export function importPostman(collection: Node): { document: Node; warnings: ImportWarning[] } {
  if (isVersion1(collection))
    throw unusable('The collection is in the format 1, which is not read. Export it as "Collection v2.1".', [
      { path: '/requests', code: 'unsupported', message: 'collections are read in the formats 2.0 and 2.1' },
    ])
  if (!Array.isArray(collection['item']))
    throw unusable('/item is missing or not a list.', [
      { path: '/item', code: 'invalid_type', message: 'must be a list' },
    ])
  const warnings: ImportWarning[] = []
  const secrets = new SecretTexts()
  const context: PostmanContext = {
    variables: readVariables(collection['variable'], secrets),
    schemes: new SchemeRegistry(),
    secrets,
    warn: (message) => {
      if (warnings.length < MAX_WARNINGS && !warnings.some((one) => one.message === message)) warnings.push({ message })
    },
  }
  const security = readPostmanAuth(collection['auth'], context)
  const found = requestsIn(collection['item'], '/item', [], security, context, 0)
  // Before any path is read: one request's secret may stand in the URL of another.
  for (const { request } of found) noteSecrets(request, context)
  const calls = found.flatMap((one) => readPostmanRequest(one, context) ?? [])
  if (calls.length === 0)
    throw unusable('The collection has no request that can be used.', [
      { path: '/item', code: 'empty', message: 'has no request with a URL' },
      ...warnings.map(({ message }) => ({ path: '/item', code: 'skipped', message })),
    ])
  const info = asNode(collection['info'])
  const document = buildDocument({
    title: textOf(info['name']) || 'Postman collection',
    description: describe(info['description']),
    calls,
    schemes: context.schemes.schemes,
    warnings,
  })
  return { document: secrets.strikeOut(document), warnings }
}

function requestsIn(
  items: unknown[],
  pointer: string,
  folders: string[],
  inherited: SecurityRequirement[] | undefined,
  context: PostmanContext,
  depth: number,
): FoundRequest[] {
  return items.flatMap((raw, index): FoundRequest[] => {
    const item = asNode(raw)
    const at = `${pointer}${toPointer([index])}`
    if (Array.isArray(item['item'])) {
      if (depth >= MAX_DEPTH) {
        context.warn(`${at} is left out: folders are nested too deeply`)
        return []
      }
      const name = textOf(item['name'])
      const security = readPostmanAuth(item['auth'], context) ?? inherited
      const inside = name === '' ? folders : [...folders, name]
      return requestsIn(item['item'], `${at}/item`, inside, security, context, depth + 1)
    }
    const request = typeof item['request'] === 'string' ? { url: item['request'] } : item['request']
    if (isNode(request)) {
      const security = readPostmanAuth(request['auth'], context) ?? inherited
      return [{ request, item, pointer: at, folders, security }]
    }
    context.warn(`${at} is left out: it is neither a request nor a folder`)
    return []
  })
}
