import { z } from 'zod'
import { AppError } from './errors.ts'
import { checkMail, mailConfigOf, mailVariables, type MailConfig } from './mail-config.ts'
import { checkProduction } from './production-config.ts'

const flag = z
  .enum(['true', 'false', ''])
  .default('false')
  .transform((value) => value === 'true')

const base64Key = z.string().transform((value, issue) => {
  try {
    const bytes = Uint8Array.from(atob(value), (char) => char.charCodeAt(0))
    if (bytes.length === 32 && new Set(bytes).size > 8) return bytes
  } catch {
    // Falls through to the one message that says what a good key is.
  }
  issue.addIssue({ code: 'custom', message: 'must be 32 random bytes in base64 (openssl rand -base64 32)' })
  return z.NEVER
})

const secret = z
  .string('is missing')
  .min(32, 'must have at least 32 characters (openssl rand -base64 32)')
  .refine((value) => new Set(value).size >= 12, 'is too weak: use random characters (openssl rand -base64 32)')

const OAuthClient = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  issuer: z.url().optional(),
})

/** A client that this deployment is registered as; `issuer` where every customer of the provider has one of their own. */
export type OAuthClient = z.infer<typeof OAuthClient>

/** A variable that holds JSON: an object of things by their names. */
const jsonOf = <T extends z.ZodType>(schema: T, example: string) =>
  z
    .string()
    .default('{}')
    .transform((value, issue) => {
      try {
        return JSON.parse(value || '{}') as unknown
      } catch {
        issue.addIssue({ code: 'custom', message: `must be JSON: ${example}` })
        return z.NEVER
      }
    })
    .pipe(z.record(z.string().regex(/^(?!credential$)[a-z][a-z0-9-]{0,39}$/), schema))

const SignInProvider = OAuthClient.extend({
  name: z.string().min(1).max(60).optional(),
  /** Addresses that the provider does not call verified are taken for it: of a company's own directory. */
  trustEmail: z.boolean().default(false),
})

/** A provider that people sign in with, found by its issuer (OpenID Connect Discovery). */
export type SignInProvider = z.infer<typeof SignInProvider>

const text = z
  .string()
  .optional()
  .transform((value) => value || undefined)

const keyVariables = {
  ENCRYPTION_KEY: z.string('is missing').pipe(base64Key),
  ENCRYPTION_KEYS_OLD: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((key) => key.trim() || []))
    .pipe(z.array(base64Key)),
  KMS_PROVIDER: z.enum(['local', 'aws-kms']).default('local'),
  AWS_KMS_KEY_ID: text,
  AWS_KMS_ENDPOINT: text.pipe(z.url().optional()),
  AWS_REGION: text,
  AWS_ACCESS_KEY_ID: text,
  AWS_SECRET_ACCESS_KEY: text,
  AWS_SESSION_TOKEN: text,
}

type KeyVariables = z.infer<z.ZodObject<typeof keyVariables>>

const KMS_NEEDS = ['AWS_KMS_KEY_ID', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const

function checkKms(values: KeyVariables, issue: z.RefinementCtx): void {
  if (values.KMS_PROVIDER !== 'aws-kms') return
  for (const name of KMS_NEEDS)
    if (!values[name]) issue.addIssue({ code: 'custom', path: [name], message: 'is needed by KMS_PROVIDER=aws-kms' })
}

const Variables = z
  .object({
    ENVIRONMENT: z.enum(['dev', 'staging', 'production']),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    ALLOWED_ORIGINS: z
      .string()
      .default('')
      .transform((list) => list.split(',').flatMap((origin) => origin.trim() || []))
      .pipe(
        z.array(
          z.string().refine((text) => URL.parse(text)?.origin === text, 'must be origins: https://app.example.com'),
        ),
      ),
    SPEC_CACHE_TTL_HOURS: z.coerce.number().positive().default(24),
    SPEC_MAX_BYTES: z.coerce.number().int().positive().default(25_000_000),
    AUTH_SECRET: secret,
    ...keyVariables,
    OAUTH_CLIENTS: jsonOf(OAuthClient, '{"google":{"clientId":"…","clientSecret":"…"}}'),
    SIGN_IN_PROVIDERS: jsonOf(SignInProvider, '{"okta":{"clientId":"…","clientSecret":"…","issuer":"https://…"}}'),
    PUBLIC_URL: z.url().optional(),
    ...mailVariables,
    REQUIRE_VERIFIED_EMAIL: z.enum(['true', 'false', '']).default(''),
    ALLOW_PRIVATE_UPSTREAMS: flag,
    MODEL_BASE_URL: z.url().default('https://api.openai.com/v1'),
    MODEL_API_KEY: z.string().optional(),
    MODEL_NAME: z
      .string()
      .default('')
      .transform((list) => list.split(',').flatMap((name) => name.trim() || [])),
    MODEL_PROMPT_TOKENS: z.coerce.number().int().min(3000).default(8000),
    MODEL_TIMEOUT_MS: z.coerce.number().int().min(100).max(120_000).default(30_000),
    EMBEDDING_MODEL: z.string().min(1).default('@cf/baai/bge-small-en-v1.5'),
    EMBEDDING_TIMEOUT_MS: z.coerce.number().int().min(10).max(5000).default(300),
    DEV_USER_EMAIL: z.email().optional(),
    DEV_USER_PASSWORD: z.string().min(10).optional(),
    DEV_API_KEY: z.string().optional(),
  })
  .superRefine((values, issue) => {
    if (values.MODEL_API_KEY && values.MODEL_NAME.length === 0)
      issue.addIssue({ code: 'custom', path: ['MODEL_NAME'], message: 'must say which model MODEL_API_KEY is for' })
    checkKms(values, issue)
    checkMail(values, issue)
    if (values.ENVIRONMENT === 'production') checkProduction(values, issue)
  })

/** Where and with which model to plan. */
export type ModelConfig = { baseUrl: string; apiKey: string; name: string }

/** What planning with a model may take. */
export type ModelLimits = {
  /** Of one request to the model, everything in it. */
  promptTokens: number
  /** For the whole of it, the correction included. */
  timeoutMs: number
}

/** Where AWS KMS is, which key wraps, and who asks. */
export type KmsConfig = {
  keyId: string
  region: string
  endpoint: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string | null
}

/** What wraps the workspaces' data keys. */
export type KeyConfig = {
  /** What wraps from now on; the other one still unwraps what it wrapped, as far as it is configured. */
  keyProvider: 'local' | 'aws-kms'
  /** Key-encryption key, 32 bytes. */
  encryptionKey: Uint8Array<ArrayBuffer>
  /** Former key-encryption keys: what they wrapped still opens. */
  encryptionKeysOld: readonly Uint8Array<ArrayBuffer>[]
  /** Null where AWS KMS is not configured. */
  kms: KmsConfig | null
}

/** The settings of one deployment, parsed once from the Worker's variables and secrets. */
export type Config = KeyConfig & {
  environment: 'dev' | 'staging' | 'production'
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  allowedOrigins: readonly string[]
  /** How long a fetched specification counts as fresh, in milliseconds. */
  specCacheTtlMs: number
  specMaxBytes: number
  authSecret: string
  /** OAuth clients of this deployment, by provider. */
  oauthClients: Readonly<Record<string, OAuthClient>>
  /** What people may sign in with besides a password, by the name it has in addresses. */
  signInProviders: Readonly<Record<string, SignInProvider>>
  /** Where browsers find this deployment, when that is not where requests come in. */
  publicUrl: string | null
  /** How mail leaves. */
  mail: MailConfig
  /** Nobody signs in by password before their address has proved to be theirs. */
  requireVerifiedEmail: boolean
  allowPrivateUpstreams: boolean
  /** The model that plans and that `ai` steps ask, the first one named; null where the embedded planner plans alone. */
  model: ModelConfig | null
  /** Every model named, at one OpenAI-compatible endpoint. */
  models: readonly ModelConfig[]
  modelLimits: ModelLimits
  /** What Workers AI makes vectors with, where it is bound. */
  embeddingModel: string
  /** For how long a plan waits for the vectors of its message and the operations near them. */
  embeddingTimeoutMs: number
  /** The user and key seeded in development; null everywhere else. */
  development: { email: string; password: string; apiKey: string } | null
}

const parsed = new WeakMap<object, Config>()

/**
 * The configuration of this isolate.
 * @throws AppError MISCONFIGURED naming every variable that is missing, malformed or too weak; the Worker then refuses to serve.
 */
export function loadConfig(env: object): Config {
  const known = parsed.get(env)
  if (known) return known
  const result = Variables.safeParse(env)
  if (!result.success) throw misconfigured(result.error)
  const v = result.data
  const models = modelsOf(v.MODEL_BASE_URL, v.MODEL_API_KEY, v.MODEL_NAME)
  const config: Config = {
    environment: v.ENVIRONMENT,
    logLevel: v.LOG_LEVEL,
    allowedOrigins: v.ALLOWED_ORIGINS,
    specCacheTtlMs: v.SPEC_CACHE_TTL_HOURS * 3_600_000,
    specMaxBytes: v.SPEC_MAX_BYTES,
    authSecret: v.AUTH_SECRET,
    ...keyConfigOf(v),
    oauthClients: v.OAUTH_CLIENTS,
    signInProviders: v.SIGN_IN_PROVIDERS,
    publicUrl: v.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    mail: mailConfigOf(v),
    requireVerifiedEmail:
      v.REQUIRE_VERIFIED_EMAIL === '' ? v.MAIL_PROVIDER !== 'console' : v.REQUIRE_VERIFIED_EMAIL === 'true',
    allowPrivateUpstreams: v.ALLOW_PRIVATE_UPSTREAMS,
    model: models[0] ?? null,
    models,
    modelLimits: { promptTokens: v.MODEL_PROMPT_TOKENS, timeoutMs: v.MODEL_TIMEOUT_MS },
    embeddingModel: v.EMBEDDING_MODEL,
    embeddingTimeoutMs: v.EMBEDDING_TIMEOUT_MS,
    development:
      v.ENVIRONMENT === 'dev' && v.DEV_USER_EMAIL && v.DEV_USER_PASSWORD && v.DEV_API_KEY
        ? { email: v.DEV_USER_EMAIL, password: v.DEV_USER_PASSWORD, apiKey: v.DEV_API_KEY }
        : null,
  }
  parsed.set(env, config)
  return config
}

/**
 * The keys alone, for a tool that wraps data keys outside of the Worker and knows none of its other secrets.
 * @throws AppError MISCONFIGURED naming every variable that is missing, malformed or too weak.
 */
export function loadKeyConfig(variables: object): KeyConfig {
  const result = z.object(keyVariables).superRefine(checkKms).safeParse(variables)
  if (!result.success) throw misconfigured(result.error)
  return keyConfigOf(result.data)
}

function modelsOf(baseUrl: string, apiKey: string | undefined, names: readonly string[]): ModelConfig[] {
  return apiKey ? [...new Set(names)].map((name) => ({ baseUrl, apiKey, name })) : []
}

function keyConfigOf(v: KeyVariables): KeyConfig {
  const { AWS_KMS_KEY_ID: keyId, AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId } = v
  const { AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken = null } = v
  const endpoint = v.AWS_KMS_ENDPOINT ?? `https://kms.${region}.amazonaws.com`
  return {
    keyProvider: v.KMS_PROVIDER,
    encryptionKey: v.ENCRYPTION_KEY,
    encryptionKeysOld: v.ENCRYPTION_KEYS_OLD,
    kms:
      keyId && region && accessKeyId && secretAccessKey
        ? { keyId, region, endpoint, accessKeyId, secretAccessKey, sessionToken }
        : null,
  }
}

function misconfigured(error: z.ZodError): AppError {
  const errors = error.issues.map((issue) => ({
    path: String(issue.path[0]),
    code: issue.code ?? 'custom',
    message: issue.message,
  }))
  const list = errors.map((wrong) => `${wrong.path} ${wrong.message}`).join('; ')
  return new AppError('MISCONFIGURED', `${list}. In development \`npm start\` writes a complete .dev.vars.`, { errors })
}
