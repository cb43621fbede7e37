import { z } from '@hono/zod-openapi'

export const TryRequest = z
  .object({
    parameters: z.record(z.string(), z.unknown()).default({}).openapi({ description: 'Parameters by name' }),
    body: z.unknown().optional(),
  })
  .openapi('TryRequest')
export type TryRequest = z.infer<typeof TryRequest>

const headers = z.record(z.string(), z.string())

export const TryResult = z
  .object({
    request: z.object({ method: z.string(), url: z.string(), headers, body: z.string().nullable() }),
    response: z.object({ status: z.int(), headers, body: z.unknown() }),
    ms: z.number().openapi({ description: 'Until the whole answer was there' }),
  })
  .openapi('TryResult')
export type TryResult = z.infer<typeof TryResult>

export const ConnectionTest = z
  .object({
    reachable: z.boolean(),
    tls: z
      .enum(['trusted', 'failed', 'none', 'unknown'])
      .openapi({ description: 'none: the API is called over plain http, in development only' }),
    authentication: z.enum(['accepted', 'refused', 'not_needed', 'unknown']),
    operation: z.string().nullable().openapi({ description: 'The safe operation that was called, if there is one' }),
    status: z.int().nullable(),
    ms: z.number().nullable(),
    detail: z.string(),
  })
  .openapi('ConnectionTest')
export type ConnectionTest = z.infer<typeof ConnectionTest>
