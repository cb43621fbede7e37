import { z } from '@hono/zod-openapi'

const secret = z
  .string()
  .trim()
  .min(1)
  .max(8000)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII')

// What describes the connection or the message itself (RFC 9110, sections 7.2 and 7.6.1) is not a caller's to set.
const RESERVED =
  /^(?:host|content-(?:length|type|encoding)|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|accept-encoding)$/i
const fieldName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~[\]-]{1,100}$/, 'must be a valid header or query parameter name')

/** Whether a header describes the connection or the message, so that no credential can be put into it. */
export function isReservedHeader(name: string): boolean {
  return RESERVED.test(name)
}

// Any characters: they are encoded on their way (RFC 7617). A few services take an empty one.
const basicPassword = z.string().max(8000)

const url = z.url().max(2000)
const scopes = z
  .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,300}$/, 'must be a scope: printable ASCII without spaces'))
  .max(200)
const identifier = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII')
const clientAuthentication = z
  .enum(['client_secret_basic', 'client_secret_post'])
  .openapi({ description: 'How the client proves itself to the token endpoint (RFC 6749, section 2.3.1)' })
const algorithm = z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'])
const asSpec = { description: 'As the specification says when left out' }

const placeholder = /\{\{\s*([A-Za-z0-9_-]{1,50})\s*\}\}/g

/** The names of the secrets that a header template puts in. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(placeholder)].flatMap((match) => match[1] ?? [])
}

/** A header template with its secrets put in; what has no secret stays as it is. */
export function fillTemplate(template: string, secrets: Readonly<Record<string, string>>): string {
  return template.replaceAll(placeholder, (whole, name: string) =>
    Object.hasOwn(secrets, name) ? (secrets[name] ?? whole) : whole,
  )
}

const template = z
  .string()
  .max(4000)
  .regex(/^[\x20-\x7e]*$/, 'must be printable ASCII')
  .refine((value) => !/\{\{|\}\}/.test(value.replaceAll(placeholder, '')), 'has a placeholder that is not {{ name }}')

const headerTemplates = z
  .record(
    fieldName.refine((name) => !isReservedHeader(name), 'is a header that belongs to the connection or the message'),
    template,
  )
  .refine(
    (headers) => Object.keys(headers).length > 0 && Object.keys(headers).length <= 20,
    'must have 1 to 20 headers',
  )

const CustomAuth = z.object({
  type: z.literal('custom'),
  headers: headerTemplates.openapi({ example: { 'X-Auth': 'Key {{ key }}' } }),
  secrets: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,50}$/), secret),
})

/** How to authenticate to the API, the secret included; named as OpenAPI's security schemes are. */
export const Auth = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('none') }),
    z.object({
      type: z.literal('apiKey'),
      in: z.enum(['header', 'query', 'cookie']).optional().openapi(asSpec),
      name: fieldName.optional().openapi({ ...asSpec, example: 'X-API-Key' }),
      value: secret,
    }),
    z.object({ type: z.literal('bearer'), token: secret }),
    z.object({ type: z.literal('basic'), username: z.string().min(1).max(500), password: basicPassword }),
    z.discriminatedUnion('flow', [
      z.object({
        type: z.literal('oauth2'),
        flow: z.literal('clientCredentials'),
        issuer: url.optional().openapi({ description: 'An issuer whose discovery document names the token endpoint' }),
        tokenUrl: url.optional().openapi(asSpec),
        clientId: identifier,
        clientSecret: secret,
        scopes: scopes.optional(),
        audience: identifier.optional(),
        clientAuthentication: clientAuthentication.optional(),
      }),
      z.object({
        type: z.literal('oauth2'),
        flow: z.literal('authorizationCode'),
        provider: z.string().max(50).optional().openapi({ example: 'google' }),
        issuer: url.optional().openapi({ description: 'An issuer that offers OpenID Connect Discovery' }),
        authorizationUrl: url.optional().openapi(asSpec),
        tokenUrl: url.optional().openapi(asSpec),
        clientId: identifier.optional().openapi({ description: 'The deployment’s own client when left out' }),
        clientSecret: secret.optional(),
        scopes: scopes.optional().openapi({ description: 'What the operations need when left out' }),
        clientAuthentication: clientAuthentication.optional(),
      }),
    ]),
    z.object({
      type: z.literal('serviceAccount'),
      tokenUrl: url.optional().openapi(asSpec),
      issuer: identifier.optional().openapi({ description: 'Of the assertion; in a key file, client_email' }),
      subject: identifier.optional().openapi({ description: 'On whose behalf; the issuer when left out' }),
      audience: identifier.optional().openapi({ description: 'The token endpoint when left out' }),
      scopes: scopes.optional(),
      keyId: identifier.optional(),
      algorithm: algorithm.optional(),
      privateKey: z
        .string()
        .min(1)
        .max(20_000)
        .openapi({ description: 'PEM (PKCS #8), or a whole service-account key file in JSON' }),
    }),
    CustomAuth,
  ])
  .openapi('Auth')
export type Auth = z.infer<typeof Auth>

const listed = z.array(z.string())

/** How a connection authenticates, without the secret. */
export const AuthSettings = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('none') }),
    z.object({ type: z.literal('apiKey'), in: z.enum(['header', 'query', 'cookie']), name: z.string() }),
    z.object({ type: z.literal('bearer') }),
    z.object({ type: z.literal('basic'), username: z.string() }),
    z.discriminatedUnion('flow', [
      z.object({
        type: z.literal('oauth2'),
        flow: z.literal('clientCredentials'),
        issuer: z.string().nullable(),
        tokenUrl: z.string().nullable(),
        clientId: z.string(),
        scopes: listed,
        audience: z.string().nullable(),
        clientAuthentication,
      }),
      z.object({
        type: z.literal('oauth2'),
        flow: z.literal('authorizationCode'),
        provider: z.string().nullable(),
        issuer: z.string().nullable(),
        authorizationUrl: z.string().nullable(),
        tokenUrl: z.string().nullable(),
        clientId: z.string().nullable().openapi({ description: 'Null: the deployment’s own client' }),
        scopes: listed.openapi({ description: 'Empty: what the operations need' }),
        clientAuthentication,
      }),
    ]),
    z.object({
      type: z.literal('serviceAccount'),
      tokenUrl: z.string(),
      issuer: z.string(),
      subject: z.string().nullable(),
      audience: z.string(),
      scopes: listed,
      keyId: z.string().nullable(),
      algorithm,
    }),
    z.object({ type: z.literal('custom'), headers: z.record(z.string(), z.string()) }),
  ])
  .openapi('AuthSettings')
export type AuthSettings = z.infer<typeof AuthSettings>

/** Settings of the kinds whose credential is a token that must be obtained and renewed. */
export type TokenAuth = Extract<AuthSettings, { type: 'oauth2' | 'serviceAccount' }>

export type ClientCredentialsAuth = Extract<AuthSettings, { flow: 'clientCredentials' }>
export type AuthorizationCodeAuth = Extract<AuthSettings, { flow: 'authorizationCode' }>
export type ServiceAccountAuth = Extract<AuthSettings, { type: 'serviceAccount' }>

/** Whether the settings are of a kind whose token is obtained and renewed. */
export function usesTokens(auth: AuthSettings): auth is TokenAuth {
  return auth.type === 'oauth2' || auth.type === 'serviceAccount'
}
