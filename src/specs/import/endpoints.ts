import { toPointer } from '../../lib/json-pointer.ts'
import { inferSchema } from './infer-schema.ts'
import { unusable } from './invalid.ts'
import type { Node } from './json.ts'
import type { HandWrittenEndpoint } from './schema.ts'

/**
 * An OpenAPI 3.1 document of endpoints written by hand.
 * @throws AppError SPEC_INVALID when there is none, or two are the same operation.
 */
export function importEndpoints(input: {
  name: string
  baseUrl: string
  endpoints: readonly HandWrittenEndpoint[]
}): Node {
  if (input.endpoints.length === 0)
    throw unusable('No endpoint was given.', [{ path: '/endpoints', code: 'empty', message: 'has no endpoint' }])
  const seen = new Map<string, number>()
  const templates = new Map<string, string>()
  const paths = new Map<string, Node>()
  for (const [index, endpoint] of input.endpoints.entries()) {
    const shape = endpoint.path.replaceAll(/\{[^}]*\}/g, '{}')
    const same = seen.get(`${endpoint.method} ${shape}`)
    const template = templates.get(shape) ?? endpoint.path
    if (same !== undefined)
      throw clash(index, 'method', `${endpoint.method} ${endpoint.path} is the same operation as /endpoints/${same}`)
    if (template !== endpoint.path)
      throw clash(index, 'path', `names its parameters otherwise than ${template}, which is the same path`)
    seen.set(`${endpoint.method} ${shape}`, index)
    templates.set(shape, template)
    paths.set(template, { ...paths.get(template), [endpoint.method.toLowerCase()]: operationOf(endpoint) })
  }
  return {
    openapi: '3.1.0',
    info: { title: input.name, version: '1' },
    servers: [{ url: input.baseUrl }],
    paths: Object.fromEntries(paths) as Node,
  }
}

function clash(index: number, member: string, message: string) {
  const path = toPointer(['endpoints', index, member])
  return unusable(`${path}: ${message}.`, [{ path, code: 'duplicate', message }])
}

function operationOf(endpoint: HandWrittenEndpoint): Node {
  const declared = new Set(endpoint.parameters.filter((one) => one.in === 'path').map(({ name }) => name))
  const inPath = [...endpoint.path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name)
  const parameters = [
    ...endpoint.parameters
      .filter((one) => one.in !== 'path' || inPath.includes(one.name))
      .map(({ name, in: place, required, type, schema, description }) => ({
        name,
        in: place,
        required: place === 'path' || required,
        ...(description === undefined ? {} : { description }),
        schema: schema ?? { type: type ?? 'string' },
      })),
    ...inPath
      .filter((name) => !declared.has(name))
      .map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
  ]
  const { body, response } = endpoint
  return {
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: body.required, content: contentOf(body, false) } } : {}),
    responses: { 200: { description: 'Success', ...(response ? { content: contentOf(response, true) } : {}) } },
  }
}

/** From one example nobody knows what a request may leave out. */
function contentOf(
  body: { contentType: string; schema?: Node | undefined; example?: unknown },
  required: boolean,
): Node {
  const schema = body.schema ?? (body.example === undefined ? {} : inferSchema([body.example], { required }))
  return { [body.contentType]: { schema } }
}
