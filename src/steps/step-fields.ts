import { z } from '@hono/zod-openapi'

/** What a delay, an approval or any step may last: thirty days. */
export const MAX_DELAY_MS = 30 * 86_400_000

export const stepId = z
  .string()
  .regex(/^[A-Za-z_]\w{0,63}$/, 'must be letters, digits and underscores, and not start with a digit')
  // Steps are looked up by id in plain objects.
  .refine((id) => !(id in Object.prototype), 'is a name that every object has; choose another')
  .openapi({ example: 'orders' })

export const template = z.unknown().openapi({ description: 'Any JSON; {{ … }} in its strings is JSONata' })

/** What to do when a step has failed for good. */
export const OnError = z.union([z.enum(['fail', 'continue']), z.strictObject({ goto: stepId })]).openapi('OnError', {
  description:
    'fail (the default) ends the run; continue goes on, the error in steps.<id>.error; goto goes on at a later step of the same list and skips those between',
})
export type OnError = z.infer<typeof OnError>

/** How often and how soon a failed step is tried again. */
export const Retry = z
  .strictObject({
    maxAttempts: z.int().min(1).max(10),
    backoff: z.enum(['exponential', 'constant']).optional(),
    delayMs: z.int().min(10).max(3_600_000).optional().openapi({ description: 'Before the second attempt' }),
    maxDelayMs: z.int().min(10).max(3_600_000).optional(),
    on: z
      .array(z.int().min(400).max(599))
      .max(50)
      .optional()
      .openapi({ description: 'Only these statuses; without it those that usually pass by themselves' }),
  })
  .openapi('Retry', {
    description:
      'A call is made again. A step that holds steps is taken up again where something in it failed: what is done in it stays done',
  })
export type Retry = z.infer<typeof Retry>

/** What every step may say, whatever its type. */
export const common = {
  id: stepId,
  name: z.string().max(200).optional().openapi({ description: 'What the step is for, in words' }),
  dependsOn: z
    .array(stepId)
    .max(100)
    .optional()
    .openapi({ description: 'Steps that must be done first though nothing of theirs is used' }),
  when: template
    .optional()
    .openapi({ description: 'The step is skipped unless this is true', example: '{{ input.urgent }}' }),
  onError: OnError.optional(),
  retry: Retry.optional(),
  timeoutMs: z.int().min(100).max(MAX_DELAY_MS).optional().openapi({
    description: 'The step fails with STEP_TIMEOUT when it takes longer; calls in it that are out are broken off',
  }),
  atMostOnce: z.boolean().optional().openapi({
    description:
      'A call whose outcome is not known after a crash is not repeated: the run stops and asks. Of a step that holds steps: every call in it',
  }),
  background: z.boolean().optional().openapi({
    description:
      'Calls of the step are made by consumers of the queue, where they may take their time. Of a step that holds steps: every call in it',
  }),
}

// The kinds that hold steps name themselves, so their types are written out.
export type Common = z.infer<z.ZodObject<typeof common>>
