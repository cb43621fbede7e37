import type { SecurityRequirement } from '../operation.ts'
import type { Call } from './call.ts'
import { apiParameters, requirementOf, type Header } from './credentials.ts'
import { asNode, listOf, textOf, tryJson, type Node } from './json.ts'
import { isSecretName } from './names.ts'
import type { PostmanContext } from './postman-auth.ts'
import { readPostmanBody } from './postman-body.ts'
import { describe, readPostmanUrl } from './postman-url.ts'

/** A request of a collection, with what its folders say of it; `pointer` is the place of its item. */
export type FoundRequest = {
  request: Node
  item: Node
  pointer: string
  folders: string[]
  security: SecurityRequirement[] | undefined
}

/** Notes the secrets that a request carries outside of its `auth`. */
export function noteSecrets(request: Node, context: PostmanContext): void {
  const { secrets, variables } = context
  const note = (name: string, value: unknown) => {
    if (!isSecretName(name)) return
    secrets.add(value)
    secrets.add(variables.resolve(textOf(value)))
    // The token alone may stand elsewhere too.
    secrets.add(textOf(value).replace(/^\w+\s+/, ''))
  }
  for (const { name, value } of headersOf(request['header'])) note(name, value)
  const url = request['url']
  for (const one of listOf(asNode(url)['query']).map(asNode)) note(textOf(one['key']), one['value'])
  const query = (textOf(url) || textOf(asNode(url)['raw'])).split('?').slice(1).join('?')
  for (const [name, value] of new URLSearchParams(query)) note(name, value)
  const body = asNode(request['body'])
  for (const one of [...listOf(body['urlencoded']), ...listOf(body['formdata'])].map(asNode))
    note(textOf(one['key']), one['value'])
}

/** One request as a call, or null, with a warning, where OpenAPI has no place for it. */
export function readPostmanRequest(found: FoundRequest, context: PostmanContext): Call | null {
  const { request, item, pointer, folders } = found
  const url = readPostmanUrl(request['url'], context.variables, context.secrets.all)
  const method = (textOf(request['method']) || 'GET').toUpperCase()
  if (url === null || !/^(?:GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE|TRACE)$/.test(method)) {
    const why = url === null ? 'it has no URL' : `OpenAPI has no method ${method.slice(0, 20)}`
    context.warn(`${pointer} is left out: ${why}`)
    return null
  }
  for (const name of url.unresolved)
    context.warn(`the collection does not say what {{${name}}} is: give the base URL when connecting`)
  const headers = headersOf(request['header'])
  const contentType = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? ''
  let body = readPostmanBody(request['body'], contentType)
  if (body && (method === 'GET' || method === 'HEAD')) {
    context.warn(`${pointer}: the body of a ${method} request is left out`)
    body = null
  }
  const security = requirementOf(headers, url.query, context.schemes) ?? found.security
  const name = textOf(item['name'])
  return {
    method,
    server: url.server,
    path: url.path,
    pathSamples: url.samples,
    pathDescriptions: url.pathDescriptions,
    // A request nobody named is called by its URL, with everything in it.
    summary: /:\/\/|\?|\{\{/.test(name) ? '' : name,
    description: describe(request['description']) || describe(item['description']),
    tags: folders,
    parameters: apiParameters(url.query, headers, context.schemes),
    body,
    responses: listOf(item['response']).flatMap((raw) => readResponse(asNode(raw)) ?? []),
    security,
  }
}

/** Headers are a list, or lines of text; disabled ones count, as optional as all. */
function headersOf(header: unknown): Header[] {
  if (typeof header === 'string')
    return header.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':')
      if (colon < 1) return []
      return { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim(), description: '' }
    })
  return listOf(header)
    .map(asNode)
    .map((one) => ({
      name: textOf(one['key']).trim(),
      value: textOf(one['value']),
      description: describe(one['description']),
    }))
    .filter(({ name }) => name !== '')
}

/** A saved example: its status, and its body where that is JSON. */
function readResponse(response: Node): Call['responses'][number] | null {
  const status = Number(response['code'])
  if (!Number.isInteger(status) || status < 100 || status > 599) return null
  const value = tryJson(textOf(response['body']))
  return { status, body: value === undefined ? null : { contentType: 'application/json', samples: [value] } }
}
