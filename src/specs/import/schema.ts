import { z } from '@hono/zod-openapi'

const Schema = z
  .record(z.string(), z.unknown())
  .openapi({ description: 'A JSON Schema (2020-12)', example: { type: 'string', format: 'date' } })

const HandWrittenParameter = z.object({
  name: z.string().min(1).max(200),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().default(false).openapi({ description: 'A path parameter always is' }),
  type: z
    .enum(['string', 'integer', 'number', 'boolean', 'array', 'object'])
    .optional()
    .openapi({ description: 'Instead of a schema; string when both are left out' }),
  schema: Schema.optional(),
  description: z.string().max(2000).optional(),
})

const mediaType = z
  .string()
  .max(200)
  .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+(?:\s*;.*)?$/, 'must be a media type, for example application/json')
  .default('application/json')

const HandWrittenBody = z.object({
  contentType: mediaType,
  required: z.boolean().default(true),
  schema: Schema.optional(),
  example: z.unknown().optional().openapi({ description: 'Instead of a schema, which is inferred from it' }),
})

const HandWrittenResponse = z.object({
  contentType: mediaType,
  schema: Schema.optional(),
  example: z.unknown().optional().openapi({ description: 'Instead of a schema, which is inferred from it' }),
})

/** An operation of an API without a document, as a person writes it down. */
export const HandWrittenEndpoint = z
  .object({
    method: z.enum(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']),
    path: z
      .string()
      .max(1000)
      .regex(/^\/(?:[^{}?#\s]|\{[^{}/\s]+\})*$/, 'must start with / and have no query; parameters stand in braces')
      .openapi({ description: 'Path template below the base URL', example: '/orders/{orderId}' }),
    summary: z.string().trim().min(1).max(300).openapi({ example: 'Get an order' }),
    description: z.string().max(5000).optional(),
    parameters: z.array(HandWrittenParameter).max(100).default([]),
    body: HandWrittenBody.optional(),
    response: HandWrittenResponse.optional().openapi({ description: 'What a success answers' }),
  })
  .openapi('HandWrittenEndpoint')
export type HandWrittenEndpoint = z.infer<typeof HandWrittenEndpoint>
