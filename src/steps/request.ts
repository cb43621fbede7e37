import type { Endpoint } from '../catalog/service.ts'
import type { UpstreamRequest } from '../connections/egress.ts'
import type { JsonSchema, Parameter } from '../specs/operation.ts'
import { writeMultipart } from './multipart.ts'

/** Raised when a call cannot be written as a request, before anything is sent. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
}

/** Whether a parameter is the key by which the API knows a repeated call (draft-ietf-httpapi-idempotency-key-header). */
export function isIdempotencyKey(parameter: Pick<Parameter, 'in' | 'name'>): boolean {
  return parameter.in === 'header' && parameter.name.toLowerCase() === KEY
}

/** The request that a call began with before, and whether it is sent again whatever the call would be now. */
export type Earlier = { request: UpstreamRequest; asItWas: boolean }

/**
 * What a call is sent as that was sent before: the same request under the key it had, as what became of it may not be
 * known; where it has become another one, that under its own key (`key`), since an API takes a key for one request alone.
 */
export function requestAgain(before: UpstreamRequest, written: UpstreamRequest, key: string): UpstreamRequest {
  const ours = written.headers[KEY] === key
  const parts = ({ method, url, headers, body }: UpstreamRequest) => {
    const compared = Object.entries(headers).filter(([name]) => !ours || name !== KEY)
    return JSON.stringify([method, url, compared.toSorted(([a], [b]) => (a < b ? -1 : 1)), body])
  }
  return parts(before) === parts(written) ? before : written
}

const KEY = 'idempotency-key'

/**
 * Writes a call as an HTTP request: parameters by OpenAPI's default styles (path and header `simple`, query `form`,
 * exploded unless the document says otherwise), the body as JSON or as a form.
 * @throws RequestError when a required parameter has no value.
 */
export function buildRequest(
  endpoint: Endpoint,
  baseUrl: string,
  values: Readonly<Record<string, unknown>>,
  body: unknown,
): UpstreamRequest {
  const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5' }
  let query: URLSearchParams | undefined
  const cookies: string[] = []
  let path = endpoint.path
  for (const parameter of endpoint.parameters) {
    const value = Object.hasOwn(values, parameter.name) ? values[parameter.name] : undefined
    if (value === undefined || value === null || value === '') {
      if (parameter.required) throw new RequestError(`the ${parameter.in} parameter "${parameter.name}" has no value`)
      continue
    }
    switch (parameter.in) {
      case 'path':
        path = path.replaceAll(`{${parameter.name}}`, pathSegment(parameter.name, value))
        break
      case 'query':
        addQuery((query ??= new URLSearchParams()), parameter, value)
        break
      case 'header':
        headers[parameter.name.toLowerCase()] = headerValue(parameter.name, value)
        break
      case 'cookie':
        cookies.push(`${parameter.name}=${encodeURIComponent(simple(value).toWellFormed())}`)
        break
      default:
        parameter.in satisfies never
    }
  }
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ')
  const search = query && query.size > 0 ? `?${query}` : ''
  const content =
    body === undefined
      ? null
      : writeBody(endpoint.requestBody?.contentType ?? 'application/json', body, endpoint.requestBody?.schema ?? {})
  if (content) headers['content-type'] = content.contentType
  return { method: endpoint.method, url: `${baseUrl}${path}${search}`, headers, body: content?.text ?? null }
}

function pathSegment(name: string, value: unknown): string {
  const segment = encodeURIComponent(simple(value).toWellFormed())
  // An empty segment would name the collection instead of one thing in it.
  if (segment === '') throw new RequestError(`the path parameter "${name}" is empty`)
  // Dot segments would climb to another operation of the same host.
  if (segment === '.' || segment === '..')
    throw new RequestError(`the path parameter "${name}" must not be "${segment}"`)
  return segment
}

function headerValue(name: string, value: unknown): string {
  const text = simple(value).replaceAll(/[\r\n]+/g, ' ')
  // RFC 9110, section 5.5: visible characters, blanks, and what Latin-1 has beyond ASCII.
  if (!/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(text))
    throw new RequestError(`the header "${name}" has a character that a header cannot carry`)
  return text
}

function addQuery(query: URLSearchParams, parameter: Parameter, value: unknown): void {
  const { name, style = 'form', explode = style === 'form' || style === 'deepObject' } = parameter
  if (Array.isArray(value)) {
    const separator = style === 'spaceDelimited' ? ' ' : style === 'pipeDelimited' ? '|' : ','
    if (explode) for (const item of value) query.append(name, simple(item))
    else query.append(name, value.map(simple).join(separator))
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => [key, simple(inner)] as const)
    if (style === 'deepObject') for (const [key, inner] of entries) query.append(`${name}[${key}]`, inner)
    else if (explode) for (const [key, inner] of entries) query.append(key, inner)
    else query.append(name, entries.flat().join(','))
  } else query.append(name, String(value))
}

function simple(value: unknown): string {
  if (Array.isArray(value)) return value.map(simple).join(',')
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function writeBody(contentType: string, body: unknown, schema: JsonSchema): { contentType: string; text: string } {
  if (contentType.startsWith('application/x-www-form-urlencoded') && typeof body === 'object' && body !== null) {
    const form = new URLSearchParams()
    for (const [name, value] of Object.entries(body)) form.append(name, simple(value))
    return { contentType, text: form.toString() }
  }
  if (/^multipart\/form-data\b/i.test(contentType) && typeof body === 'object' && body !== null)
    return writeMultipart(body as Record<string, unknown>, schema)
  // A media type range says that anything goes, and JSON is what a body is here.
  if (typeof body === 'string' && !/json|\*/.test(contentType)) return { contentType, text: body }
  return { contentType: /json/.test(contentType) ? contentType : 'application/json', text: JSON.stringify(body) }
}
