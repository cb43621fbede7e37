import type { World } from '../context.ts'
import { fetchOutbound, type OutboundPolicy } from '../platform/outbound.ts'
import { unseal, type Sealed } from '../platform/vault.ts'
import type { AuthSettings } from './schema.ts'

/** A connection as far as calling it goes. */
export type Upstream = {
  id: string
  workspaceId: string
  baseUrl: string
  auth: AuthSettings
  credential: Sealed | null
}

/** A request before the credential is put in: safe to show, log and store. */
export type UpstreamRequest = { method: string; url: string; headers: Record<string, string>; body: string | null }

/** An answer after the credential is taken out: safe to show, log and store. */
export type UpstreamResponse = { status: number; headers: Record<string, string>; body: unknown }

const POLICY: Omit<OutboundPolicy, 'allowPrivate'> = { timeoutMs: 30_000, maxBytes: 10_000_000 }
const MASK = '•••'
const SHORTEST_SECRET = 4

/** Where a sealed credential belongs; see the vault's additional data. */
export function credentialBinding(workspaceId: string, connectionId: string): string {
  return `${workspaceId}/${connectionId}`
}

/**
 * Sends a request to a connected API. This is the one place where a credential is open: it is put in just before the
 * request leaves, only towards the connection's own origin, and struck out of whatever comes back.
 * @throws AppError ADDRESS_REFUSED, OutboundError.
 */
export async function callUpstream(
  world: World,
  upstream: Upstream,
  request: UpstreamRequest,
  signal?: AbortSignal,
): Promise<UpstreamResponse> {
  const url = new URL(request.url)
  if (url.origin !== new URL(upstream.baseUrl).origin) throw new Error(`${url.origin} is not the connection's own host`)
  const headers = new Headers(request.headers)
  const secret = await openCredential(world, upstream)
  const secretHeaders = secret === null ? [] : putCredential(upstream.auth, secret, url, headers)
  const response = await fetchOutbound(
    world.fetch,
    { url: url.href, method: request.method, headers, body: request.body, secret: secretHeaders },
    // A credential in the query would travel with a redirect, so such a call follows none.
    {
      ...POLICY,
      allowPrivate: world.config.allowPrivateUpstreams,
      ...(isInQuery(upstream.auth) ? { maxRedirects: 0 } : {}),
    },
    signal,
  )
  const marks = secret === null ? [] : secretForms(upstream.auth, secret)
  const strike = (text: string) => marks.reduce((struck, mark) => struck.replaceAll(mark, MASK), text)
  const text = new TextDecoder().decode(response.body)
  const shown = [...response.headers].filter(([name]) => name !== 'set-cookie')
  // After parsing: JSON may write the same characters in several ways.
  const parsed = parseBody(text, response.headers.get('content-type'))
  const body = marks.length === 0 ? parsed : strikeOut(parsed, strike)
  return {
    status: response.status,
    headers: Object.fromEntries(shown.map(([name, value]) => [name, strike(value)])),
    body,
  }
}

/** Strikes every text of a value, names included. */
function strikeOut(value: unknown, strike: (text: string) => string): unknown {
  if (typeof value === 'string') return strike(value)
  if (Array.isArray(value)) return value.map((item) => strikeOut(item, strike))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [strike(name), strikeOut(inner, strike)]))
}

async function openCredential(world: World, upstream: Upstream): Promise<string | null> {
  if (upstream.credential === null) return null
  return unseal(world.config.encryptionKey, upstream.credential, credentialBinding(upstream.workspaceId, upstream.id))
}

/** Puts the secret where the connection wants it; returns the names of the headers that now hold one. */
function putCredential(auth: AuthSettings, secret: string, url: URL, headers: Headers): string[] {
  switch (auth.type) {
    case 'none':
      return []
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
      headers.set(auth.name, secret)
      return [auth.name]
    default:
      return auth satisfies never
  }
}

/**
 * What a credential looks like on its way, and within a text that quotes it: an answer may hold it in any of these forms.
 * What is shorter than a word would strike out words.
 */
function secretForms(auth: AuthSettings, secret: string): string[] {
  const forms = [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    ...(auth.type === 'basic' ? [basicToken(auth.username, secret)] : []),
  ]
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_SECRET).toSorted((a, b) => b.length - a.length)
}

/** RFC 7617, in UTF-8. */
function basicToken(username: string, password: string): string {
  return new TextEncoder().encode(`${username}:${password}`).toBase64()
}

function isInQuery(auth: AuthSettings): boolean {
  return auth.type === 'apiKey' && auth.in === 'query'
}

function parseBody(text: string, contentType: string | null): unknown {
  if (text === '') return null
  if (!/\bjson\b/i.test(contentType ?? '')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
