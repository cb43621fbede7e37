import { z } from '@hono/zod-openapi'
import { PageQuery } from '../http/router.ts'

export const CachedSpecView = z
  .object({
    url: z.string().openapi({ description: 'Where the document is from; a very long URL is cut off' }),
    fetchedAt: z.iso.datetime(),
    ttlRemaining: z.int().openapi({ description: 'Seconds until the host is asked again; 0 when the copy is stale' }),
    bytes: z.int().openapi({ description: 'Size of the document, unpacked' }),
    etag: z.string().nullable(),
  })
  .openapi('CachedSpec')
export type CachedSpecView = z.infer<typeof CachedSpecView>

/** Cursors of this list are the store's own, and longer than ids. */
export const SpecCacheQuery = PageQuery.extend({
  cursor: z.string().max(1000).optional().openapi({ description: 'nextCursor of the page before' }),
})
export type SpecCacheQuery = z.infer<typeof SpecCacheQuery>

export const PurgeQuery = z.object({
  url: z.url().max(2000).optional().openapi({ description: 'Only this document; without it, all of the workspace' }),
})
export type PurgeQuery = z.infer<typeof PurgeQuery>

export const Purged = z.object({ purged: z.int().openapi({ description: 'How many documents were dropped' }) })
export type Purged = z.infer<typeof Purged>

const role = z.enum(['USER', 'ADMIN', 'AUDITOR'])

export const User = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    emailVerified: z.boolean(),
    role,
    twoFactor: z.boolean(),
    disabledAt: z.string().nullable(),
    createdAt: z.string(),
  })
  .openapi('User')
export type User = z.infer<typeof User>

export const UserQuery = PageQuery.extend({
  q: z.string().trim().max(200).optional().openapi({ description: 'Part of the name or of the e-mail address' }),
})
export type UserQuery = z.infer<typeof UserQuery>

export const UserChange = z
  .object({ role: role.optional(), disabled: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0, 'give role or disabled')
  .openapi('UserChange')
export type UserChange = z.infer<typeof UserChange>
