import type { SecurityRequirement } from '../operation.ts'
import type { SchemeRegistry } from './call.ts'
import { asNode, isNode, listOf, textOf, type Node } from './json.ts'
import { isSecretName } from './names.ts'
import type { Variables } from './postman-variables.ts'
import type { SecretTexts } from './strike-out.ts'

/** What the readers of a collection share. */
export type PostmanContext = {
  variables: Variables
  schemes: SchemeRegistry
  secrets: SecretTexts
  warn: (message: string) => void
}

// Of the settings of a kind of authentication, those that are no secret.
const OPEN = new Set([
  'key',
  'in',
  'grant_type',
  'scope',
  'authurl',
  'accesstokenurl',
  'addtokento',
  'headerprefix',
  'username',
])

/**
 * What an `auth` of a collection, folder or request asks for (Postman Collection 2.1, Auth). Undefined where it says
 * nothing, so that what is around it holds. Its secrets are noted, so that they are nowhere in the document.
 */
export function readPostmanAuth(auth: unknown, context: PostmanContext): SecurityRequirement[] | undefined {
  if (!isNode(auth)) return undefined
  const type = textOf(auth['type'])
  const settings = settingsOf(auth[type])
  for (const [name, value] of Object.entries(settings)) {
    if (OPEN.has(name.toLowerCase()) && !(type !== 'apikey' && isSecretName(name))) continue
    context.secrets.add(value)
    context.secrets.add(context.variables.resolve(textOf(value)))
  }
  const setting = (name: string) => context.variables.resolve(textOf(settings[name]))
  const { schemes } = context
  switch (type) {
    case 'noauth':
      return []
    case 'bearer':
      return [{ [schemes.add({ type: 'http', scheme: 'bearer' })]: [] }]
    case 'basic':
      return [{ [schemes.add({ type: 'http', scheme: 'basic' })]: [] }]
    case 'apikey': {
      const name = setting('key') || 'X-API-Key'
      const place = setting('in') === 'query' ? 'query' : 'header'
      return [{ [schemes.add({ type: 'apiKey', in: place, name })]: [] }]
    }
    case 'oauth2':
      return [readOAuth2(setting, context)]
    default:
      if (type !== '' && type !== 'inherit')
        context.warn(`the authentication "${type.slice(0, 40)}" is not known here and is left out`)
      return undefined
  }
}

/** 2.1 lists settings as { key, value }, 2.0 has them as members. */
function settingsOf(value: unknown): Node {
  if (!Array.isArray(value)) return asNode(value)
  return Object.fromEntries(
    listOf(value)
      .map(asNode)
      .map((one) => [textOf(one['key']), one['value']]),
  )
}

function readOAuth2(setting: (name: string) => string, context: PostmanContext): SecurityRequirement {
  const scopes = setting('scope')
    .split(/[\s,]+/)
    .filter((scope) => scope !== '' && !scope.includes('{{'))
  const described = Object.fromEntries(scopes.map((scope) => [scope, '']))
  const tokenUrl = plainUrl(setting('accessTokenUrl'))
  const authorizationUrl = plainUrl(setting('authUrl'))
  const flow = setting('grant_type') === 'client_credentials' ? 'clientCredentials' : 'authorizationCode'
  if (tokenUrl === null || (flow === 'authorizationCode' && authorizationUrl === null)) {
    context.warn('OAuth 2 without the URLs of its provider is taken as a bearer token')
    return { [context.schemes.add({ type: 'http', scheme: 'bearer' })]: [] }
  }
  const urls = flow === 'authorizationCode' ? { authorizationUrl, tokenUrl } : { tokenUrl }
  return { [context.schemes.add({ type: 'oauth2', flows: { [flow]: { ...urls, scopes: described } } })]: scopes }
}

/** Without user and query, which may hold a secret. */
function plainUrl(text: string): string | null {
  const url = text.includes('{{') ? null : URL.parse(text)
  return url && /^https?:$/.test(url.protocol) ? `${url.origin}${url.pathname}` : null
}
