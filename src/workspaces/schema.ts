import { z } from '@hono/zod-openapi'
import { email } from '../auth/schema.ts'
import { SortedQuery } from '../http/sorted.ts'

const part = z.enum(['owner', 'admin', 'member', 'auditor']).openapi({
  description:
    'owner and admin: everything; member: no keys, members or limits; auditor: reads everything, changes nothing',
})
const given = z.enum(['admin', 'member', 'auditor'])

export const Workspace = z
  .object({ id: z.string(), name: z.string(), part, current: z.boolean(), createdAt: z.string() })
  .openapi('Workspace')
export type Workspace = z.infer<typeof Workspace>

export const NewWorkspace = z.object({ name: z.string().trim().min(1).max(100) }).openapi('NewWorkspace')
export type NewWorkspace = z.infer<typeof NewWorkspace>

export const Member = z
  .object({ userId: z.string(), name: z.string(), email: z.string(), part, since: z.string() })
  .openapi('Member')
export type Member = z.infer<typeof Member>

export const PartChange = z.object({ part }).openapi('PartChange')
export type PartChange = z.infer<typeof PartChange>

export const NewInvitation = z.object({ email, part: given.default('member') }).openapi('NewInvitation')
export type NewInvitation = z.infer<typeof NewInvitation>

export const Invitation = z
  .object({ id: z.string(), email: z.string(), part: given, expiresAt: z.string(), createdAt: z.string() })
  .openapi('Invitation')
export type Invitation = z.infer<typeof Invitation>

export const InvitationProof = z.object({ proof: z.string().min(1).max(200) }).openapi('InvitationProof')

export const Removed = z.object({ id: z.string(), removed: z.literal(true) }).openapi('Removed')

export const OwnWorkspaceQuery = SortedQuery.extend({ part: part.optional() })
export type OwnWorkspaceQuery = z.infer<typeof OwnWorkspaceQuery>

export const MemberQuery = SortedQuery.extend({
  sort: z.enum(['newest', 'oldest']).default('oldest').openapi({ description: 'Who comes first' }),
  part: part.optional(),
})
export type MemberQuery = z.infer<typeof MemberQuery>

export const InvitationQuery = SortedQuery.extend({ part: given.optional() })
export type InvitationQuery = z.infer<typeof InvitationQuery>
