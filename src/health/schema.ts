import { z } from '@hono/zod-openapi'

const part = z.object({ ok: z.boolean(), ms: z.number() })

export const Health = z
  .object({
    ok: z.boolean(),
    environment: z.enum(['dev', 'staging', 'production']),
    parts: z.object({ database: part, kv: part, durableObjects: part }),
  })
  .openapi('Health')
export type Health = z.infer<typeof Health>

export const AuthHealth = z
  .object({
    ok: z.boolean(),
    parts: z.object({
      database: part,
      kv: part,
      durableObjects: part,
      queue: part,
      testKey: part.openapi({ description: 'A key looked up as that of a request is' }),
    }),
  })
  .openapi('AuthHealth')
export type AuthHealth = z.infer<typeof AuthHealth>

export const ErrorEntry = z
  .object({
    code: z.string().openapi({ example: 'NOT_FOUND' }),
    status: z.int(),
    title: z.string(),
    cause: z.string(),
    cure: z.string(),
  })
  .openapi('ErrorEntry')
export type ErrorEntry = z.infer<typeof ErrorEntry>
