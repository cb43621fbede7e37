import { resolvePointer, toPointer } from '../lib/json-pointer.ts'
import { effectOf } from './effect.ts'
import {
  METHODS,
  type Finding,
  type Operation,
  type Parameter,
  type RequestBody,
  type SecurityScheme,
  type Spec,
} from './operation.ts'
import { isExtension, isExternal, referencesIn } from './references.ts'
import { sliceSchema } from './schema-slice.ts'
import type { OpenApi3 } from './validate.ts'

type Node = Record<string, unknown>

const OTHER_DOCUMENT = 'it is in another document, and only references within the document are read'
const MAX_QUOTED = 200
const MAX_EXAMPLE = 240
const LOCATIONS = new Set(['path', 'query', 'header', 'cookie'])
// OpenAPI 3.1, Parameter Object: a header parameter of these names is ignored.
const RESERVED_HEADERS = new Set(['accept', 'content-type', 'authorization'])

/** Reads a valid document into operations; what cannot be used is left out and named in the findings. */
export function readSpec(document: OpenApi3, documentUrl: string | null): Spec {
  const findings: Finding[] = []
  const operations: Operation[] = []
  const skip = (pointer: string, why: string) => findings.push({ path: pointer, message: `skipped: ${why}` })
  for (const [path, item] of Object.entries(document.paths)) {
    if (isExtension(path)) continue
    if (isElsewhere(item)) {
      skip(toPointer(['paths', path]), OTHER_DOCUMENT)
      continue
    }
    const pathItem = deref(document, item)
    for (const method of METHODS) {
      const node = pathItem[method]
      if (node === undefined) continue
      const pointer = toPointer(['paths', path, method])
      if (!isNode(node)) skip(pointer, 'an operation must be an object')
      else if (isElsewhere(node)) skip(pointer, OTHER_DOCUMENT)
      else operations.push(readOperation(document, path, method, node, pathItem, pointer, findings))
    }
  }
  const baseUrl = readBaseUrl(document, documentUrl, findings)
  return {
    title: document.info.title,
    version: document.info.version,
    openapi: document.openapi,
    description: document.info.description ?? '',
    baseUrl,
    securitySchemes: readSecuritySchemes(document),
    operations,
    findings: [...findings, ...readExternalReferences(document, findings)],
  }
}

/** A finding for each reference to another document that none tells of yet: what it stands for is left out. */
function readExternalReferences(document: OpenApi3, known: readonly Finding[]): Finding[] {
  const told = new Set(known.map(({ path }) => path))
  const findings: Finding[] = []
  for (const { pointer, ref } of referencesIn(document))
    if (isExternal(ref) && !told.has(pointer))
      findings.push({
        path: pointer,
        message: `refers to another document, which is not read: ${ref.slice(0, MAX_QUOTED)}`,
      })
  return findings
}

function readOperation(
  document: OpenApi3,
  path: string,
  method: string,
  node: Node,
  pathItem: Node,
  pointer: string,
  findings: Finding[],
): Operation {
  const operationId = typeof node['operationId'] === 'string' ? node['operationId'] : null
  const upper = method.toUpperCase()
  return {
    method: upper,
    path,
    operationId,
    summary: text(node['summary']) || text(pathItem['summary']),
    description: text(node['description']) || text(pathItem['description']),
    tags: list(node['tags']).filter((tag) => typeof tag === 'string'),
    deprecated: node['deprecated'] === true,
    parameters: readParameters(document, path, node, pathItem, pointer, findings),
    requestBody: readRequestBody(document, node),
    response: readResponse(document, node),
    effect: effectOf({ method: upper, path, operationId }),
  }
}

function readParameters(
  document: OpenApi3,
  path: string,
  node: Node,
  pathItem: Node,
  pointer: string,
  findings: Finding[],
): Parameter[] {
  const found = new Map<string, Parameter>()
  for (const raw of [...list(pathItem['parameters']), ...list(node['parameters'])]) {
    const parameter = deref(document, raw)
    if (isElsewhere(parameter)) continue
    const name = text(parameter['name'])
    const location = text(parameter['in'])
    if (name === '' || !LOCATIONS.has(location)) {
      findings.push({
        path: pointer,
        message: `a parameter without a name or a known place (in: "${location}") is left out`,
      })
      continue
    }
    if (location === 'header' && RESERVED_HEADERS.has(name.toLowerCase())) continue
    const content = Object.values(asNode(parameter['content']))[0]
    found.set(`${location} ${name}`, {
      name,
      in: location as Parameter['in'],
      required: location === 'path' || parameter['required'] === true,
      description: text(parameter['description']),
      schema: {
        ...sliceSchema(document, parameter['schema'] ?? asNode(content)['schema']),
        ...(isShortExample(parameter['example']) ? { example: parameter['example'] } : {}),
      },
      ...(typeof parameter['style'] === 'string' ? { style: parameter['style'] } : {}),
      ...(typeof parameter['explode'] === 'boolean' ? { explode: parameter['explode'] } : {}),
    })
  }
  for (const [, name = ''] of path.matchAll(/\{([^}]+)\}/g)) {
    if (found.has(`path ${name}`)) continue
    findings.push({ path: pointer, message: `the path parameter {${name}} is not declared; it is taken as a string` })
    found.set(`path ${name}`, { name, in: 'path', required: true, description: '', schema: { type: 'string' } })
  }
  return [...found.values()]
}

function readRequestBody(document: OpenApi3, node: Node): RequestBody | null {
  if (node['requestBody'] === undefined) return null
  const requestBody = deref(document, node['requestBody'])
  const content = asNode(requestBody['content'])
  const contentType = Object.keys(content).find(isJsonType) ?? Object.keys(content)[0]
  if (contentType === undefined) return null
  const schema = sliceSchema(document, asNode(content[contentType])['schema'])
  return { contentType, required: requestBody['required'] === true, schema }
}

/** The schema of the first successful response that has one as JSON; of `default` only where no success is described. */
function readResponse(document: OpenApi3, node: Node): Operation['response'] {
  const responses = asNode(node['responses'])
  const successes = Object.keys(responses)
    .filter((code) => /^2(\d\d|XX)$/i.test(code))
    .sort((a, b) => (a.toUpperCase() < b.toUpperCase() ? -1 : 1))
  for (const code of successes.length > 0 ? successes : ['default']) {
    const schema = jsonSchemaOf(asNode(deref(document, responses[code])['content']))
    if (schema !== undefined) return sliceSchema(document, schema)
  }
  return null
}

/** The schema of the first JSON media type that has one. */
function jsonSchemaOf(content: Node): unknown {
  const types = Object.keys(content).filter(isJsonType)
  return types.map((type) => asNode(content[type])['schema']).find((schema) => schema !== undefined)
}

function readBaseUrl(document: OpenApi3, documentUrl: string | null, findings: Finding[]): string | null {
  const server = document.servers?.[0]
  const template = server?.url ?? (documentUrl === null ? undefined : '/')
  if (template === undefined) return null
  const filled = template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => defaultOf(server?.variables?.[name]))
  const url = URL.parse(filled, documentUrl ?? undefined)
  if (url) return withoutQuery(url)
  const relative = documentUrl === null && !/^[a-z][a-z\d+.-]*:/i.test(filled)
  findings.push({
    path: '/servers/0/url',
    message: relative
      ? 'the server URL is relative and the document has no URL of its own'
      : 'the server URL is not a valid URL',
  })
  return null
}

/** The default of a server variable; YAML makes numbers of ports and versions. */
function defaultOf(variable: unknown): string {
  const value = asNode(variable)['default']
  return isPrimitive(value) ? String(value) : ''
}

/** A server URL as paths are put behind it. */
function withoutQuery(url: URL): string {
  url.search = ''
  url.hash = ''
  return url.href.replace(/\/+$/, '')
}

function readSecuritySchemes(document: OpenApi3): SecurityScheme[] {
  return Object.values(document.components?.securitySchemes ?? {}).flatMap((raw): SecurityScheme[] => {
    const scheme = deref(document, raw)
    const place = scheme['in']
    if (
      scheme['type'] === 'apiKey' &&
      (place === 'header' || place === 'query' || place === 'cookie') &&
      text(scheme['name'])
    )
      return [{ type: 'apiKey', in: place, name: text(scheme['name']) }]
    if (scheme['type'] === 'http' && text(scheme['scheme']).toLowerCase() === 'bearer') return [{ type: 'bearer' }]
    return []
  })
}

/** Whether a value is a reference to another document. */
function isElsewhere(value: unknown): boolean {
  const ref = asNode(value)['$ref']
  return typeof ref === 'string' && isExternal(ref)
}

/** Follows references until something that is not one, or one to another document; a cycle ends as an empty object. */
function deref(document: unknown, value: unknown): Node {
  let node = asNode(value)
  for (let hops = 0; typeof node['$ref'] === 'string' && !isElsewhere(node); hops++) {
    if (hops > 50) return {}
    node = asNode(resolvePointer(document, node['$ref']))
  }
  return node
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)
const asNode = (value: unknown): Node => (isNode(value) ? value : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const isPrimitive = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)
const isShortExample = (value: unknown) => isPrimitive(value) && String(value).length <= MAX_EXAMPLE
const isJsonType = (type: string) => /^application\/([\w.-]+\+)?json\b/i.test(type) || type === '*/*'
