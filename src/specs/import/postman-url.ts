import type { CallParameter } from './call.ts'
import { scalarOf } from './infer-schema.ts'
import { asNode, isNode, listOf, textOf } from './json.ts'
import { parameterName, templateOf, type PathTemplate, type Segment } from './path-template.ts'
import type { Variables } from './postman-variables.ts'

/** Where a request of a collection goes. */
export type PostmanUrl = PathTemplate & {
  server: string | null
  /** The variables that stand for the host and that the collection does not define. */
  unresolved: string[]
  pathDescriptions: Record<string, string>
  query: CallParameter[]
}

// A variable of these names is part of the path as it is; any other one stands for an id.
const FIXED = /version|prefix|base|root|path|env|stage|realm|namespace/i

/** Reads the `url` of a request: a text, or its parts (Postman Collection 2.1, Url). */
export function readPostmanUrl(url: unknown, variables: Variables, secrets: ReadonlySet<string>): PostmanUrl | null {
  const raw = (typeof url === 'string' ? url : assembled(asNode(url))).trim()
  if (raw === '') return null
  const [beforeHash = ''] = raw.split('#')
  const [address = '', ...queries] = beforeHash.split('?')
  const { text, unresolved } = variables.resolveStart(address)
  const match = /^(?:([a-z][a-z\d+.-]*):\/\/)?([^/]*)(.*)$/is.exec(text)
  const [, scheme, host = '', path = ''] = match ?? []
  const known = unresolved.length === 0 && host !== '' && !host.includes('{{')
  const server = known ? originOf(scheme, host) : null
  const declared = listOf(asNode(url)['variable']).map(asNode)
  const segments = path.replace(/^\//, '').split('/')
  const template = templateOf(
    segments.map((segment) => segmentOf(segment, variables)),
    secrets,
  )
  return {
    ...template,
    server,
    unresolved,
    pathDescriptions: Object.fromEntries(
      declared.map((one) => [parameterName(textOf(one['key'])), describe(one['description'])]),
    ),
    query: readQuery(url, queries.join('?')),
  }
}

/** The text of a URL from its parts. */
function assembled(url: Record<string, unknown>): string {
  const host = Array.isArray(url['host']) ? url['host'].filter(isText).join('.') : textOf(url['host'])
  if (host === '') return textOf(url['raw'])
  const path = Array.isArray(url['path'])
    ? url['path'].map((part) => (isNode(part) ? textOf(part['value']) : textOf(part))).join('/')
    : textOf(url['path']).replace(/^\//, '')
  const protocol = textOf(url['protocol']) === '' ? '' : `${textOf(url['protocol']).replace(/:?\/*$/, '')}://`
  const port = textOf(url['port']) === '' ? '' : `:${textOf(url['port'])}`
  return `${protocol}${host}${port}/${path}`
}

/** @returns null where scheme and host make no URL. */
function originOf(scheme: string | undefined, host: string): string | null {
  const local = /^(?:localhost|127\.|\[::1\])/i.test(host)
  const url = URL.parse(`${scheme ?? (local ? 'http' : 'https')}://${host.slice(host.lastIndexOf('@') + 1)}`)
  return url && /^https?:$/.test(url.protocol) ? url.origin : null
}

function segmentOf(segment: string, variables: Variables): Segment {
  const colon = /^:([A-Za-z_][\w-]*)$/.exec(segment)
  if (colon) return { parameter: parameterName(colon[1] ?? '') }
  const whole = /^\{\{([^}]*)\}\}$/.exec(segment)
  if (!whole) return segment.includes('{{') ? { parameter: parameterName(segment.replaceAll(/[{}]/g, '')) } : segment
  const name = (whole[1] ?? '').trim()
  const value = variables.get(name)
  if (FIXED.test(name) && value !== undefined && /^[\w.-]{1,40}$/.test(value)) return value
  return { parameter: parameterName(name.replace(/^\$/, '')) }
}

function readQuery(url: unknown, text: string): CallParameter[] {
  const listed = asNode(url)['query']
  const entries = Array.isArray(listed)
    ? listed
        .map(asNode)
        .map((one) => ({ name: textOf(one['key']), value: one['value'], description: one['description'] }))
    : [...new URLSearchParams(text)].map(([name, value]) => ({ name, value, description: '' }))
  return entries
    .filter(({ name }) => name !== '' && !name.includes('{{'))
    .map(({ name, value, description }) => ({
      name,
      in: 'query',
      description: describe(description),
      samples: typeof value === 'string' && value !== '' && !value.includes('{{') ? [scalarOf(value)] : [],
    }))
}

/** A description is a text, or an object with one (Postman Collection 2.1, Description). */
export function describe(description: unknown): string {
  return isNode(description) ? textOf(description['content']) : textOf(description)
}

const isText = (value: unknown) => typeof value === 'string'
