import { z } from '@hono/zod-openapi'

export const SignInOption = z
  .object({
    id: z.string().openapi({ example: 'google' }),
    name: z.string().openapi({ example: 'Google' }),
    configured: z.boolean().openapi({ description: 'Whether this deployment is registered there' }),
  })
  .openapi('SignInOption')
export type SignInOption = z.infer<typeof SignInOption>

export const ProviderParams = z.object({ provider: z.string().max(40).openapi({ example: 'google' }) })

export const StartQuery = z.object({
  next: z.string().max(500).optional().openapi({ description: 'Page of the dashboard to go to afterwards' }),
})

export const CallbackQuery = z.looseObject({
  code: z.string().optional(),
  state: z.string().optional(),
  error: z.string().optional(),
})
