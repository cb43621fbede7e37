import type { Call, CallBody, ImportedScheme, ImportWarning } from './call.ts'
import { inferSchema } from './infer-schema.ts'
import type { Node } from './json.ts'

/** What a document is made of. */
export type Material = {
  /** The name of the main host where there is no better one. */
  title: string | null
  description: string
  calls: readonly Call[]
  schemes: Readonly<Record<string, ImportedScheme>>
  warnings: ImportWarning[]
}

const MAX_WARNINGS = 100

/** Calls of one method and path: what becomes one operation. */
type Group = { method: string; server: string | null; calls: Call[] }

/**
 * An OpenAPI 3.1 document of calls. Those of one method and path are one operation, whatever their parameters are
 * called. The host most of them go to is the document's server; operations on others carry their own.
 */
export function buildDocument(material: Material): Node {
  const main = mostFrequent(material.calls.flatMap(({ server }) => server ?? []))
  const paths = new Map<string, { path: string; groups: Map<string, Group> }>()
  // A path stands in a document once: where two hosts have it, the main one's stays.
  const ordered = [...material.calls].sort(
    (a, b) => Number((a.server ?? main) !== main) - Number((b.server ?? main) !== main),
  )
  for (const call of ordered) {
    const shape = call.path.replaceAll(/\{[^}]*\}/g, '{}')
    const entry = paths.get(shape) ?? { path: call.path, groups: new Map<string, Group>() }
    paths.set(shape, entry)
    const server = call.server ?? main
    const group = entry.groups.get(call.method) ?? { method: call.method, server, calls: [] }
    entry.groups.set(call.method, group)
    if (group.server === server) group.calls.push(call)
    else if (material.warnings.length < MAX_WARNINGS)
      material.warnings.push({
        message: `${call.method} ${entry.path} of ${server} is left out: ${group.server} has the same one`,
      })
  }
  const items = [...paths.values()].map(({ path, groups }) => [
    path,
    Object.fromEntries(
      [...groups.values()].map((group) => [group.method.toLowerCase(), operationOf(path, group, main)] as const),
    ),
  ])
  return {
    openapi: '3.1.0',
    info: {
      title: material.title ?? (main === null ? 'API' : new URL(main).hostname),
      version: '1',
      ...described(material.description),
    },
    ...(main === null ? {} : { servers: [{ url: main }] }),
    paths: Object.fromEntries(items) as Node,
    ...(Object.keys(material.schemes).length > 0 ? { components: { securitySchemes: material.schemes } } : {}),
  }
}

function operationOf(path: string, { server, calls }: Group, main: string | null): Node {
  const summary = calls.find((call) => call.summary !== '')?.summary
  const description = calls.find((call) => call.description !== '')?.description ?? ''
  const tags = [...new Set(calls.flatMap((call) => call.tags))]
  const security = calls.find((call) => call.security !== undefined)?.security
  const parameters = [...pathParameters(path, calls), ...otherParameters(calls)]
  const content = contentOf(
    calls.flatMap(({ body }) => body ?? []),
    // What one request held, another may leave out.
    { required: calls.length > 1 },
  )
  return {
    ...(summary === undefined ? {} : { summary }),
    ...described(description),
    ...(tags.length > 0 ? { tags } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(content ? { requestBody: { required: calls.every(({ body }) => body !== null), content } } : {}),
    responses: responsesOf(calls),
    ...(security ? { security } : {}),
    ...(server === main || server === null ? {} : { servers: [{ url: server }] }),
  }
}

/** The parameters of a template, with what stood in their places in all the calls, by position. */
function pathParameters(path: string, calls: readonly Call[]): Node[] {
  return namesIn(path).map((name, index) => {
    const samples = calls.flatMap((call) => call.pathSamples[namesIn(call.path)[index] ?? ''] ?? [])
    const description = calls.map((call) => call.pathDescriptions?.[namesIn(call.path)[index] ?? '']).find(Boolean)
    return { name, in: 'path', required: true, ...described(description ?? ''), schema: parameterSchema(samples) }
  })
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name)
}

function otherParameters(calls: readonly Call[]): Node[] {
  const found = Map.groupBy(
    calls.flatMap(({ parameters }) => parameters),
    ({ in: place, name }) => `${place} ${place === 'header' ? name.toLowerCase() : name}`,
  )
  return [...found.values()].flatMap((same) => {
    const [first] = same
    if (!first) return []
    const description = same.find((one) => one.description !== '')?.description ?? ''
    const schema = parameterSchema(same.flatMap(({ samples }) => samples))
    return [{ name: first.name, in: first.in, required: false, ...described(description), schema }]
  })
}

/** A schema for what is written into a URL or header: text where nothing is known. */
function parameterSchema(samples: readonly unknown[]): Node {
  const schema = inferSchema(samples)
  return schema['type'] === undefined ? { type: 'string' } : schema
}

function responsesOf(calls: readonly Call[]): Node {
  const byStatus = Map.groupBy(
    calls.flatMap(({ responses }) => responses),
    ({ status }) => status,
  )
  if (byStatus.size === 0) return { default: { description: 'Not known' } }
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => {
      const content = contentOf(
        same.flatMap(({ body }) => body ?? []),
        { required: true },
      )
      return [String(status), { description: status < 400 ? 'Success' : 'Failure', ...(content ? { content } : {}) }]
    }),
  )
}

function contentOf(bodies: readonly CallBody[], options: { required: boolean }): Node | null {
  if (bodies.length === 0) return null
  return Object.fromEntries(
    [...Map.groupBy(bodies, ({ contentType }) => contentType)].map(([contentType, same]) => {
      const given = same.find(({ schema }) => schema !== undefined)?.schema
      const descriptions = Object.assign({}, ...same.map((body) => body.descriptions)) as Record<string, string>
      const schema =
        given ??
        inferSchema(
          same.flatMap(({ samples }) => samples),
          options,
        )
      return [contentType, { schema: withDescriptions(schema, descriptions) }]
    }),
  )
}

function withDescriptions(schema: Node, descriptions: Record<string, string>): Node {
  const properties = schema['properties']
  if (typeof properties !== 'object' || properties === null) return schema
  const entries = Object.entries(properties as Record<string, Node>).map(([name, property]) => [
    name,
    Object.hasOwn(descriptions, name) ? { ...property, ...described(descriptions[name] ?? '') } : property,
  ])
  return { ...schema, properties: Object.fromEntries(entries) as Node }
}

function mostFrequent(values: readonly string[]): string | null {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce<[string | null, number]>(
    (best, [value, count]) => (count > best[1] ? [value, count] : best),
    [null, 0],
  )[0]
}

const described = (description: string) => (description === '' ? {} : { description })
