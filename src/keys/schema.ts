import { z } from '@hono/zod-openapi'
import { SortedQuery } from '../http/sorted.ts'
import { isNetwork } from '../lib/network.ts'

const MOST = 1_000_000
const DAY_SECONDS = 86_400

const scope = z.enum(['read', 'write', 'execute', 'admin'])
const name = z.string().trim().min(1).max(100)
const scopes = z
  .array(scope)
  .min(1)
  .transform((list) => [...new Set(list)])
  .openapi({ description: 'What the key may do; no more than its maker may', example: ['read', 'execute'] })
const requestsPerMinute = z.int().min(1).max(MOST)
const requestsPerDay = z
  .int()
  .min(1)
  .max(MOST * 1440)
const allowedIps = z
  .array(z.string().trim().max(60).refine(isNetwork, 'must be an IP address, or a network like 192.0.2.0/24'))
  .min(1)
  .max(50)
  .openapi({ description: 'From where alone the key may be used', example: ['192.0.2.0/24', '2001:db8::1'] })
const expiresAt = z.iso.datetime({ offset: true }).openapi({ description: 'From when on the key does not work' })
const id = z.string().openapi({ example: 'key_…' })

export const KeyParam = z.object({ id })

export const NewKey = z
  .strictObject({
    name: name.openapi({ example: 'Billing export' }),
    scopes,
    expiresAt: expiresAt.optional(),
    allowedIps: allowedIps.optional(),
    requestsPerMinute: requestsPerMinute.optional().openapi({ description: '100 if left out' }),
    requestsPerDay: requestsPerDay.optional(),
  })
  .openapi('NewApiKey')
export type NewKey = z.infer<typeof NewKey>

export const KeyEdit = z
  .strictObject({
    name: name.optional(),
    scopes: scopes.optional(),
    allowedIps: allowedIps.nullable().optional(),
    requestsPerMinute: requestsPerMinute.optional(),
    requestsPerDay: requestsPerDay.nullable().optional(),
  })
  .openapi('ApiKeyEdit', { description: 'What is left out stays; when a key expires is changed by renewing it' })
export type KeyEdit = z.infer<typeof KeyEdit>

export const KeyRotation = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(30 * DAY_SECONDS)
      .default(DAY_SECONDS)
      .openapi({ description: 'For how long the token before still works; 0 ends it at once' }),
  })
  .openapi('ApiKeyRotation')
export type KeyRotation = z.infer<typeof KeyRotation>

export const KeyRenewal = z
  .strictObject({ expiresAt: expiresAt.nullable().openapi({ description: 'Null: the key does not expire' }) })
  .openapi('ApiKeyRenewal')
export type KeyRenewal = z.infer<typeof KeyRenewal>

export const ApiKey = z
  .object({
    id,
    name: z.string(),
    prefix: z.string().openapi({ description: 'How the token begins', example: 'apiq_dev_A1b2' }),
    lastFour: z.string().openapi({ description: 'How the token ends' }),
    status: z.enum(['active', 'expired', 'revoked']),
    scopes: z.array(scope),
    requestsPerMinute: z.int(),
    requestsPerDay: z.int().nullable(),
    allowedIps: z.array(z.string()).nullable().openapi({ description: 'Null: from anywhere' }),
    expiresAt: z.string().nullable().openapi({ description: 'Null: it does not expire' }),
    revokedAt: z.string().nullable(),
    previousUntil: z
      .string()
      .nullable()
      .openapi({ description: 'Until when the token before the last rotation works' }),
    lastUsedAt: z.string().nullable().openapi({ description: 'Written down every few seconds' }),
    createdBy: z.string().openapi({ description: 'The user whose key it is' }),
    createdAt: z.string(),
  })
  .openapi('ApiKey')
export type ApiKey = z.infer<typeof ApiKey>

/** A key with its token, which is shown this once and kept nowhere. */
export const IssuedApiKey = ApiKey.extend({ token: z.string() }).openapi('IssuedApiKey')
export type IssuedApiKey = z.infer<typeof IssuedApiKey>

export const KeyQuery = SortedQuery.extend({ status: ApiKey.shape.status.optional() })
export type KeyQuery = z.infer<typeof KeyQuery>
