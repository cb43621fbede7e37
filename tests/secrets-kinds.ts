import { exportPKCS8, generateKeyPair } from 'jose'
import { testEnv } from './helpers.ts'
import type { Mark } from './secrets-search.ts'

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** Every secret that was given to the Worker. */
export const marks: Mark[] = []

/** A secret that is nowhere else; what is between its ends is written differently by every encoding. */
export function newMark(name: string, middle = '+/=&%"\\~'): string {
  const letters = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => LETTERS[n % LETTERS.length]).join('')
  const value = `${letters()}${middle}${letters()}`
  marks.push({ name, value })
  return value
}

/** An API that tells what it is sent, of the test's own. */
export async function newEcho(tokens: string[] = [], refreshToken: string | null = null) {
  const url = `${testEnv.UPSTREAMS}/echo/${crypto.randomUUID()}`
  await fetch(url, { method: 'PUT', body: JSON.stringify({ tokens, refreshToken }) })
  const seen = async () => (await (await fetch(`${url}/seen`)).json()) as string[]
  return { url, tokenUrl: `${url}/token`, specUrl: `${url}/openapi.json`, seen }
}

/** A kind of credential: what its token endpoint gives out, and what connects with it. */
export type Kind = {
  name: string
  tokens?: string[]
  refreshToken?: string
  auth: (tokenUrl: string) => Promise<object> | object
}

async function privateKey(name: string): Promise<string> {
  const { privateKey: key } = await generateKeyPair('RS256', { extractable: true })
  const pem = await exportPKCS8(key)
  marks.push({ name, value: pem.split('\n')[3] ?? '' })
  return pem
}

const machine = (tokenUrl: string, name: string) => ({
  type: 'oauth2',
  flow: 'clientCredentials',
  tokenUrl,
  clientId: 'machine',
  clientSecret: newMark(name),
})

/** Every kind that can be connected with. */
export const kinds: Kind[] = [
  ...(['header', 'query', 'cookie'] as const).map((place) => ({
    name: `API key in the ${place}`,
    // A cookie takes no quotes, backslashes or separators (RFC 6265, section 4.1.1).
    auth: () => ({
      type: 'apiKey',
      in: place,
      name: 'x-access',
      value: newMark(`key in ${place}`, place === 'cookie' ? '+/=&%~' : undefined),
    }),
  })),
  { name: 'bearer', auth: () => ({ type: 'bearer', token: newMark('bearer') }) },
  { name: 'basic', auth: () => ({ type: 'basic', username: 'user', password: newMark('password', ':é€+/=&%"\\~') }) },
  {
    name: 'custom headers',
    auth: () => ({
      type: 'custom',
      headers: { 'X-Auth': 'Key {{ one }}; {{ two }}', 'X-Fixed': 'fixed' },
      secrets: { one: newMark('custom one'), two: newMark('custom two') },
    }),
  },
  {
    name: 'client credentials',
    tokens: [newMark('machine token', '-._~+/='), newMark('next machine token', '-._~+/=')],
    auth: (tokenUrl) => machine(tokenUrl, 'client secret'),
  },
  {
    name: 'service account',
    tokens: [newMark('service token', '-._~+/=')],
    auth: async (tokenUrl) => ({
      type: 'serviceAccount',
      tokenUrl,
      issuer: 'robot@example.com',
      algorithm: 'RS256',
      privateKey: await privateKey('private key'),
    }),
  },
  {
    name: 'authorization code',
    tokens: [newMark('account token', '-._~+/=')],
    refreshToken: newMark('refresh token', '-._~+/='),
    auth: (tokenUrl) => ({
      type: 'oauth2',
      flow: 'authorizationCode',
      clientId: 'web',
      clientSecret: newMark('web client secret'),
      authorizationUrl: tokenUrl.replace('/token', '/authorize'),
      tokenUrl,
      scopes: ['all'],
    }),
  },
]
