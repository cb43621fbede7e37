import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { generateRandomString } from 'better-auth/crypto'
import type { BetterAuthPlugin } from 'better-auth'
import { z } from 'zod'

// As the plugin for second factors has it, which asks for one after a sign-in by password alone.
const CHALLENGE_COOKIE = 'two_factor'
const CHALLENGE_SECONDS = 600

/**
 * Opens a session for somebody who has proved who they are elsewhere: at a provider. Whoever has a second factor is asked
 * for it all the same, by a challenge such as the plugin makes. Has no route.
 */
export const openSession = {
  id: 'open-session',
  endpoints: {
    openSession: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ userId: z.string() }) },
      async (ctx) => {
        const { createAuthCookie, internalAdapter } = ctx.context
        const user = await internalAdapter.findUserById(ctx.body.userId)
        if (!user) return ctx.json(null)
        if ('twoFactorEnabled' in user && user.twoFactorEnabled) {
          const { name, attributes } = createAuthCookie(CHALLENGE_COOKIE, { maxAge: CHALLENGE_SECONDS })
          const identifier = `2fa-${generateRandomString(20)}`
          const expiresAt = new Date(Date.now() + CHALLENGE_SECONDS * 1000)
          await internalAdapter.createVerificationValue({ value: user.id, identifier, expiresAt })
          await internalAdapter.createVerificationValue({
            value: '0',
            identifier: `2fa-attempts-${identifier}`,
            expiresAt,
          })
          await ctx.setSignedCookie(name, identifier, ctx.context.secret, attributes)
          return ctx.json({ user: null })
        }
        const session = await internalAdapter.createSession(user.id)
        if (!session) return ctx.json(null)
        await setSessionCookie(ctx, { session, user })
        return ctx.json({ user: { id: user.id, email: user.email, name: user.name } })
      },
    ),
  },
} satisfies BetterAuthPlugin
