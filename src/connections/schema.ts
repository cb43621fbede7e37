import { z } from '@hono/zod-openapi'
import { SortedQuery } from '../http/sorted.ts'
import { WrongPlace } from '../http/problem.ts'
import { HandWrittenEndpoint } from '../specs/import/schema.ts'
import { Auth, AuthSettings } from './auth-schema.ts'

const given = {
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
  baseUrl: z.url().max(2000).optional().openapi({ description: 'The document’s first server when left out' }),
}

const specUrl = z.url().max(2000).openapi({ example: 'https://api.example.com/openapi.json' })
const spec = z.union([z.string(), z.record(z.string(), z.unknown())]).openapi({
  description:
    'The document itself: OpenAPI or Swagger as JSON, or as JSON or YAML in a string; a Postman collection; a HAR; a curl command',
})

export const NewConnection = z
  .object({
    ...given,
    specUrl: specUrl.optional(),
    spec: spec.optional(),
    endpoints: z
      .array(HandWrittenEndpoint)
      .min(1)
      .max(500)
      .optional()
      .openapi({ description: 'Operations of an API without a document; with name and baseUrl' }),
    auth: Auth.optional().openapi({ description: 'None when left out, or what a pasted curl command holds' }),
  })
  .refine(
    ({ specUrl, spec, endpoints }) => [specUrl, spec, endpoints].filter((given) => given !== undefined).length === 1,
    { path: ['specUrl'], message: 'give one of specUrl, spec and endpoints' },
  )
  .refine(({ endpoints, name, baseUrl }) => !endpoints || (name !== undefined && baseUrl !== undefined), {
    path: ['baseUrl'],
    message: 'is needed with endpoints, as name is',
  })
  .openapi('NewConnection')
export type NewConnection = z.infer<typeof NewConnection>

/** What a connection shall be, apart from its document. */
export type ConnectionInput = Pick<NewConnection, 'name' | 'slug' | 'baseUrl' | 'auth'>

const authInForm = z.string().transform((text, issue) => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    issue.addIssue({ code: 'custom', message: 'must be JSON, as in {"type":"bearer","token":"…"}' })
    return z.NEVER
  }
})

/** A form, as `curl -F spec=@openapi.yaml -F name=Store` sends it. */
export const UploadForm = z.object({
  ...given,
  spec: z
    .instanceof(File)
    .openapi({ type: 'string', format: 'binary', description: 'The document, up to SPEC_MAX_BYTES' }),
  auth: authInForm.pipe(Auth).optional().openapi({ type: 'string', description: 'Auth, as JSON' }),
})
export type UploadForm = z.infer<typeof UploadForm>

const permission = z.enum(['run', 'ask', 'second_person'])

export const Policy = z
  .strictObject({
    write: permission.default('run').openapi({ description: 'Of what creates, updates or sends something' }),
    delete: permission.default('run'),
    pay: permission.default('run').openapi({ description: 'Of what moves money' }),
  })
  .openapi('Policy', {
    description:
      'What calls with an effect need when a run gets to them: nothing; that somebody says yes, for which confirming the plan counts; or that somebody says yes who did not start the run. Reads need nothing',
  })
export type Policy = z.infer<typeof Policy>

export const ConnectionChange = z
  .strictObject({
    name: z.string().trim().min(1).max(100).optional(),
    baseUrl: z.url().max(2000).optional().openapi({
      description:
        'Where the API is; at another origin only together with auth, since a credential stays with its host',
    }),
    status: z.enum(['ACTIVE', 'INACTIVE']).optional().openapi({
      description: 'Operations of an inactive API are neither planned with nor called',
    }),
    auth: Auth.optional(),
    policy: Policy.optional().openapi({ description: 'To change it needs the scope "admin"' }),
  })
  .openapi('ConnectionChange')
export type ConnectionChange = z.infer<typeof ConnectionChange>

export const RefreshRequest = z
  .strictObject({ specUrl: specUrl.optional(), spec: spec.optional() })
  .refine((input) => input.specUrl === undefined || input.spec === undefined, {
    path: ['specUrl'],
    message: 'give specUrl or spec, or neither',
  })
  .openapi('RefreshRequest')
export type RefreshRequest = z.infer<typeof RefreshRequest>

/** Whose account a connection uses, as the provider told when it was connected. */
export const Account = z
  .object({
    provider: z.string(),
    name: z.string().nullable().openapi({ description: 'E-mail address or name, where the provider tells' }),
    scopes: z.array(z.string()),
    expiresAt: z.string().nullable().openapi({ description: 'Of the access token; it is renewed before' }),
    connectedAt: z.string(),
  })
  .openapi('Account')
export type Account = z.infer<typeof Account>

export const Connection = z
  .object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    description: z.string(),
    baseUrl: z.string(),
    status: z.enum(['ACTIVE', 'INACTIVE', 'DRAFT']).openapi({ description: 'DRAFT until its document is read' }),
    auth: AuthSettings,
    authStatus: z.enum(['ready', 'not_connected', 'needs_reconnect']),
    authProblem: z.string().nullable().openapi({ description: 'Why it needs to be connected again' }),
    account: Account.nullable(),
    policy: Policy.nullable().openapi({ description: 'null: everything runs once it is started' }),
    specUrl: z.string().nullable(),
    specHash: z.string(),
    endpointCount: z.int(),
    lastUsedAt: z.string().nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Connection')
export type Connection = z.infer<typeof Connection>

export const ConnectionQuery = SortedQuery.extend({ status: Connection.shape.status.optional() })
export type ConnectionQuery = z.infer<typeof ConnectionQuery>

const Finding = z
  .object({
    path: z.string().openapi({ description: 'JSON pointer into the document' }),
    message: z.string(),
    line: z.int().nullable().openapi({ description: 'Of the source, counted from 1' }),
    fix: z.string(),
  })
  .openapi('Finding')

const scheme = { id: z.string(), description: z.string() }
const scopes = z.record(z.string(), z.string())
const SecurityScheme = z
  .union([
    z.object({ ...scheme, type: z.literal('apiKey'), in: z.enum(['header', 'query', 'cookie']), name: z.string() }),
    z.object({ ...scheme, type: z.literal('bearer') }),
    z.object({ ...scheme, type: z.literal('basic') }),
    z.object({
      ...scheme,
      type: z.literal('oauth2'),
      flow: z.literal('clientCredentials'),
      tokenUrl: z.string(),
      scopes,
    }),
    z.object({
      ...scheme,
      type: z.literal('oauth2'),
      flow: z.literal('authorizationCode'),
      authorizationUrl: z.string(),
      tokenUrl: z.string(),
      scopes,
    }),
    z.object({ ...scheme, type: z.literal('openIdConnect'), openIdConnectUrl: z.string() }),
  ])
  .openapi('SecurityScheme')

export const Ingestion = z
  .object({
    id: z.string(),
    connectionId: z.string(),
    status: z.enum(['queued', 'running', 'done', 'failed']),
    bytes: z.int().nullable().openapi({ description: 'Of the document, once it is fetched' }),
    operations: z.int().nullable().openapi({ description: 'How many it has, once it is parsed' }),
    indexed: z.int().openapi({ description: 'How many of them are stored and searchable' }),
    error: z
      .object({
        code: z.string(),
        detail: z.string(),
        errors: z.array(WrongPlace).optional(),
      })
      .nullable(),
    createdAt: z.string(),
    endedAt: z.string().nullable(),
  })
  .openapi('Ingestion')
export type Ingestion = z.infer<typeof Ingestion>

export const ConnectionDetail = Connection.extend({
  version: z.int().openapi({ description: 'Of its document, counted from 1; 0 while there is none' }),
  findings: z.array(Finding).openapi({ description: 'What the document has wrong without being unusable' }),
  skipped: z
    .array(Finding.extend({ operation: z.string() }))
    .openapi({ description: 'Operations of the document that cannot be used, and why' }),
  securitySchemes: z.array(SecurityScheme).openapi({ description: 'Credentials that the document says the API takes' }),
  ingestion: Ingestion.nullable().openapi({ description: 'The latest reading of a large document' }),
}).openapi('ConnectionDetail')
export type ConnectionDetail = z.infer<typeof ConnectionDetail>

export const Change = z
  .object({
    operation: z.string().openapi({ example: 'GET /orders/{id}' }),
    kind: z.enum(['added', 'removed', 'changed']),
    breaking: z.boolean(),
    message: z.string(),
    path: z.string().openapi({ description: 'JSON pointer into the operation; empty for the whole of it' }),
  })
  .openapi('Change')

export const SpecVersion = z
  .object({
    number: z.int(),
    hash: z.string(),
    title: z.string(),
    version: z.string().openapi({ description: 'As the document calls itself' }),
    openapi: z.string(),
    bytes: z.int(),
    endpointCount: z.int(),
    changes: z.array(Change).openapi({ description: 'Against the version before' }),
    breaking: z.boolean(),
    createdAt: z.string(),
  })
  .openapi('SpecVersion')
export type SpecVersion = z.infer<typeof SpecVersion>
