import { importPKCS8, SignJWT } from 'jose'
import type { Config } from '../../config.ts'
import { AppError } from '../../errors.ts'
import { checkUrl } from '../../platform/outbound.ts'
import type { SecurityScheme } from '../../specs/operation.ts'
import type { Auth, ServiceAccountAuth } from '../auth-schema.ts'
import type { OpenCredential } from './credential.ts'

type Given = Extract<Auth, { type: 'serviceAccount' }>

const ASSERTION_SECONDS = 300

/**
 * Settings of a service account (RFC 7523, section 2.1): from a key file, what the caller gives besides, and the
 * specification, in reverse order of precedence.
 * @throws AppError VALIDATION_FAILED, ADDRESS_REFUSED
 */
export async function resolveServiceAccount(
  config: Config,
  auth: Given,
  schemes: readonly SecurityScheme[],
): Promise<[ServiceAccountAuth, OpenCredential]> {
  const file = readKeyFile(auth.privateKey)
  const declared = schemes.find((scheme) => scheme.type === 'oauth2')?.tokenUrl
  const tokenUrl = auth.tokenUrl ?? file?.token_uri ?? declared
  const issuer = auth.issuer ?? file?.client_email
  if (tokenUrl === undefined) throw missing('tokenUrl', 'the token endpoint')
  if (issuer === undefined) throw missing('issuer', 'the issuer of the assertion')
  const privateKey = file?.private_key ?? auth.privateKey
  const algorithm = auth.algorithm ?? 'RS256'
  await importKey(privateKey, algorithm)
  const endpoint = checkUrl(tokenUrl, config.allowPrivateUpstreams).href
  const settings: ServiceAccountAuth = {
    type: 'serviceAccount',
    tokenUrl: endpoint,
    issuer,
    // A key file's account acts for itself unless told otherwise; elsewhere the subject must be named (RFC 7523, section 3).
    subject: auth.subject ?? (file ? null : issuer),
    audience: auth.audience ?? tokenUrl,
    scopes: auth.scopes ?? [],
    keyId: auth.keyId ?? file?.private_key_id ?? null,
    algorithm,
  }
  return [settings, { kind: 'tokens', credential: { clientSecret: null, privateKey, tokens: null } }]
}

/** A signed assertion, good for five minutes and one use (RFC 7523, section 3). */
export async function signAssertion(auth: ServiceAccountAuth, privateKey: string, now: number): Promise<string> {
  const seconds = Math.floor(now / 1000)
  // Google reads the scopes here, others from the request; each ignores the other place.
  const claims = auth.scopes.length > 0 ? { scope: auth.scopes.join(' ') } : {}
  const jwt = new SignJWT(claims)
    .setProtectedHeader({ alg: auth.algorithm, typ: 'JWT', ...(auth.keyId === null ? {} : { kid: auth.keyId }) })
    .setIssuer(auth.issuer)
    .setAudience(auth.audience)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + ASSERTION_SECONDS)
    .setJti(crypto.randomUUID())
  if (auth.subject !== null) jwt.setSubject(auth.subject)
  return jwt.sign(await importKey(privateKey, auth.algorithm))
}

type KeyFile = { client_email?: string; private_key: string; private_key_id?: string; token_uri?: string }

/** A key file as Google hands it out; undefined where the text is no JSON. @throws AppError VALIDATION_FAILED */
function readKeyFile(text: string): KeyFile | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    throw wrongKey('is neither PEM nor JSON')
  }
  const { client_email, private_key, private_key_id, token_uri } = file as Record<string, unknown>
  if (typeof private_key !== 'string') throw wrongKey('is JSON without private_key')
  return {
    private_key,
    ...(typeof client_email === 'string' ? { client_email } : {}),
    ...(typeof private_key_id === 'string' ? { private_key_id } : {}),
    ...(typeof token_uri === 'string' ? { token_uri } : {}),
  }
}

async function importKey(pem: string, algorithm: string): Promise<CryptoKey> {
  if (/BEGIN (?:RSA|EC) PRIVATE KEY/.test(pem))
    throw wrongKey('is not PKCS #8; convert it with: openssl pkcs8 -topk8 -nocrypt -in key.pem')
  try {
    return await importPKCS8(pem.trim(), algorithm)
  } catch {
    throw wrongKey(`is no private key in PEM (PKCS #8) for ${algorithm}`)
  }
}

function wrongKey(message: string): AppError {
  return new AppError('VALIDATION_FAILED', `The private key ${message}.`, {
    errors: [{ path: '/auth/privateKey', code: 'invalid', message }],
  })
}

function missing(name: string, what: string): AppError {
  return new AppError('VALIDATION_FAILED', `Give ${what} in auth.${name}, or a key file that holds it.`, {
    errors: [{ path: `/auth/${name}`, code: 'required', message: 'is needed' }],
  })
}
