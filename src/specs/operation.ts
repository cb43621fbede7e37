/** A JSON Schema as an OpenAPI document carries it, references within the guard already resolved. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** What calling an operation does to the world. */
export type Effect = 'read' | 'create' | 'update' | 'delete' | 'pay' | 'message'

export const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete', 'trace'] as const

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
  effect: Effect
}

/** An operation's name within its API, as workflows write it: `GET /orders/{orderId}`. */
export function operationName(operation: { method: string; path: string }): string {
  return `${operation.method} ${operation.path}`
}

/** A way to authenticate that the document declares and APIQ can use. */
export type SecurityScheme = { type: 'apiKey'; in: 'header' | 'query' | 'cookie'; name: string } | { type: 'bearer' }

/** Something in the document that did not stop it from connecting; `path` is a JSON pointer into it. */
export type Finding = { path: string; message: string }

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
  findings: Finding[]
}
