import { z } from '@hono/zod-openapi'
import { ExportQuery, UsageDay } from '../access/usage-schema.ts'
import { PageQuery } from '../http/router.ts'
import { SortedQuery } from '../http/sorted.ts'

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
    requestsPerMinute: z
      .int()
      .nullable()
      .openapi({ description: 'What all of their browsers may ask together in one workspace; null: 600' }),
    disabledAt: z.string().nullable(),
    createdAt: z.string(),
  })
  .openapi('User')
export type User = z.infer<typeof User>

export const UserQuery = SortedQuery.extend({
  q: z.string().trim().max(200).optional().openapi({ description: 'Part of the name or of the e-mail address' }),
  role: role.optional(),
  disabled: z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional(),
})
export type UserQuery = z.infer<typeof UserQuery>

export const UserChange = z
  .object({
    role: role.optional(),
    disabled: z.boolean().optional(),
    requestsPerMinute: z.int().min(1).max(1_000_000).nullable().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'give role, disabled or requestsPerMinute')
  .openapi('UserChange')
export type UserChange = z.infer<typeof UserChange>

const tier = z.enum(['free', 'pro', 'enterprise'])
const agreed = z.int().nullable()

export const WorkspaceQuery = SortedQuery.extend({
  q: z.string().trim().max(200).optional().openapi({ description: 'Part of its name, its id or its owner’s address' }),
  tier: tier.optional(),
})
export type WorkspaceQuery = z.infer<typeof WorkspaceQuery>

export const AdminWorkspace = z
  .object({
    id: z.string(),
    name: z.string(),
    owner: z.string().nullable().openapi({ description: 'The e-mail address of its first owner' }),
    members: z.int(),
    tier,
    agreed: z
      .object({ requestsPerMinute: agreed, requestsPerDay: agreed, requestsPerMonth: agreed })
      .openapi({ description: 'Null: as the tier has it, and no quota of a month' }),
    usedThisMonth: z.int().openapi({ description: 'Units, as written down a few seconds ago' }),
    createdAt: z.string(),
  })
  .openapi('AdminWorkspace')
export type AdminWorkspace = z.infer<typeof AdminWorkspace>

export const BillingQuery = ExportQuery
export type BillingQuery = z.infer<typeof BillingQuery>

export const BillingLine = UsageDay.extend({
  workspaceId: z.string(),
  workspace: z.string().nullable().openapi({ description: 'Null: it is deleted' }),
  tier,
}).openapi('BillingLine')
export type BillingLine = z.infer<typeof BillingLine>
