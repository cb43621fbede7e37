import { toPointer } from '../lib/json-pointer.ts'
import { dereference } from './dereference.ts'
import type { Findings } from './finding.ts'
import { asNode, isNode, isPrimitive, list, quoted, text, type Node } from './node.ts'
import type { SecurityRequirement, SecurityScheme } from './operation.ts'
import type { OpenApi3 } from './validate.ts'

const PLACES = ['header', 'query', 'cookie'] as const
const UNUSED = 'Declare another way to authenticate too, or connect with a header of your own.'

/** Where schemes are read: relative URLs in them count from `base`. */
type Place = { id: string; description: string; base: string | null; pointer: string; findings: Findings }

/** The ways to authenticate that the document declares and APIQ can use; the others become findings. */
export function readSecuritySchemes(document: OpenApi3, base: string | null, findings: Findings): SecurityScheme[] {
  return Object.entries(asNode(document.components['securitySchemes'])).flatMap(([id, raw]): SecurityScheme[] => {
    const pointer = toPointer(['components', 'securitySchemes', id])
    const { node } = dereference(document, raw)
    if (!node) return []
    return readScheme(node, { id, description: text(node['description']), base, pointer, findings })
  })
}

function readScheme(node: Node, place: Place): SecurityScheme[] {
  const { id, description, pointer, findings } = place
  const type = text(node['type']).toLowerCase()
  const scheme = type === 'basic' ? 'basic' : text(node['scheme']).toLowerCase()
  if (type === 'apikey') {
    const at = PLACES.find((one) => one === node['in'])
    const name = text(node['name'])
    if (at && name !== '') return [{ id, description, type: 'apiKey', in: at, name }]
    findings.add(pointer, 'an API key needs a name and a place (in: header, query or cookie)', 'Add what is missing.')
    return []
  }
  if ((type === 'http' || type === 'basic') && (scheme === 'bearer' || scheme === 'basic'))
    return [{ id, description, type: scheme }]
  if (type === 'oauth2') return readFlows(asNode(node['flows']), place)
  if (type === 'openidconnect') {
    const openIdConnectUrl = absolute(node, 'openIdConnectUrl', '', place)
    return openIdConnectUrl === null ? [] : [{ id, description, type: 'openIdConnect', openIdConnectUrl }]
  }
  const what =
    type === 'http' ? `HTTP authentication by "${quoted(scheme)}"` : `authentication of the type "${quoted(type)}"`
  findings.add(pointer, `${what} is not supported`, UNUSED)
  return []
}

function readFlows(flows: Node, place: Place): SecurityScheme[] {
  const { id, description, pointer, findings } = place
  const entries = Object.entries(flows).filter(([name]) => !name.startsWith('x-'))
  if (entries.length === 0)
    findings.add(pointer, 'OAuth 2 without a flow is not usable', 'Describe a flow with its URLs.')
  return entries.flatMap(([name, raw]): SecurityScheme[] => {
    const flow = asNode(raw)
    const within = `/flows/${name}`
    if (name !== 'clientCredentials' && name !== 'authorizationCode') {
      findings.add(
        `${pointer}${toPointer(['flows', name])}`,
        `the OAuth 2 flow "${quoted(name)}" is not supported`,
        UNUSED,
      )
      return []
    }
    const tokenUrl = absolute(flow, 'tokenUrl', within, place)
    const scopes = scopesOf(flow['scopes'])
    if (name === 'clientCredentials')
      return tokenUrl === null ? [] : [{ id, description, type: 'oauth2', flow: name, tokenUrl, scopes }]
    const authorizationUrl = absolute(flow, 'authorizationUrl', within, place)
    if (tokenUrl === null || authorizationUrl === null) return []
    return [{ id, description, type: 'oauth2', flow: name, authorizationUrl, tokenUrl, scopes }]
  })
}

function scopesOf(scopes: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asNode(scopes)).map(([name, value]) => [name, isPrimitive(value) ? String(value) : '']),
  )
}

function absolute(node: Node, member: string, within: string, { base, pointer, findings }: Place): string | null {
  const url = text(node[member]) === '' ? null : URL.parse(text(node[member]).trim(), base ?? undefined)
  if (url && /^https?:$/.test(url.protocol)) return url.href
  findings.add(`${pointer}${within}/${member}`, 'is missing or not a valid absolute URL', 'Give it in full: https://…')
  return null
}

/** Which credentials an operation takes: its own list, else the document's; null where neither says. */
export function readSecurity(document: OpenApi3, operation: Node, pointer: string, findings: Findings) {
  const own = operation['security'] !== undefined && operation['security'] !== null
  const listed = requirements(
    own ? operation['security'] : document['security'],
    own ? `${pointer}/security` : '/security',
    findings,
  )
  const declared = asNode(document.components['securitySchemes'])
  for (const name of (listed ?? []).flatMap((one) => Object.keys(one)))
    if (!Object.hasOwn(declared, name))
      findings.add(
        '/components/securitySchemes',
        `has no "${quoted(name)}", which operations ask for`,
        'Declare it, or ask for one that is declared.',
      )
  return listed
}

function requirements(security: unknown, pointer: string, findings: Findings): SecurityRequirement[] | null {
  if (security === undefined || security === null) return null
  if (!Array.isArray(security) || !security.every(isNode)) {
    findings.add(pointer, 'must be a list of objects', 'Write each requirement as an object of scheme names in a list.')
    return isNode(security) ? [requirement(security)] : null
  }
  return security.map(requirement)
}

function requirement(raw: Node): SecurityRequirement {
  return Object.fromEntries(
    Object.entries(raw).map(([scheme, scopes]) => [scheme, list(scopes).filter((scope) => typeof scope === 'string')]),
  )
}
