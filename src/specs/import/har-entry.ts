import type { Call, CallBody, CallParameter, SchemeRegistry } from './call.ts'
import { apiParameters, requirementOf, type Header } from './credentials.ts'
import { BINARY, scalarOf } from './infer-schema.ts'
import { asNode, isJsonType, listOf, mediaType, textOf, tryJson, type Node } from './json.ts'
import { isSecretName } from './names.ts'
import { segmentsOf, templateOf } from './path-template.ts'

const FORMS = new Set(['application/x-www-form-urlencoded', 'multipart/form-data'])
const OTHER_TYPES =
  /^(?:text\/(?:html|css|javascript)|application\/(?:javascript|x-javascript|wasm)|image\/|font\/|audio\/|video\/)/
const OTHER_FILES = /\.(?:js|mjs|css|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|otf|eot|html?|mp[34]|webm|wasm)$/i
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

/** One entry of a recording (HAR 1.2, `entries`) as a call, or null where it is none of an API. */
export function readHarEntry(entry: Node, schemes: SchemeRegistry): Call | null {
  const request = asNode(entry['request'])
  const response = asNode(entry['response'])
  const method = textOf(request['method']).toUpperCase()
  const url = URL.parse(textOf(request['url']))
  // A preflight is OPTIONS and so left out with everything that OpenAPI has no method for.
  if (!url || !/^https?:$/.test(url.protocol) || !METHODS.has(method)) return null
  if (!isApiCall(entry, request, response, url)) return null
  const headers = headersOf(request['headers'])
  const parameters = queryOf(url)
  return {
    method,
    server: url.origin,
    ...pathOf(url, secretsOf(url, headers)),
    summary: '',
    description: '',
    tags: [],
    parameters: apiParameters(parameters, headers, schemes),
    body: method === 'GET' || method === 'HEAD' ? null : readPostData(asNode(request['postData'])),
    responses: readResponse(response),
    security: requirementOf(headers, parameters, schemes),
  }
}

/** By what the browser says it was for, then by what was sent and answered. */
function isApiCall(entry: Node, request: Node, response: Node, url: URL): boolean {
  const status = typeof response['status'] === 'object' ? 0 : Number(response['status'])
  const purpose = textOf(entry['_resourceType'])
  const answered = mediaType(textOf(asNode(response['content'])['mimeType']))
  const sent = mediaType(textOf(asNode(request['postData'])['mimeType']))
  if (!(status >= 200 && status < 600) || (status >= 300 && status < 400)) return false
  if (purpose !== '' && !['xhr', 'fetch', 'other'].includes(purpose)) return false
  if (OTHER_TYPES.test(answered) || OTHER_FILES.test(url.pathname)) return false
  return isJsonType(answered) || isJsonType(sent) || FORMS.has(sent) || purpose === 'xhr' || purpose === 'fetch'
}

function headersOf(headers: unknown): Header[] {
  return listOf(headers)
    .map(asNode)
    .map((one) => ({ name: textOf(one['name']), value: textOf(one['value']), description: '' }))
    .filter(({ name }) => name !== '' && !name.startsWith(':'))
}

function queryOf(url: URL): CallParameter[] {
  return [...new Set(url.searchParams.keys())].map((name) => {
    const values = url.searchParams.getAll(name).map(scalarOf)
    return { name, in: 'query', description: '', samples: values.length > 1 ? [values] : values }
  })
}

/** What this entry shows to be secret: it may stand in its path, too. */
function secretsOf(url: URL, headers: readonly Header[]): Set<string> {
  const values = [
    ...headers.filter(({ name }) => isSecretName(name)).map(({ value }) => value.replace(/^\w+\s+/, '')),
    ...[...url.searchParams].filter(([name]) => isSecretName(name)).map(([, value]) => value),
  ]
  return new Set(values.filter((value) => value.length >= 6))
}

function pathOf(url: URL, secrets: ReadonlySet<string>): Pick<Call, 'path' | 'pathSamples'> {
  const { path, samples } = templateOf(segmentsOf(url.pathname), secrets)
  return { path, pathSamples: samples }
}

function readPostData(postData: Node): CallBody | null {
  const type = mediaType(textOf(postData['mimeType']))
  const text = textOf(postData['text'])
  if (FORMS.has(type)) return readForm(type, postData['params'], text)
  const value = text === '' ? undefined : tryJson(text)
  if (value !== undefined && (isJsonType(type) || (typeof value === 'object' && value !== null)))
    return { contentType: isJsonType(type) ? type : 'application/json', samples: [value] }
  if (type === '' || text === '') return null
  return isJsonType(type) ? null : { contentType: type, samples: ['text'] }
}

function readForm(contentType: string, params: unknown, text: string): CallBody | null {
  const listed = listOf(params).map(asNode)
  const entries: [string, unknown][] =
    listed.length > 0
      ? listed.map((one) => [textOf(one['name']), 'fileName' in one ? BINARY : scalarOf(textOf(one['value']))])
      : contentType === 'multipart/form-data'
        ? []
        : [...new URLSearchParams(text)].map(([name, value]) => [name, scalarOf(value)])
  const named = entries.filter(([name]) => name !== '')
  return named.length === 0 ? null : { contentType, samples: [Object.fromEntries(named)] }
}

function readResponse(response: Node): Call['responses'] {
  const content = asNode(response['content'])
  const type = mediaType(textOf(content['mimeType']))
  const value = isJsonType(type) ? tryJson(decoded(content)) : undefined
  return [
    { status: Number(response['status']), body: value === undefined ? null : { contentType: type, samples: [value] } },
  ]
}

function decoded(content: Node): string {
  const text = textOf(content['text'])
  if (content['encoding'] !== 'base64') return text
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))
  } catch {
    return ''
  }
}
