import { z } from '@hono/zod-openapi'

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const day = z.string().regex(DAY, 'must be a day like 2026-01-31').openapi({ example: '2026-01-31' })

export const UsageQuery = z
  .object({
    from: day.optional().openapi({ description: 'First day (UTC); the first of the month if left out' }),
    to: day.optional().openapi({ description: 'Last day (UTC); today if left out' }),
  })
  .refine(({ from, to }) => !from || !to || from <= to, { path: ['to'], message: 'must not be before from' })
export type UsageQuery = z.infer<typeof UsageQuery>

export const ExportQuery = z
  .object({ from: day.optional(), to: day.optional(), format: z.enum(['csv', 'json']).default('csv') })
  .refine(({ from, to }) => !from || !to || from <= to, { path: ['to'], message: 'must not be before from' })
export type ExportQuery = z.infer<typeof ExportQuery>

const counts = {
  requests: z.int(),
  units: z.int().openapi({ description: 'Requests by the weight of their routes; limits and quotas count these' }),
}

export const UsageDay = z
  .object({
    day: z.string(),
    source: z.string().openapi({ description: 'The id of a key, or "people" for whoever signed in' }),
    name: z.string().nullable().openapi({ description: 'Of the key' }),
    ...counts,
    lastUsedAt: z.string(),
  })
  .openapi('UsageDay')
export type UsageDay = z.infer<typeof UsageDay>

export const Usage = z
  .object({
    from: z.string(),
    to: z.string(),
    total: z.object(counts),
    month: z.object({
      units: z.int().openapi({ description: 'Of this calendar month (UTC)' }),
      quota: z.int().nullable().openapi({ description: 'Null: none is set' }),
    }),
    days: z.array(UsageDay).openapi({ description: 'By day, newest first, then by source' }),
  })
  .openapi('Usage')
export type Usage = z.infer<typeof Usage>
