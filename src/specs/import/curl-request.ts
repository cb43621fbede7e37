import type { Call, CallBody, CallParameter, SchemeRegistry } from './call.ts'
import { apiParameters } from './credentials.ts'
import { credentialsOf, type FoundAuth } from './curl-auth.ts'
import type { CurlRequest } from './curl-options.ts'
import { isOpaque } from './id-like.ts'
import { BINARY, scalarOf } from './infer-schema.ts'
import { isJsonType, mediaType, tryJson } from './json.ts'
import { parameterName, segmentsOf, templateOf, type Segment } from './path-template.ts'

const METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'])
const FORM = 'application/x-www-form-urlencoded'

/** One URL of a command as a call, with the credentials found; null, with a warning, where it cannot be one. */
export function readCurlUrl(
  request: CurlRequest,
  url: string,
  schemes: SchemeRegistry,
  warn: (message: string) => void,
): { call: Call; credentials: FoundAuth[] } | null {
  const method = methodOf(request)
  if (!METHODS.has(method)) {
    warn(`OpenAPI has no method ${method.slice(0, 20)}: the command is left out`)
    return null
  }
  const [beforeHash = ''] = url.split('#')
  const [address = '', ...queries] = beforeHash.split('?')
  const [, scheme, authority = '', path = ''] = /^(?:([a-z][a-z\d+.-]*):\/\/)?([^/]*)(.*)$/is.exec(address) ?? []
  const at = authority.lastIndexOf('@')
  const server = originOf(scheme, authority.slice(at + 1))
  if (scheme === undefined && !isBareUrl(authority)) {
    // Not quoted: it may be a credential that somebody forgot to put in quotes.
    warn('a word that is neither an option nor a URL is left out')
    return null
  }
  if (server === null && !isUnknownHost(authority)) {
    warn('a URL whose host is none is left out')
    return null
  }
  if (server === null) warn('the command does not say the host: give the base URL when connecting')
  else if (scheme === undefined) warn(`the URL has no scheme: ${server} is taken`)
  const query = queryOf([...queries, ...request.queries, ...(request.get ? request.data : [])])
  const credentials = credentialsOf(request, query, at === -1 ? null : decoded(authority.slice(0, at)))
  const security = credentials[0] && [{ [schemes.add(credentials[0].scheme)]: [] }]
  const secrets = new Set(credentials.flatMap(({ auth }) => (auth ? secretOf(auth) : [])))
  const template = templateOf(segmentsOf(path).map(segmentOf), secrets)
  const headers = request.headers.map((header) => ({ ...header, description: '' }))
  const call: Call = {
    method,
    server,
    path: template.path,
    pathSamples: template.samples,
    summary: '',
    description: '',
    tags: [],
    parameters: apiParameters(query.map(toParameter), headers, schemes),
    body: method === 'GET' || method === 'HEAD' ? null : bodyOf(request, warn),
    responses: [],
    security,
  }
  return { call, credentials }
}

/** curl(1): -X says it; else -I, -T and data do. */
function methodOf(request: CurlRequest): string {
  if (request.method !== null) return request.method
  if (request.head) return 'HEAD'
  if (request.upload) return 'PUT'
  return !request.get && (request.data.length > 0 || request.form.length > 0) ? 'POST' : 'GET'
}

function originOf(scheme: string | undefined, host: string): string | null {
  if (host === '' || /[${}<>\s]/.test(host)) return null
  const local = /^(?:localhost\b|127\.|\[::1\])/i.test(host)
  const url = URL.parse(`${scheme ?? (local ? 'http' : 'https')}://${host}`)
  return url && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url.origin : null
}

/** A host that stands for one to be filled in. */
const isUnknownHost = (host: string) => /\$|\{|<|^$/.test(host)

/** Whether a word without a scheme names a host all the same: api.example.com, localhost:8080, $HOST. */
function isBareUrl(authority: string): boolean {
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  if (isUnknownHost(host)) return host !== ''
  return !isOpaque(host) && /^(?:localhost|[\w-]+(?:\.[\w-]+)*\.[a-z\d-]{2,24}|[\w-]+(?=:))(?::\d+)?$/i.test(host)
}

/** A segment that stands for something to be filled in is a parameter: :id, {id}, {{id}}, <id>, $ID, ORDER_ID. */
function segmentOf(segment: string): Segment {
  const named = /^(?::|\{{1,2}|<|\$\{?)([A-Za-z_][\w -]*)(?:\}{1,2}|>)?$/.exec(segment)?.[1]
  const capitals = /^(?:YOUR_)?([A-Z]+(?:_[A-Z]+)*_(?:ID|UUID|KEY|NAME|NUMBER|SLUG))$/.exec(segment)?.[1]
  const name = named ?? capitals
  if (name !== undefined) return { parameter: parameterName(name === name.toUpperCase() ? name.toLowerCase() : name) }
  return /[{}[\]$<>]/.test(segment) ? { parameter: 'value' } : segment
}

function queryOf(texts: readonly string[]): [string, string][] {
  return [...new URLSearchParams(texts.join('&'))].filter(([name]) => name !== '')
}

function toParameter([name, value]: [string, string]): CallParameter {
  const unknown = value === '' || /[${<]/.test(value)
  return { name, in: 'query', description: '', samples: unknown ? [] : [scalarOf(value)] }
}

function bodyOf(request: CurlRequest, warn: (message: string) => void): CallBody | null {
  const header = request.headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? ''
  const stated = mediaType(header)
  if (request.form.length > 0) {
    const fields = request.form.map(({ name, file, value }) => [name, file ? BINARY : scalarOf(value)])
    return { contentType: 'multipart/form-data', samples: [Object.fromEntries(fields)] }
  }
  if (request.upload) return { contentType: stated || 'application/octet-stream', samples: [BINARY] }
  if (request.data.length === 0 || request.get) return null
  const text = request.data.join(request.json ? '' : '&')
  const type = stated || (request.json ? 'application/json' : FORM)
  const value = tryJson(text)
  if (isJsonType(type)) {
    if (value === undefined) warn('the data is not valid JSON: what the body holds is not known')
    return { contentType: type, samples: value === undefined ? [] : [value] }
  }
  if (stated === '' && typeof value === 'object' && value !== null) {
    warn('the data is JSON and no Content-Type says so: the body is taken as JSON, curl would send it as a form')
    return { contentType: 'application/json', samples: [value] }
  }
  if (type !== FORM) return { contentType: type, samples: ['text'] }
  const fields = queryOf([text]).map(([name, field]) => [name, scalarOf(field)])
  return { contentType: FORM, samples: [Object.fromEntries(fields)] }
}

function secretOf(auth: NonNullable<FoundAuth['auth']>): string[] {
  const text = auth.type === 'bearer' ? auth.token : auth.type === 'basic' ? auth.password : auth.value
  return text.length >= 6 ? [text] : []
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
