import { z } from '@hono/zod-openapi'

export const email = z.email().max(254).openapi({ example: 'ada@example.com' })
export const password = z.string().min(10).max(200).openapi({ example: 'correct horse battery' })

export const Registration = z
  .object({ email, password, name: z.string().trim().min(1).max(100).openapi({ example: 'Ada' }) })
  .openapi('Registration')
export type Registration = z.infer<typeof Registration>

export const Login = z.object({ email, password: z.string().min(1).max(200) }).openapi('Login')
export type Login = z.infer<typeof Login>

export const Me = z
  .object({
    userId: z.string(),
    workspaceId: z.string(),
    role: z.enum(['USER', 'ADMIN', 'AUDITOR']),
    kind: z.enum(['session', 'key', 'system']),
    scopes: z.array(z.enum(['read', 'write', 'execute', 'admin'])),
    requestsPerMinute: z.int(),
    tier: z.enum(['free', 'pro', 'enterprise']),
    limits: z
      .array(
        z.object({
          of: z.enum(['key', 'user', 'workspace']),
          window: z.enum(['minute', 'day', 'month']),
          limit: z.int(),
          remaining: z.int(),
          resetSeconds: z.int().openapi({ description: 'Seconds until more of it is left' }),
        }),
      )
      .openapi({
        description: 'What holds for the caller, this request counted; windows slide, but for the month (UTC)',
      }),
  })
  .openapi('Me')
export type Me = z.infer<typeof Me>

export const SignedIn = z
  .object({ userId: z.string(), email: z.string(), name: z.string(), workspaceId: z.string() })
  .openapi('SignedIn')
export type SignedIn = z.infer<typeof SignedIn>

/** What a sign-in asks for of whoever has a second factor. */
export const SecondFactor = z
  .object({ twoFactorRequired: z.literal(true) })
  .openapi({ description: 'Go on with /auth/two-factor/verify' })
export type SecondFactor = z.infer<typeof SecondFactor>

/** Who signed in, or what is still missing for it. */
export const SignInAnswer = z
  .union([
    SignedIn,
    SecondFactor,
    z.object({ verificationRequired: z.literal(true) }).openapi({ description: 'Open the link in the mail first' }),
  ])
  .openapi('SignInAnswer')
export type SignInAnswer = z.infer<typeof SignInAnswer>
