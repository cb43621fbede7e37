import { fillTemplate, usesTokens, type AuthSettings } from '../auth-schema.ts'
import type { TokenSet } from './token-set.ts'

/** What is sealed for a connection whose token is obtained and renewed. */
export type TokenCredential = {
  /** Of the connection's own client; null for a public client, and where the deployment's client is used. */
  clientSecret: string | null
  /** PKCS #8, of a service account. */
  privateKey: string | null
  tokens: TokenSet | null
}

/** A credential, open: only `egress.ts` and `token-keeper.ts` hold one, for as long as a call takes. */
export type OpenCredential =
  | { kind: 'none' }
  | { kind: 'secret'; secret: string }
  | { kind: 'secrets'; secrets: Record<string, string> }
  | { kind: 'tokens'; credential: TokenCredential }

/** A credential as the text that is sealed. */
export function writeCredential(credential: OpenCredential): string | null {
  switch (credential.kind) {
    case 'none':
      return null
    case 'secret':
      return credential.secret
    case 'secrets':
      return JSON.stringify(credential.secrets)
    case 'tokens':
      return JSON.stringify(credential.credential)
    default:
      return credential satisfies never
  }
}

/** The text that `writeCredential` made, read back by what the settings say it is. */
export function readCredential(auth: AuthSettings, text: string | null): OpenCredential {
  if (text === null || auth.type === 'none') return { kind: 'none' }
  if (usesTokens(auth)) return { kind: 'tokens', credential: readTokens(text) }
  if (auth.type === 'custom') return { kind: 'secrets', secrets: JSON.parse(text) as Record<string, string> }
  return { kind: 'secret', secret: text }
}

/** What is sealed for a connection whose token is obtained and renewed; nothing of it where nothing is stored. */
export function readTokens(text: string | null): TokenCredential {
  return text === null ? { clientSecret: null, privateKey: null, tokens: null } : (JSON.parse(text) as TokenCredential)
}

/**
 * Puts a credential where the connection wants it (names of headers in small letters); returns the names of the headers that now hold one. A connection
 * without a token yet sends none.
 */
export function putCredential(
  auth: AuthSettings,
  open: OpenCredential,
  url: URL,
  headers: Map<string, string>,
): string[] {
  if (open.kind === 'none') return []
  if (open.kind === 'tokens') {
    const { tokens } = open.credential
    if (tokens === null) return []
    headers.set('authorization', `Bearer ${tokens.accessToken}`)
    return ['authorization']
  }
  if (open.kind === 'secrets') {
    const templates = auth.type === 'custom' ? Object.entries(auth.headers) : []
    for (const [name, template] of templates) headers.set(name.toLowerCase(), fillTemplate(template, open.secrets))
    return templates.map(([name]) => name)
  }
  return putSecret(auth, open.secret, url, headers)
}

function putSecret(auth: AuthSettings, secret: string, url: URL, headers: Map<string, string>): string[] {
  switch (auth.type) {
    case 'bearer':
      headers.set('authorization', `Bearer ${secret}`)
      return ['authorization']
    case 'basic':
      headers.set('authorization', `Basic ${basicToken(auth.username, secret)}`)
      return ['authorization']
    case 'apiKey':
      if (auth.in === 'query') {
        url.searchParams.set(auth.name, secret)
        return []
      }
      if (auth.in === 'cookie') {
        const others = headers.get('cookie')
        headers.set('cookie', `${others ? `${others}; ` : ''}${auth.name}=${encodeURIComponent(secret)}`)
        return ['cookie']
      }
      headers.set(auth.name.toLowerCase(), secret)
      return [auth.name]
    case 'none':
    case 'oauth2':
    case 'serviceAccount':
    case 'custom':
      return []
    default:
      return auth satisfies never
  }
}

// What is shorter than a word would strike out words.
const SHORTEST_SECRET = 4

/**
 * What a credential looks like on its way, and within a text that quotes it: an answer may hold it in any of these
 * forms. The longest come first, so that none is left half struck.
 */
export function secretForms(auth: AuthSettings, open: OpenCredential): readonly string[] {
  let forms = knownForms.get(open)
  if (!forms) knownForms.set(open, (forms = writeForms(auth, open)))
  return forms
}

const knownForms = new WeakMap<OpenCredential, readonly string[]>()

function writeForms(auth: AuthSettings, open: OpenCredential): string[] {
  const composed = auth.type === 'basic' && open.kind === 'secret' ? [basicToken(auth.username, open.secret)] : []
  const forms = [...secretsOf(open).flatMap(writtenAs), ...composed]
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_SECRET).toSorted((a, b) => b.length - a.length)
}

/** Every secret in a credential, as it is. */
function secretsOf(open: OpenCredential): string[] {
  switch (open.kind) {
    case 'none':
      return []
    case 'secret':
      return [open.secret]
    case 'secrets':
      return Object.values(open.secrets)
    case 'tokens': {
      const { clientSecret, privateKey, tokens } = open.credential
      return [clientSecret, privateKey, tokens?.accessToken, tokens?.refreshToken].flatMap((secret) => secret ?? [])
    }
    default:
      return open satisfies never
  }
}

/** A secret as a text may hold it; an answer that quotes a URL within a URL encodes it twice. */
function writtenAs(secret: string): string[] {
  const encoded = [encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1)]
  const forms = [secret, ...encoded, ...encoded.map(encodeURIComponent), ...encoded.map(encodeURI), encodeURI(secret)]
  const lower = forms.map((form) => form.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()))
  return [...forms, ...lower, JSON.stringify(secret).slice(1, -1)]
}

/** RFC 7617, in UTF-8. */
function basicToken(username: string, password: string): string {
  return new TextEncoder().encode(`${username}:${password}`).toBase64()
}

/** Whether the secret travels in the URL, where a redirect would take it along. */
export function isInQuery(auth: AuthSettings): boolean {
  return auth.type === 'apiKey' && auth.in === 'query'
}
