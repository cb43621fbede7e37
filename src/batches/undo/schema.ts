import { z } from '@hono/zod-openapi'
import { Execution } from '../../runs/schema.ts'
import { BatchOptions } from '../schema.ts'

/** What undoing one execution of a batch comes to. */
export const BatchUndo = z
  .object({
    index: z.int().openapi({ description: 'Position of the input in the batch, from 0' }),
    executionId: z.string(),
    calls: z.int().openapi({ description: 'How many calls take back what it did' }),
    remaining: z.int().openapi({ description: 'How many of its steps cannot be taken back' }),
    undoneBy: Execution.shape.undoneBy,
    problem: z.string().nullable().openapi({ description: 'Why it cannot be undone now; null where it can' }),
  })
  .openapi('BatchUndo')
export type BatchUndo = z.infer<typeof BatchUndo>

// Each is worked out from the log of a run.
export const BatchUndoQuery = z.object({
  limit: z.coerce.number().int().min(1).max(20).default(20).openapi({ description: 'Items a page' }),
  cursor: z
    .string()
    .regex(/^\d{1,5}$/, 'must be the nextCursor of the page before')
    .optional(),
})
export type BatchUndoQuery = z.infer<typeof BatchUndoQuery>

export const BatchUndoOptions = BatchOptions.pick({ concurrency: true })
export type BatchUndoOptions = z.infer<typeof BatchUndoOptions>
