import { z } from '@hono/zod-openapi'

const Schema = z.record(z.string(), z.unknown())
const items = z.string().nullable()

export const EndpointView = z
  .object({
    id: z.string(),
    connectionId: z.string(),
    method: z.string(),
    path: z.string(),
    operationId: z.string().nullable(),
    summary: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    deprecated: z.boolean(),
    effect: z.enum(['read', 'create', 'update', 'delete', 'pay', 'message']),
    parameters: z.array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query', 'header', 'cookie']),
        required: z.boolean(),
        description: z.string(),
        schema: Schema,
      }),
    ),
    requestBody: z.object({ contentType: z.string(), required: z.boolean(), schema: Schema }).nullable(),
    response: Schema.nullable(),
    manual: z.boolean().openapi({ description: 'Written by hand' }),
    security: z.array(z.record(z.string(), z.array(z.string()))).nullable(),
    server: z.string().nullable(),
    pagination: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('page'), page: z.string(), size: z.string().nullable(), first: z.int(), items }),
        z.object({ kind: z.literal('offset'), offset: z.string(), limit: z.string().nullable(), items }),
        z.object({
          kind: z.literal('cursor'),
          cursor: z.string(),
          next: z.string(),
          size: z.string().nullable(),
          items,
        }),
        z.object({
          kind: z.literal('keyset'),
          after: z.string(),
          key: z.string(),
          size: z.string().nullable(),
          items,
        }),
        z.object({ kind: z.literal('link'), items }),
      ])
      .nullable()
      .openapi({ description: 'How the operation hands out a long list; pointers are JSON pointers into the body' }),
  })
  .openapi('Endpoint')
export type EndpointView = z.infer<typeof EndpointView>

/** Where an operation is: of which API, and which one. */
export const EndpointParams = z.object({
  id: z.string().openapi({ example: 'con_…' }),
  endpointId: z.string().openapi({ example: 'end_…' }),
})

export const EndpointChange = z
  .strictObject({ effect: z.enum(['read', 'create', 'update', 'delete', 'pay', 'message']) })
  .openapi('EndpointChange')
export type EndpointChange = z.infer<typeof EndpointChange>

export const CatalogQuery = z.object({
  q: z.string().trim().min(1).max(500).openapi({ description: 'Words to search for', example: 'refund order' }),
  connectionId: z.string().optional().openapi({ description: 'Only operations of this API' }),
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .optional(),
  tag: z.string().optional(),
  effect: z.enum(['read', 'create', 'update', 'delete', 'pay', 'message']).optional(),
  deprecated: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})
export type CatalogQuery = z.infer<typeof CatalogQuery>
