import { z } from '@hono/zod-openapi'
import { PageQuery } from '../http/router.ts'
import { SortedQuery } from '../http/sorted.ts'

/** The types of a body that hold many inputs. */
export const formats = { 'application/json': 'json', 'application/x-ndjson': 'ndjson', 'text/csv': 'csv' } as const
export type Format = (typeof formats)[keyof typeof formats]

export const BatchOptions = z.object({
  concurrency: z.coerce.number().int().min(1).max(50).default(10).openapi({ description: 'Runs at the same time' }),
  skipInvalid: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .openapi({ description: 'Start what is valid, and keep what is not as invalid items of the batch' }),
})
export type BatchOptions = z.infer<typeof BatchOptions>

const progress = z.object({
  pending: z.int(),
  running: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  invalid: z.int().openapi({ description: 'Malformed, and skipped' }),
})
export type Progress = z.infer<typeof progress>

const status = z.enum(['accepting', 'running', 'cancelling', 'completed', 'cancelled']).openapi({
  description: 'completed: every item has ended, however it ended; cancelling: open runs are being stopped',
})

export const Batch = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    workflowVersion: z.int(),
    name: z.string(),
    status,
    undoes: z.string().nullable().openapi({ description: 'The batch whose executions this one takes back' }),
    undoneBy: z
      .object({ id: z.string(), status })
      .nullable()
      .openapi({ description: 'The batch that takes back what this one did, and how it stands' }),
    concurrency: z.int(),
    total: z.int(),
    progress,
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
  })
  .openapi('Batch')
export type Batch = z.infer<typeof Batch>

export const BatchList = SortedQuery.extend({ workflowId: z.string().optional() })
export type BatchList = z.infer<typeof BatchList>

export const ResultQuery = z.object({ format: z.enum(['ndjson', 'csv']).default('ndjson') })
export type ResultQuery = z.infer<typeof ResultQuery>

export const BatchResult = z
  .object({
    index: z.int().openapi({ description: 'Position of the input, from 0' }),
    line: z.int().openapi({ description: 'Line of the input in what was sent, from 1' }),
    status: z.enum(['invalid', 'pending', 'running', 'succeeded', 'failed', 'cancelled']),
    executionId: z.string().nullable(),
    output: z.unknown(),
    error: z.object({ code: z.string().nullable(), step: z.string().nullable(), message: z.string() }).nullable(),
  })
  .openapi('BatchResult')
export type BatchResult = z.infer<typeof BatchResult>

/** One input of a batch, without what came out of it. */
export const BatchItem = BatchResult.omit({ output: true }).openapi('BatchItem')
export type BatchItem = z.infer<typeof BatchItem>

export const ItemQuery = PageQuery.extend({
  status: BatchResult.shape.status.optional(),
  cursor: z
    .string()
    .regex(/^\d{1,5}$/, 'must be the nextCursor of the page before')
    .optional(),
})
export type ItemQuery = z.infer<typeof ItemQuery>
