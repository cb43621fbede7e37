import { z } from 'zod'
import { AppError } from './errors.ts'

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

const Variables = z
  .object({
    ENVIRONMENT: z.enum(['dev', 'staging', 'production']),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    ALLOWED_ORIGINS: z
      .string()
      .default('')
      .transform((list) => list.split(',').flatMap((origin) => origin.trim() || [])),
    SPEC_CACHE_TTL_HOURS: z.coerce.number().positive().default(24),
    SPEC_MAX_BYTES: z.coerce.number().int().positive().default(25_000_000),
    AUTH_SECRET: secret,
    ENCRYPTION_KEY: z.string('is missing').pipe(base64Key),
    ALLOW_PRIVATE_UPSTREAMS: flag,
    MODEL_BASE_URL: z.url().default('https://api.openai.com/v1'),
    MODEL_API_KEY: z.string().optional(),
    MODEL_NAME: z.string().optional(),
    DEV_USER_EMAIL: z.email().optional(),
    DEV_USER_PASSWORD: z.string().min(10).optional(),
    DEV_API_KEY: z.string().optional(),
  })
  .superRefine((values, issue) => {
    if (values.MODEL_API_KEY && !values.MODEL_NAME)
      issue.addIssue({ code: 'custom', path: ['MODEL_NAME'], message: 'must say which model MODEL_API_KEY is for' })
    if (values.ENVIRONMENT !== 'production') return
    const refuse = (name: string) =>
      issue.addIssue({ code: 'custom', path: [name], message: 'is for development and must not be set in production' })
    if (values.ALLOW_PRIVATE_UPSTREAMS) refuse('ALLOW_PRIVATE_UPSTREAMS')
    for (const name of ['DEV_USER_EMAIL', 'DEV_USER_PASSWORD', 'DEV_API_KEY'] as const) if (values[name]) refuse(name)
  })

/** Where and with which model to plan. */
export type ModelConfig = { baseUrl: string; apiKey: string; name: string }

/** The settings of one deployment, parsed once from the Worker's variables and secrets. */
export type Config = {
  environment: 'dev' | 'staging' | 'production'
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  allowedOrigins: readonly string[]
  /** How long a fetched specification counts as fresh, in milliseconds. */
  specCacheTtlMs: number
  specMaxBytes: number
  authSecret: string
  /** Key-encryption key, 32 bytes. */
  encryptionKey: Uint8Array<ArrayBuffer>
  allowPrivateUpstreams: boolean
  /** An OpenAI-compatible endpoint to plan with; null where the embedded planner plans alone. */
  model: ModelConfig | null
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
  if (!result.success) {
    const errors = result.error.issues.map((issue) => ({
      path: String(issue.path[0]),
      code: issue.code ?? 'custom',
      message: issue.message,
    }))
    const list = errors.map((error) => `${error.path} ${error.message}`).join('; ')
    throw new AppError('MISCONFIGURED', `${list}. In development \`npm start\` writes a complete .dev.vars.`, {
      errors,
    })
  }
  const v = result.data
  const config: Config = {
    environment: v.ENVIRONMENT,
    logLevel: v.LOG_LEVEL,
    allowedOrigins: v.ALLOWED_ORIGINS,
    specCacheTtlMs: v.SPEC_CACHE_TTL_HOURS * 3_600_000,
    specMaxBytes: v.SPEC_MAX_BYTES,
    authSecret: v.AUTH_SECRET,
    encryptionKey: v.ENCRYPTION_KEY,
    allowPrivateUpstreams: v.ALLOW_PRIVATE_UPSTREAMS,
    model:
      v.MODEL_API_KEY && v.MODEL_NAME
        ? { baseUrl: v.MODEL_BASE_URL, apiKey: v.MODEL_API_KEY, name: v.MODEL_NAME }
        : null,
    development:
      v.ENVIRONMENT === 'dev' && v.DEV_USER_EMAIL && v.DEV_USER_PASSWORD && v.DEV_API_KEY
        ? { email: v.DEV_USER_EMAIL, password: v.DEV_USER_PASSWORD, apiKey: v.DEV_API_KEY }
        : null,
  }
  parsed.set(env, config)
  return config
}
