import { z } from '@hono/zod-openapi'
import type { Ctx } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { undoInBatch } from '../../runs/undo/service.ts'
import type { batchItems } from '../tables.ts'

/** What an item of an undo is about. */
export const UndoInput = z.object({ executionId: z.string() })
export type UndoInput = z.infer<typeof UndoInput>

type Item = Pick<typeof batchItems.$inferSelect, 'input' | 'runId'>
type Settled = { status: 'succeeded' } | { status: 'failed'; error: { code: string; message: string } }

/** Begins to undo the run of an item; how the item ends where there is no run of an undo to wait for. */
export async function undoItem(ctx: Ctx, { input, runId }: Item): Promise<Settled | null> {
  const { executionId } = UndoInput.parse(input)
  try {
    return (await undoInBatch(ctx, executionId, runId)) === 'begun' ? null : { status: 'succeeded' }
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    return { status: 'failed', error: { code: error.code, message: error.message } }
  }
}
