import type { JsonSchema, SecurityRequirement } from '../operation.ts'

/** Something that was left out or taken otherwise than it was written, in words. */
export type ImportWarning = { message: string }

/** A query or header parameter with the values it had; only their types go into the document. */
export type CallParameter = { name: string; in: 'query' | 'header'; description: string; samples: unknown[] }

/** A body as it was sent or answered. A schema that is given holds; else one is inferred from the samples. */
export type CallBody = {
  contentType: string
  samples: unknown[]
  schema?: JsonSchema
  /** Of the members of an object, by name. */
  descriptions?: Record<string, string>
}

/** One request as it was found in a collection, a recording or a command, on its way to be an operation. */
export type Call = {
  /** Upper case. */
  method: string
  /** Origin; null where it is not known. */
  server: string | null
  /** Path template. */
  path: string
  /** What stood in the place of each path parameter, in the order of the template. */
  pathSamples: Record<string, unknown[]>
  pathDescriptions?: Record<string, string>
  summary: string
  description: string
  tags: string[]
  parameters: CallParameter[]
  body: CallBody | null
  responses: { status: number; body: CallBody | null }[]
  /** Undefined where nothing was said of it. */
  security: SecurityRequirement[] | undefined
}

/** A member of `components.securitySchemes` (OpenAPI 3.1, Security Scheme Object). */
export type ImportedScheme =
  | { type: 'http'; scheme: 'bearer' | 'basic' }
  | { type: 'apiKey'; in: 'header' | 'query' | 'cookie'; name: string }
  | { type: 'oauth2'; flows: Record<string, Record<string, unknown>> }

/** The security schemes of a document in the making: those that are alike share a name. */
export class SchemeRegistry {
  readonly schemes: Record<string, ImportedScheme> = {}

  /** The name of a scheme in the document. */
  add(scheme: ImportedScheme): string {
    const wanted = scheme.type === 'http' ? `${scheme.scheme}Auth` : scheme.type === 'oauth2' ? 'oauth2' : 'apiKeyAuth'
    const text = JSON.stringify(scheme)
    for (let number = 1; ; number++) {
      const name = number === 1 ? wanted : `${wanted}${number}`
      this.schemes[name] ??= scheme
      if (JSON.stringify(this.schemes[name]) === text) return name
    }
  }
}
