import type { Needs } from './import-missing.ts'
import { calleeNames } from './import-callees.ts'
import { isRecord } from './json-schema.ts'
import { tell, textOf, type Importing } from './importing.ts'
import type { Read } from './runtime.ts'

/** An operation of a connected API; `parameters` and `body` are null where it is not known what it takes. */
export type ImportOperation = {
  operation: string
  operationId: string | null
  parameters: readonly { name: string; in: string }[] | null
  body: boolean | null
  /** What it cannot be called without, where that is known. */
  needs?: Needs
}

/** A connected API that steps of a document may call, with the operations that the document names. */
export type ImportApi = {
  slug: string
  name: string
  specUrl: string | null
  baseUrl: string
  operations: readonly ImportOperation[]
}

/** How a step names its operation: the source, if it says which, and an id, or a method and path (or a path alone). */
type OperationName = { source: string | null } & ({ operationId: string } | { operation: string })

/** A source description and the connected API that it is. */
export type Source = { name: string; slug: string; api: ImportApi | null; isOurs: boolean }

/**
 * An operation that a step calls; `known` where an API that is connected has it. `isOurs` says that an export of ours names
 * it, in which a call has what it had here.
 */
export type CallTarget = { api: string; operation: string; known: ImportOperation | null; isOurs: boolean }

/** What the steps of a document call their operations, and workflows of other documents, for looking these up before. */
export type Names = {
  operationIds: string[]
  operations: string[]
  paths: string[]
  workflows: ReturnType<typeof calleeNames>
}

export function namesOf(document: Record<string, unknown>): Names {
  const names = stepsOf(document).flatMap(readNames)
  const operations = names.flatMap((name) => ('operation' in name ? [name.operation] : []))
  return {
    operationIds: [...new Set(names.flatMap((name) => ('operationId' in name ? [name.operationId] : [])))],
    operations: [...new Set(operations.filter((operation) => !operation.startsWith('/')))],
    paths: [...new Set(operations.filter((operation) => operation.startsWith('/')))],
    workflows: calleeNames(document),
  }
}

function stepsOf(document: unknown): Record<string, unknown>[] {
  const workflows = isRecord(document) && Array.isArray(document['workflows']) ? document['workflows'] : []
  return workflows.flatMap((workflow: unknown) =>
    isRecord(workflow) && Array.isArray(workflow['steps']) ? workflow['steps'].filter(isRecord) : [],
  )
}

/** The names a step has for its operation, the surest first. */
function readNames(step: Record<string, unknown>): OperationName[] {
  const { operationId, operationPath, 'x-apiq-operation': own } = step
  const names: OperationName[] = []
  if (typeof own === 'string') names.push({ source: sourceIn(operationId ?? operationPath), operation: own })
  if (typeof operationId === 'string') names.push({ source: sourceIn(operationId), operationId: bareId(operationId) })
  if (typeof operationPath === 'string') {
    const operation = readOperationPath(operationPath)
    if (operation !== null) names.push({ source: sourceIn(operationPath), operation })
  }
  return names
}

/** The source that an operationId or operationPath names, by an expression or in front of the `#`. */
function sourceIn(text: unknown): string | null {
  const written = textOf(text)
  return /\$sourceDescriptions\.([A-Za-z0-9_-]+)/.exec(written)?.[1] ?? /^([^#{}$]+)#/.exec(written)?.[1] ?? null
}

function bareId(operationId: string): string {
  return /^\$sourceDescriptions\.[A-Za-z0-9_-]+\.(.+)$/.exec(operationId)?.[1] ?? operationId
}

/** `…#/paths/~1orders/get` as `GET /orders`, or as the path where no method follows. */
export function readOperationPath(text: string): string | null {
  const [, path, method] = /#\/paths\/([^/]+)(?:\/(\w+))?$/.exec(text) ?? []
  if (path === undefined) return null
  const template = decode(path).replaceAll('~1', '/').replaceAll('~0', '~')
  if (!template.startsWith('/') || /\s/.test(template)) return null
  return method === undefined ? template : `${method.toUpperCase()} ${template}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The source descriptions of a document, each with the connected API that it is; those that are none are told of. */
export function readSources(importing: Importing, apis: readonly ImportApi[]): Source[] {
  const { document } = importing
  const list: unknown[] = Array.isArray(document['sourceDescriptions']) ? document['sourceDescriptions'] : []
  const names = stepsOf(document)
    .map(readNames)
    .filter(({ length }) => length > 0)
  return list.flatMap((node, index): Source[] => {
    if (!isRecord(node) || typeof node['name'] !== 'string' || node['type'] === 'arazzo') return []
    const { name, 'x-apiq-api': own } = node
    const url = textOf(node['url'])
    const used = names.filter(
      ([first]) => first?.source === name || first?.source === url || (first?.source === null && list.length === 1),
    )
    const slug = typeof own === 'string' ? own : slugOf(name)
    // An export says which API it means: no other takes its place for the names of its operations.
    const api = findNamed({ slug, name, url }, apis) ?? (own === undefined ? guessApi(used, apis) : null)
    if (!api && used.length > 0)
      tell(
        importing,
        ['sourceDescriptions', index],
        `no connected API is "${name}" (${url})`,
        'Connect the API by its OpenAPI document, then import again.',
      )
    return [{ name, slug: api?.slug ?? slug, api, isOurs: own !== undefined }]
  })
}

/** The API of the slug, else of the URL, else of the name. */
function findNamed(source: { slug: string; name: string; url: string }, apis: readonly ImportApi[]): ImportApi | null {
  return (
    apis.find(({ slug }) => slug === source.slug) ??
    apis.find(({ specUrl }) => specUrl !== null && bareUrl(specUrl) === bareUrl(source.url)) ??
    apis.find(({ name }) => name === source.name) ??
    null
  )
}

/** The one API that has most of the operations, and more of them than every other. */
function guessApi(used: readonly OperationName[][], apis: readonly ImportApi[]): ImportApi | null {
  const [best, second] = apis
    .map((api) => ({ api, count: used.filter((names) => names.some((name) => findOperation(api, name))).length }))
    .toSorted((one, other) => other.count - one.count)
  // A few operations of the same name do not make it the same API.
  const enough = best !== undefined && best.count * 2 > used.length && best.count > (second?.count ?? 0)
  return enough ? best.api : null
}

function bareUrl(url: string): string {
  return url.replace(/#.*$/, '').replace(/\/$/, '')
}

function slugOf(name: string): string {
  const words = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return words.replaceAll(/^-|-$/g, '') || 'api'
}

function findOperation(api: ImportApi, name: OperationName): ImportOperation | undefined {
  return indexOf(api).get('operationId' in name ? `id ${name.operationId}` : name.operation)
}

const indexed = new WeakMap<ImportApi, ReadonlyMap<string, ImportOperation>>()

/** The operations of an API by what a document may call them. */
function indexOf(api: ImportApi): ReadonlyMap<string, ImportOperation> {
  const known = indexed.get(api)
  if (known) return known
  const index = new Map<string, ImportOperation>()
  const ofPath = Map.groupBy(api.operations, ({ operation }) => operation.slice(operation.indexOf(' ') + 1))
  // A pointer to a path item alone can only mean its read, or its one operation.
  for (const [path, there] of ofPath) {
    const meant =
      there.find(({ operation }) => operation.startsWith('GET ')) ?? (there.length === 1 ? there[0] : undefined)
    if (meant) index.set(path, meant)
  }
  for (const operation of api.operations) {
    index.set(operation.operation, operation)
    if (operation.operationId !== null) index.set(`id ${operation.operationId}`, operation)
  }
  indexed.set(api, index)
  return index
}

/** What a step calls of an API. */
export function readTarget(step: Record<string, unknown>, sources: readonly Source[]): Read<CallTarget> {
  const names = readNames(step)
  const [first] = names
  if (!first) return { reason: 'it names no operation' }
  for (const name of names)
    for (const { slug, api, isOurs } of candidates(name, sources)) {
      const known = api && findOperation(api, name)
      if (known) return { value: { api: slug, operation: known.operation, known, isOurs } }
    }
  const [source] = candidates(first, sources)
  const written = names.flatMap((name) =>
    'operation' in name && !name.operation.startsWith('/') ? [name.operation] : [],
  )
  if (written[0] !== undefined && source) {
    const { slug: api, isOurs } = source
    return { value: { api, operation: written[0], known: null, isOurs } }
  }
  const text = 'operationId' in first ? first.operationId : first.operation
  const connected = candidates(first, sources).flatMap(({ api }) => (api ? [`"${api.slug}"`] : []))
  return {
    reason:
      connected.length > 0
        ? `the API ${connected.join(' or ')} has no operation ${text}`
        : `${text} is an operation of an API that is not connected`,
  }
}

function candidates(name: OperationName, sources: readonly Source[]): readonly Source[] {
  const named = sources.filter((source) => source.name === name.source)
  return named.length > 0 ? named : sources
}
