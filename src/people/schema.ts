import { z } from '@hono/zod-openapi'
import { email, password } from '../auth/schema.ts'

const proof = z.string().min(1).max(2000).openapi({ description: 'What the link of the mail carries' })
const known = z.string().min(1).max(200).optional()
const currentPassword = known.openapi({ description: 'Needed where the account has a password' })
const code = z.string().trim().min(6).max(20).openapi({ example: '123456' })

export const EmailOnly = z.object({ email }).openapi('EmailOnly')
export const Proof = z.object({ proof }).openapi('Proof')
export const PasswordReset = z.object({ proof, password }).openapi('PasswordReset')
export type PasswordReset = z.infer<typeof PasswordReset>

export const PasswordChange = z
  .object({ currentPassword: z.string().min(1).max(200), password })
  .openapi('PasswordChange')
export type PasswordChange = z.infer<typeof PasswordChange>

export const EmailChange = z.object({ email, currentPassword }).openapi('EmailChange')
export type EmailChange = z.infer<typeof EmailChange>

export const CurrentPassword = z.object({ currentPassword }).openapi('CurrentPassword')
export type CurrentPassword = z.infer<typeof CurrentPassword>

export const Code = z.object({ code }).openapi('Code')

export const MailSent = z.object({ sent: z.literal(true) }).openapi('MailSent')
export const Done = z.object({ done: z.literal(true) }).openapi('Done')

export const Profile = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    emailVerified: z.boolean(),
    role: z.enum(['USER', 'ADMIN', 'AUDITOR']).openapi({ description: 'Of the installation, not of the workspace' }),
    twoFactor: z.boolean(),
    hasPassword: z.boolean(),
    signInWith: z.array(z.string()).openapi({ description: 'Providers the account is linked to' }),
    createdAt: z.string(),
  })
  .openapi('Profile')
export type Profile = z.infer<typeof Profile>

export const ProfileChange = z.object({ name: z.string().trim().min(1).max(100) }).openapi('ProfileChange')
export type ProfileChange = z.infer<typeof ProfileChange>

export const Session = z
  .object({
    id: z.string(),
    current: z.boolean(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    createdAt: z.string(),
    expiresAt: z.string(),
  })
  .openapi('Session')
export type Session = z.infer<typeof Session>

export const Revoked = z
  .object({ revoked: z.int().openapi({ description: 'How many sessions ended' }) })
  .openapi('Revoked')
export type Revoked = z.infer<typeof Revoked>

export const RecoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).openapi({ description: 'Each works once; shown this once' }) })
  .openapi('RecoveryCodes')
export type RecoveryCodes = z.infer<typeof RecoveryCodes>

export const TwoFactorSetup = RecoveryCodes.extend({
  totpUri: z.string().openapi({ description: 'What an authenticator app reads as a QR code' }),
  secret: z.string().openapi({ description: 'The same, to be typed' }),
}).openapi('TwoFactorSetup')
export type TwoFactorSetup = z.infer<typeof TwoFactorSetup>

export const DevelopmentMail = z
  .object({ to: z.string(), subject: z.string(), text: z.string(), link: z.string().nullable(), at: z.string() })
  .openapi('DevelopmentMail')
