import { toPointer } from '../lib/json-pointer.ts'
import { dereference } from './dereference.ts'
import { declaredEffect, effectOf } from './effect.ts'
import { asNode, isNode, list, quoted, text, type Node } from './node.ts'
import { METHODS, OTHER_METHODS, type Operation, type Skipped } from './operation.ts'
import { recognisePagination } from './pagination.ts'
import { readRequestBody, readSuccess } from './read-bodies.ts'
import { withoutCredentials } from './credential-parameters.ts'
import { readParameters } from './read-parameters.ts'
import { readSecurity } from './read-security.ts'
import { readOwnServer } from './read-servers.ts'
import { Unusable, type Reader } from './reader.ts'
import { isExtension } from './references.ts'

/** Each operation of a document, or why it cannot be used. */
export type Found = { operation: Operation } | { reason: Skipped }

/** One path of a document, as it is called and as it is written. */
type PathItem = { path: string; pointer: string; node: Node }

const VERBS = new Set<string>(METHODS)
const SENDABLE = new Set([...METHODS.map((method) => method.toUpperCase()), ...OTHER_METHODS])

/** Every operation of a document, in its order; whatever is odd on the way goes into the findings. */
export function* walkOperations(reader: Reader): Generator<Found> {
  const taken = new Set<string>()
  const shapes = new Map<string, string>()
  const ids = new Map<string, string>()
  for (const found of operationsOf(reader)) {
    if ('reason' in found) {
      yield found
      continue
    }
    const { item, method, node, pointer } = found
    const name = `${method} ${item.path}`
    try {
      if (taken.has(name))
        throw new Unusable('the same operation stands in the document already', 'Remove one of the two.')
      const operation = readOperation(reader, item, method, node, pointer)
      taken.add(name)
      tellOfTwins(reader, operation, pointer, shapes, ids)
      yield { operation }
    } catch (error) {
      if (!(error instanceof Unusable)) throw error
      yield skip(name, pointer, error.message, error.fix)
    }
  }
}

type Raw = { item: PathItem; method: string; node: Node; pointer: string } | { reason: Skipped }

function* operationsOf(reader: Reader): Generator<Raw> {
  for (const [written, raw] of Object.entries(reader.document.paths)) {
    if (isExtension(written)) continue
    const pointer = toPointer(['paths', written])
    if (!isNode(raw)) {
      reader.findings.add(
        pointer,
        'must be an object; there is no operation in it',
        'Describe its operations, or remove it.',
      )
      continue
    }
    const { node, broken } = dereference(reader.document, raw)
    if (broken !== null) {
      yield skip(written, pointer, `none of its operations is known: ${broken}`, 'Correct the reference.')
      continue
    }
    const { $ref: _, ...beside } = raw
    yield* operationsAt(reader, { path: callable(reader, written, pointer), pointer, node: { ...node, ...beside } })
  }
}

/** A path as it stands behind a base URL. */
function callable(reader: Reader, written: string, pointer: string): string {
  if (written.startsWith('/') || written.includes('://')) return written
  reader.findings.add(pointer, 'a path starts with /, and is taken as if it did', 'Write / before it.')
  return `/${written}`
}

function* operationsAt(reader: Reader, item: PathItem): Generator<Raw> {
  for (const [key, value] of Object.entries(item.node)) {
    const method = key.toLowerCase()
    const pointer = `${item.pointer}${toPointer([key])}`
    if (VERBS.has(key)) yield* operationAt(reader, item, key.toUpperCase(), value, pointer)
    else if (VERBS.has(method) && isNode(value))
      reader.findings.add(pointer, `is no method and passed over`, `Write it in lower case: ${method}.`)
    else if (key === 'additionalOperations')
      for (const [name, inner] of Object.entries(asNode(value)))
        yield* operationAt(reader, item, name, inner, `${pointer}${toPointer([name])}`)
  }
}

function* operationAt(reader: Reader, item: PathItem, method: string, value: unknown, pointer: string): Generator<Raw> {
  if (value === undefined || value === null) {
    reader.findings.add(pointer, 'is empty; there is no operation in it', 'Describe it, if only by {}, or remove it.')
    return
  }
  const name = `${method} ${item.path}`
  if (!isNode(value))
    yield skip(name, pointer, 'an operation must be an object', 'Describe the operation in an object.')
  else if (!SENDABLE.has(method))
    yield skip(name, pointer, `requests of the method ${quoted(method)} cannot be sent`, 'Use a method of HTTP.')
  else if (!item.path.startsWith('/'))
    yield skip(name, pointer, 'a path starts with /, and is no URL', 'Put scheme and host under servers.')
  else yield* settled(reader, item, method, value, pointer)
}

/** An operation may be a reference, though the specification does not provide for it. */
function* settled(reader: Reader, item: PathItem, method: string, value: Node, pointer: string): Generator<Raw> {
  const { node, broken } = dereference(reader.document, value)
  if (broken === null) yield { item, method, node, pointer }
  else yield skip(`${method} ${item.path}`, pointer, `it is not known: ${broken}`, 'Correct the reference.')
}

function readOperation(reader: Reader, item: PathItem, method: string, node: Node, pointer: string): Operation {
  const { path } = item
  const operationId = typeof node['operationId'] === 'string' ? node['operationId'] : null
  const success = readSuccess(reader, node)
  const security = readSecurity(reader.document, node, pointer, reader.findings)
  const parameters = readParameters(reader, path, item, { node, pointer })
  const operation = {
    method,
    path,
    operationId,
    summary: text(node['summary']) || text(item.node['summary']),
    description: text(node['description']) || text(item.node['description']),
    tags: list(node['tags']).filter((tag) => typeof tag === 'string'),
    deprecated: node['deprecated'] === true,
    parameters: withoutCredentials(reader.document, parameters, security),
    requestBody: readRequestBody(reader, method, node, pointer),
    response: success.schema,
    exampleTexts: success.examples,
    effect: declaredEffect(node) ?? effectOf({ method, path, operationId }),
    security,
    server: readServer(reader, item, node, pointer),
  }
  return { ...operation, pagination: recognisePagination(operation, success.headers) }
}

function readServer(
  { documentUrl, baseUrl, findings }: Reader,
  item: PathItem,
  node: Node,
  pointer: string,
): string | null {
  const own = list(node['servers']).length > 0
  const servers = own ? node['servers'] : item.node['servers']
  const url = readOwnServer(servers, `${own ? pointer : item.pointer}/servers`, documentUrl, findings)
  return url === baseUrl ? null : url
}

/** Operations that only differ in what nobody sees from outside, and ids that name two of them. */
function tellOfTwins(
  reader: Reader,
  operation: Operation,
  pointer: string,
  shapes: Map<string, string>,
  ids: Map<string, string>,
): void {
  const { method, path, operationId } = operation
  const shape = `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`
  const twin = shapes.get(shape)
  if (twin !== undefined)
    reader.findings.add(pointer, `is the same request as ${method} ${quoted(twin)}`, 'Leave one of the two paths.')
  shapes.set(shape, twin ?? path)
  if (operationId === null) return
  const other = ids.get(operationId)
  if (other !== undefined)
    reader.findings.add(
      `${pointer}/operationId`,
      `"${quoted(operationId)}" is the id of ${quoted(other)} too`,
      'Give each operation an id of its own.',
    )
  ids.set(operationId, other ?? `${method} ${path}`)
}

function skip(operation: string, path: string, message: string, fix: string): { reason: Skipped } {
  return { reason: { operation, path, message, line: null, fix } }
}
