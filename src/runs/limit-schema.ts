import { z } from '@hono/zod-openapi'
import { ceilings, lowestLimits, type RunLimits } from './limits.ts'

const described = {
  maxSteps: 'Attempts at steps that a run may begin',
  maxDurationMs: 'Milliseconds from the start of a run, or from when a failed one was resumed',
  maxConcurrency: 'Executions that may be open when another is asked for',
  maxDataBytes: 'Bytes that a run may keep: its log, with every value once',
} satisfies Record<keyof RunLimits, string>

const limit = (name: keyof RunLimits) =>
  z.int().min(lowestLimits[name]).max(ceilings[name]).optional().openapi({ description: described[name] })

export const LimitSettings = z
  .strictObject({
    maxSteps: limit('maxSteps'),
    maxDurationMs: limit('maxDurationMs'),
    maxConcurrency: limit('maxConcurrency'),
    maxDataBytes: limit('maxDataBytes'),
  })
  .openapi('LimitSettings', { description: 'What is left out has its default' })
export type LimitSettings = z.infer<typeof LimitSettings>

const Limits = z
  .object({ maxSteps: z.int(), maxDurationMs: z.int(), maxConcurrency: z.int(), maxDataBytes: z.int() })
  .openapi('RunLimits')

export const LimitsView = z
  .object({
    values: Limits.openapi({ description: 'What holds for executions that are accepted now' }),
    defaults: Limits.openapi({ description: 'What holds where nothing was set' }),
    ceilings: Limits.openapi({ description: 'The most that can be set' }),
    open: z.int().openapi({ description: 'Executions that are open now' }),
  })
  .openapi('Limits')
export type LimitsView = z.infer<typeof LimitsView>
