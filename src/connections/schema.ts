import { z } from '@hono/zod-openapi'

const secret = z
  .string()
  .trim()
  .min(1)
  .max(8000)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII')
const fieldName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~[\]-]{1,100}$/, 'must be a valid header or query parameter name')

// Any characters: they are encoded on their way (RFC 7617). A few services take an empty one.
const basicPassword = z.string().max(8000)

/** How to authenticate to the API, the secret included; named as OpenAPI's security schemes are. */
export const Auth = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('none') }),
    z.object({
      type: z.literal('apiKey'),
      in: z
        .enum(['header', 'query', 'cookie'])
        .optional()
        .openapi({ description: 'As the specification says when left out' }),
      name: fieldName
        .optional()
        .openapi({ description: 'As the specification says when left out', example: 'X-API-Key' }),
      value: secret,
    }),
    z.object({ type: z.literal('bearer'), token: secret }),
    z.object({ type: z.literal('basic'), username: z.string().min(1).max(500), password: basicPassword }),
  ])
  .openapi('Auth')
export type Auth = z.infer<typeof Auth>

/** How a connection authenticates, without the secret. */
export const AuthSettings = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('none') }),
    z.object({ type: z.literal('apiKey'), in: z.enum(['header', 'query', 'cookie']), name: z.string() }),
    z.object({ type: z.literal('bearer') }),
    z.object({ type: z.literal('basic'), username: z.string() }),
  ])
  .openapi('AuthSettings')
export type AuthSettings = z.infer<typeof AuthSettings>

export const NewConnection = z
  .object({
    name: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .optional()
      .openapi({ description: 'The document’s title when left out', example: 'Store' }),
    slug: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
      .max(48)
      .optional()
      .openapi({ description: 'How workflows name the API; from the name when left out', example: 'store' }),
    specUrl: z.url().max(2000).optional().openapi({ example: 'https://api.example.com/openapi.json' }),
    spec: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .openapi({ description: 'The document itself: JSON, or JSON or YAML in a string' }),
    baseUrl: z.url().max(2000).optional().openapi({ description: 'The document’s first server when left out' }),
    auth: Auth.default({ type: 'none' }),
  })
  .refine((input) => (input.specUrl === undefined) !== (input.spec === undefined), {
    path: ['specUrl'],
    message: 'give either specUrl or spec',
  })
  .openapi('NewConnection')
export type NewConnection = z.infer<typeof NewConnection>

export const Connection = z
  .object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    description: z.string(),
    baseUrl: z.string(),
    status: z.enum(['ACTIVE', 'INACTIVE', 'DRAFT']),
    auth: AuthSettings,
    specUrl: z.string().nullable(),
    specHash: z.string(),
    endpointCount: z.int(),
    lastUsedAt: z.string().nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Connection')
export type Connection = z.infer<typeof Connection>

export const ConnectionDetail = Connection.extend({
  findings: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .openapi({ description: 'What the specification has wrong without being unusable' }),
}).openapi('ConnectionDetail')
export type ConnectionDetail = z.infer<typeof ConnectionDetail>
