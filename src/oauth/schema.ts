import { z } from '@hono/zod-openapi'
import { AuthSettings } from '../connections/auth-schema.ts'
import { Account } from '../connections/schema.ts'
import { SortedQuery } from '../http/sorted.ts'

export const Consent = z
  .object({
    authorizeUrl: z.string().openapi({ description: 'Where the person who has the account goes now' }),
    expiresAt: z.string(),
    scopes: z.array(z.string()).openapi({ description: 'What they will be asked for' }),
  })
  .openapi('Consent')
export type Consent = z.infer<typeof Consent>

export const CallbackQuery = z.looseObject({
  state: z.string().max(500).optional(),
  code: z.string().max(8000).optional(),
  error: z.string().max(500).optional(),
  iss: z.string().max(2000).optional(),
})

export const Connected = z.object({ id: z.string(), account: Account }).openapi('Connected')
export type Connected = z.infer<typeof Connected>

export const Disconnected = z
  .object({
    id: z.string(),
    revoked: z
      .boolean()
      .openapi({ description: 'Whether the provider took the grant back; it is forgotten here anyway' }),
  })
  .openapi('Disconnected')
export type Disconnected = z.infer<typeof Disconnected>

export const Provider = z
  .object({
    id: z.string(),
    name: z.string(),
    configured: z.boolean().openapi({ description: 'Whether this deployment has a client there' }),
  })
  .openapi('Provider')
export type Provider = z.infer<typeof Provider>

export const ConnectedAccount = Account.extend({
  connection: z.object({ id: z.string(), name: z.string(), slug: z.string() }),
  status: z.enum(['ready', 'not_connected', 'needs_reconnect']),
  problem: z.string().nullable(),
}).openapi('ConnectedAccount')
export type ConnectedAccount = z.infer<typeof ConnectedAccount>

export const AccountQuery = SortedQuery.extend({ status: ConnectedAccount.shape.status.optional() })
export type AccountQuery = z.infer<typeof AccountQuery>

export const AuthOffer = z
  .object({
    type: z.enum(['none', 'apiKey', 'bearer', 'basic', 'oauth2', 'serviceAccount', 'custom']),
    scheme: z.string().nullable().openapi({ description: 'Its name in the specification; null where that has none' }),
    description: z.string(),
    prefilled: z.record(z.string(), z.unknown()).openapi({ description: 'What is known of auth already' }),
    asks: z.array(z.string()).openapi({ description: 'Fields of auth that are still needed' }),
  })
  .openapi('AuthOffer')
export type AuthOffer = z.infer<typeof AuthOffer>

export const AuthOverview = z
  .object({
    auth: AuthSettings,
    status: z.enum(['ready', 'not_connected', 'needs_reconnect']),
    problem: z.string().nullable(),
    account: Account.nullable(),
    offered: z.array(AuthOffer),
    scopes: z
      .array(z.object({ scope: z.string(), description: z.string(), operations: z.int(), granted: z.boolean() }))
      .openapi({ description: 'What the operations name, and whether it was granted' }),
    operations: z
      .object({ total: z.int(), covered: z.int() })
      .openapi({ description: 'How many there are, and how many the granted scopes suffice for' }),
  })
  .openapi('AuthOverview')
export type AuthOverview = z.infer<typeof AuthOverview>
