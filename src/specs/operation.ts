/** A JSON Schema as an OpenAPI document carries it, references within the guard already resolved. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** What calling an operation does to the world. */
export type Effect = 'read' | 'create' | 'update' | 'delete' | 'pay' | 'message'

/** The members of a path item that are operations (OpenAPI 3.2, Path Item Object). */
export const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete', 'trace', 'query'] as const

/** Methods that an OpenAPI 3.2 document may add and a Worker can send; others, such as LINK and CONNECT, it cannot. */
export const OTHER_METHODS = (
  'COPY MOVE LOCK UNLOCK MKCOL PROPFIND PROPPATCH SEARCH ACL REPORT MKACTIVITY CHECKOUT MERGE NOTIFY SUBSCRIBE ' +
  'UNSUBSCRIBE PURGE'
).split(' ')

/** One parameter outside the body (OpenAPI 3.1, Parameter Object). */
export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required: boolean
  description: string
  schema: JsonSchema
  style?: string
  explode?: boolean
}

/** What an operation's body may be; of several media types the one that is JSON. */
export type RequestBody = { contentType: string; required: boolean; schema: JsonSchema }

/**
 * Which credentials an operation takes (OpenAPI 3.1, Security Requirement Object): one of the entries suffices, all the
 * schemes of an entry together; each names the scopes that it needs. An empty list, or an empty entry, needs none.
 */
export type SecurityRequirement = { readonly [scheme: string]: string[] }

/**
 * How an operation hands out a long list in parts. `items` is the JSON pointer of the list in a response body, empty
 * where the body is the list; null where the document does not tell. Parameters are named as the operation names them.
 */
export type Pagination = { items: string | null } & (
  | { kind: 'page'; page: string; size: string | null; first: number }
  | { kind: 'offset'; offset: string; limit: string | null }
  /** `next` is the JSON pointer of the cursor in a response body. */
  | { kind: 'cursor'; cursor: string; next: string; size: string | null }
  /** The next page begins after the last item of this one: `after` takes that item's member `key`. */
  | { kind: 'keyset'; after: string; key: string; size: string | null }
  /** The response gives the URL of the next page, in its Link header (RFC 8288) or in its body. */
  | { kind: 'link' }
)

/** One operation, whatever document it came from: everything needed to find, check and call it. */
export type Operation = {
  /** Upper case. */
  method: string
  /** The path template of the document, `/orders/{orderId}`. */
  path: string
  operationId: string | null
  summary: string
  description: string
  tags: string[]
  deprecated: boolean
  parameters: Parameter[]
  requestBody: RequestBody | null
  /** The schema of the first successful JSON response, or null where the document gives none. */
  response: JsonSchema | null
  /** Short texts in the examples of that response, as its document has them: for the index, and not stored. */
  exampleTexts?: string[]
  effect: Effect
  /** Null where neither the operation nor the document says. */
  security: SecurityRequirement[] | null
  /** The absolute URL of the operation's own server, where it has another one than the document; else null. */
  server: string | null
  pagination: Pagination | null
}

/** An operation's name within its API, as workflows write it: `GET /orders/{orderId}`. */
export function operationName(operation: { method: string; path: string }): string {
  return `${operation.method} ${operation.path}`
}

/** A way to authenticate that the document declares and APIQ can use; `id` is its name in the document. */
export type SecurityScheme = { id: string; description: string } & (
  | { type: 'apiKey'; in: 'header' | 'query' | 'cookie'; name: string }
  | { type: 'bearer' }
  | { type: 'basic' }
  | { type: 'oauth2'; flow: 'clientCredentials'; tokenUrl: string; scopes: Record<string, string> }
  | {
      type: 'oauth2'
      flow: 'authorizationCode'
      authorizationUrl: string
      tokenUrl: string
      scopes: Record<string, string>
    }
  | { type: 'openIdConnect'; openIdConnectUrl: string }
)

/** Something in the document that did not stop it from connecting. */
export type Finding = {
  /** JSON pointer into the document. */
  path: string
  message: string
  /** Of the source, counted from 1; null where it is not known. */
  line: number | null
  /** What the author of the document can do about it. */
  fix: string
}

/** An operation of the document that cannot be used, and why. */
export type Skipped = Finding & { operation: string }

/** A document, read: what it offers and what was wrong with it. */
export type Spec = {
  title: string
  version: string
  openapi: string
  description: string
  /** Of the first server, variables filled in, made absolute by the document's own URL; null when there is none. */
  baseUrl: string | null
  securitySchemes: SecurityScheme[]
  operations: Operation[]
  skipped: Skipped[]
  findings: Finding[]
}
