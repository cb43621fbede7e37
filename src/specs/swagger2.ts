import { METHODS } from './operation.ts'
import { asNode, follow, isNode, list, mediaList, mediaTypes, Upgrade, type Node } from './swagger2-copy.ts'
import {
  splitParameters,
  upgradeParameter,
  upgradeRequestBody,
  upgradeSharedParameters,
  type ParameterList,
} from './swagger2-parameters.ts'

const VERBS = new Set<string>(METHODS)
const REWRITTEN_OF_OPERATION = new Set(['consumes', 'produces', 'schemes', 'parameters', 'responses'])
const REWRITTEN_OF_DOCUMENT = new Set(
  (
    'swagger openapi host basePath schemes servers consumes produces paths definitions parameters responses ' +
    'securityDefinitions components'
  ).split(' '),
)
const FLOWS = new Map<unknown, string>([
  ['accessCode', 'authorizationCode'],
  ['application', 'clientCredentials'],
  ['implicit', 'implicit'],
  ['password', 'password'],
])
const NO_PARAMETERS: unknown[] = []

/**
 * A Swagger 2.0 document as an OpenAPI 3.0.3 one that says the same. It expects nothing of the document's form: what it
 * does not understand is left out or copied, for the validator to find. The given document stays as it is, though values
 * without meaning of their own (examples, defaults, enums) are in both.
 *
 * After the objects of the two specifications: Swagger 2.0 (https://swagger.io/specification/v2/) and OpenAPI 3.0.3
 * (https://spec.openapis.org/oas/v3.0.3).
 */
export function upgradeSwagger2(document: Record<string, unknown>): Record<string, unknown> {
  const upgrade = new Upgrade(document)
  const kept = Object.entries(document).filter(([key]) => !REWRITTEN_OF_DOCUMENT.has(key))
  const result = {
    openapi: '3.0.3',
    ...Object.fromEntries(kept.map(([key, value]) => [key, upgrade.copy('other', value)])),
    servers: upgradeServers(document),
    ...('paths' in document ? { paths: upgradePaths(upgrade, document['paths']) } : {}),
    components: upgradeComponents(upgrade),
  }
  upgrade.finish()
  return result
}

/** Without a scheme the one that the document came by holds (Swagger 2.0, Swagger Object): a URL that names none. */
function upgradeServers(document: Node): Node[] {
  const basePath = typeof document['basePath'] === 'string' ? trimSlashes(document['basePath']) : ''
  const path = basePath === '' ? '' : `/${basePath}`
  const host = typeof document['host'] === 'string' ? trimSlashes(document['host'].replace(/^\w*:\/\//, '')) : ''
  if (host === '') return [{ url: path || '/' }]
  const schemes = ['https', 'http'].filter((scheme) => list(document['schemes']).includes(scheme))
  if (schemes.length === 0) return [{ url: `//${host}${path}` }]
  return schemes.map((scheme) => ({ url: `${scheme}://${host}${path}` }))
}

function trimSlashes(text: string): string {
  let start = 0
  let end = text.length
  while (text[start] === '/') start++
  while (end > start && text[end - 1] === '/') end--
  return text.slice(start, end)
}

function upgradeComponents(upgrade: Upgrade): Node {
  const { definitions, parameters, responses, securityDefinitions } = upgrade.document
  return {
    schemas: asNode(upgrade.copy('schemas', definitions)),
    ...upgradeSharedParameters(upgrade, asNode(parameters)),
    responses: upgradeEach(asNode(responses), (response) =>
      upgradeResponse(upgrade, response, upgrade.produces, false),
    ),
    securitySchemes: upgradeEach(asNode(securityDefinitions), (scheme) => upgradeSecurityScheme(upgrade, scheme)),
  }
}

function upgradeSecurityScheme(upgrade: Upgrade, scheme: unknown): unknown {
  if (!isNode(scheme)) return scheme
  const { type, flow, authorizationUrl, tokenUrl, scopes, ...rest } = scheme
  if (type === 'basic') return upgrade.copy('other', { ...rest, type: 'http', scheme: 'basic' })
  const name = FLOWS.get(flow)
  if (type !== 'oauth2' || name === undefined) return upgrade.copy('other', scheme)
  const urls = { ...(authorizationUrl ? { authorizationUrl } : {}), ...(tokenUrl ? { tokenUrl } : {}) }
  return upgrade.copy('other', { ...rest, type, flows: { [name]: { ...urls, scopes: asNode(scopes) } } })
}

function upgradePaths(upgrade: Upgrade, paths: unknown): unknown {
  if (!isNode(paths)) return paths
  return upgradeEach(paths, (item, path) =>
    path.startsWith('x-') ? upgrade.copy('other', item) : upgradePathItem(upgrade, item),
  )
}

function upgradePathItem(upgrade: Upgrade, item: unknown): unknown {
  const source = follow(upgrade.document, item)
  if (!source) return upgrade.copy('other', item)
  return upgrade.once('path', source, source, () => {
    const inherited = splitParameters(upgrade, parametersOf(source))
    return Object.fromEntries(
      Object.entries(source).map(([key, value]) => {
        if (VERBS.has(key)) return [key, upgradeOperation(upgrade, value, inherited)]
        if (key === 'parameters' && Array.isArray(value)) return [key, inherited.parameters]
        return [key, upgrade.copy('other', value)]
      }),
    )
  })
}

function upgradeOperation(upgrade: Upgrade, source: unknown, inherited: ParameterList): unknown {
  if (!isNode(source)) return upgrade.copy('other', source)
  return upgrade.once('operation', source, inherited, () => {
    const { consumes, produces, parameters, responses } = source
    const kept = Object.entries(source).filter(([key]) => !REWRITTEN_OF_OPERATION.has(key))
    const own = splitParameters(upgrade, parametersOf(source))
    const types = mediaList(consumes, upgrade.consumes)
    const requestBody = upgradeRequestBody(upgrade, own, inherited, types, Array.isArray(consumes))
    return {
      ...Object.fromEntries(kept.map(([key, value]) => [key, upgrade.copy('other', value)])),
      ...(parameters === undefined ? {} : { parameters: Array.isArray(parameters) ? own.parameters : parameters }),
      ...(requestBody === undefined ? {} : { requestBody }),
      ...(responses === undefined ? {} : { responses: upgradeResponses(upgrade, responses, produces) }),
    }
  })
}

function upgradeResponses(upgrade: Upgrade, responses: unknown, ownTypes: unknown): unknown {
  if (!isNode(responses)) return responses
  const types = mediaList(ownTypes, upgrade.produces)
  return upgrade.once('responses', responses, types, () =>
    upgradeEach(responses, (response, code) =>
      code.startsWith('x-')
        ? upgrade.copy('other', response)
        : upgradeResponse(upgrade, response, types, Array.isArray(ownTypes)),
    ),
  )
}

/** A response of the document's own stays a reference, unless the operation lists media types of its own. */
function upgradeResponse(upgrade: Upgrade, raw: unknown, produces: unknown[], ownTypes: boolean): unknown {
  const source = follow(upgrade.document, raw)
  const reference = isNode(raw) ? raw['$ref'] : undefined
  const isShared = typeof reference === 'string' && /^#\/responses\/[^/]+$/.test(reference)
  if (!source || (isShared && !ownTypes)) return upgrade.copy('other', raw)
  const { description, headers } = source
  const content = upgradeContent(upgrade, source, mediaTypes(produces))
  return {
    description: typeof description === 'string' ? description : '',
    ...(isNode(headers) ? { headers: upgradeHeaders(upgrade, headers) } : {}),
    ...(Object.keys(content).length > 0 ? { content } : {}),
  }
}

function upgradeContent(upgrade: Upgrade, response: Node, types: string[]): Node {
  const { schema } = response
  const examples = asNode(response['examples'])
  const media = schema === undefined ? {} : { schema: upgrade.copy('schema', schema) }
  const named = schema === undefined ? types.filter((type) => Object.hasOwn(examples, type)) : types
  return Object.fromEntries(
    named.map((type) => [type, Object.hasOwn(examples, type) ? { ...media, example: examples[type] } : media]),
  )
}

function upgradeHeaders(upgrade: Upgrade, headers: Node): Node {
  return upgrade.once('headers', headers, headers, () =>
    upgradeEach(headers, (header) => (isNode(header) ? upgradeParameter(upgrade, header) : header)),
  )
}

function upgradeEach(nodes: Node, change: (value: unknown, key: string) => unknown): Node {
  return Object.fromEntries(Object.entries(nodes).map(([key, value]) => [key, change(value, key)]))
}

const parametersOf = (node: Node): unknown[] => (Array.isArray(node['parameters']) ? node['parameters'] : NO_PARAMETERS)
