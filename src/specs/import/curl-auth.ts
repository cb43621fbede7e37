import type { ImportedScheme } from './call.ts'
import { isCredentialName } from './names.ts'
import type { CurlRequest } from './curl-options.ts'

/** A credential found in a command, in the shape in which connecting takes it. */
export type ImportedAuth =
  | { type: 'bearer'; token: string }
  | { type: 'basic'; username: string; password: string }
  | { type: 'apiKey'; in: 'header' | 'query' | 'cookie'; name: string; value: string }

/** What a command authenticates with. `auth` is null where the secret itself is left for somebody to fill in. */
export type FoundAuth = { scheme: ImportedScheme; auth: ImportedAuth | null }

// $TOKEN, <token>, {{token}}, YOUR_API_KEY, xxxx, ***, …
const PLACEHOLDER = /\$\{?[A-Za-z_]|^<.*>$|^\{+.*\}+$|^\[.*\]$|^your[\s_-]|^x{3,}$|^\*{3,}$|\.{3}$|…|^%\w+%$/i
const PRINTABLE = /^[\x20-\x7e]{1,8000}$/

/** Every credential of a request, the one that counts most first. */
export function credentialsOf(
  request: CurlRequest,
  query: readonly [name: string, value: string][],
  userInfo: string | null,
): FoundAuth[] {
  const found: FoundAuth[] = []
  for (const { name, value } of request.headers)
    if (name.toLowerCase() === 'authorization' && value !== '') found.push(ofAuthorization(value))
  if (request.bearer !== null) found.push(bearer(request.bearer))
  const user = request.otherAuth ? null : (request.user ?? userInfo)
  if (user !== null) found.push(basic(user))
  for (const { name, value } of request.headers)
    if (isCredentialName(name) && name.toLowerCase() !== 'authorization') found.push(apiKey('header', name, value))
  for (const [name, value] of query) if (isCredentialName(name)) found.push(apiKey('query', name, value))
  return found.length === 0 ? ofCookies(request) : found
}

function ofAuthorization(value: string): FoundAuth {
  const [, scheme = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(value) ?? []
  if (/^bearer$/i.test(scheme)) return bearer(rest)
  const decoded = /^basic$/i.test(scheme) ? decodeBase64(rest) : null
  if (decoded !== null) return basic(decoded)
  if (/^basic$/i.test(scheme)) return { scheme: { type: 'http', scheme: 'basic' }, auth: null }
  return apiKey('header', 'Authorization', value)
}

function bearer(token: string): FoundAuth {
  const text = token.trim()
  return { scheme: { type: 'http', scheme: 'bearer' }, auth: isSecret(text) ? { type: 'bearer', token: text } : null }
}

function basic(user: string): FoundAuth {
  const colon = user.indexOf(':')
  const username = colon === -1 ? user : user.slice(0, colon)
  const password = colon === -1 ? '' : user.slice(colon + 1)
  const usable = username !== '' && username.length <= 500 && password.length <= 8000
  const filled = usable && !PLACEHOLDER.test(username) && !PLACEHOLDER.test(password)
  return { scheme: { type: 'http', scheme: 'basic' }, auth: filled ? { type: 'basic', username, password } : null }
}

function apiKey(place: 'header' | 'query' | 'cookie', name: string, value: string): FoundAuth {
  const text = value.trim()
  const scheme = { type: 'apiKey', in: place, name } as const
  const bare = text.replace(/^\w+\s+/, '')
  return { scheme, auth: isSecret(text) && isSecret(bare) ? { ...scheme, value: text } : null }
}

/** One cookie alone is taken as the credential; of several nobody knows which one is. */
function ofCookies(request: CurlRequest): FoundAuth[] {
  const header = request.headers.filter(({ name }) => name.toLowerCase() === 'cookie').map(({ value }) => value)
  const pairs = [...request.cookies, ...header].flatMap((text) => text.split(';')).filter((pair) => pair.includes('='))
  const [pair] = pairs
  if (pair === undefined || pairs.length > 1) return []
  const equals = pair.indexOf('=')
  return [apiKey('cookie', pair.slice(0, equals).trim(), pair.slice(equals + 1))]
}

const isSecret = (text: string) => PRINTABLE.test(text) && !PLACEHOLDER.test(text)

function decodeBase64(text: string): string | null {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0)))
  } catch {
    return null
  }
}
