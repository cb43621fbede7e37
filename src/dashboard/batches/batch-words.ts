import type { Batch, BatchItem } from '../../batches/schema.ts'

/** Whether a batch still goes on. */
export function isOpen({ status }: Batch): boolean {
  return status === 'accepting' || status === 'running' || status === 'cancelling'
}

/** Whether a batch that is over has runs that may be taken back, and nobody does so yet. */
export function isUndoable(batch: Batch): boolean {
  const { undoes, undoneBy, progress } = batch
  if (isOpen(batch) || undoes !== null || (undoneBy !== null && undoneBy.status !== 'cancelled')) return false
  return progress.succeeded + progress.failed + progress.cancelled > 0
}

/** How many items have ended, however they did. */
export function endedOf({ progress }: Batch): number {
  return progress.succeeded + progress.failed + progress.cancelled + progress.invalid
}

/** The states of an item in the order of the bar, each with its word and the colour that stands for it. */
export const STATES = [
  { status: 'succeeded', word: 'Succeeded', fill: 'fill-create', dot: 'bg-create' },
  { status: 'failed', word: 'Failed', fill: 'fill-delete', dot: 'bg-delete' },
  { status: 'invalid', word: 'Left out', fill: 'fill-update', dot: 'bg-update' },
  { status: 'cancelled', word: 'Cancelled', fill: 'fill-edge', dot: 'bg-edge' },
  { status: 'running', word: 'Running', fill: 'fill-accent', dot: 'bg-accent' },
  { status: 'pending', word: 'Waiting', fill: 'fill-line', dot: 'bg-line' },
] as const satisfies readonly { status: BatchItem['status']; word: string; fill: string; dot: string }[]
