import { CircleStop, Play, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Batch } from '../../batches/schema.ts'
import { IfMay } from '../auth/may.tsx'
import { count, duration } from '../lib/text.ts'
import { useNow } from '../runs/use-now.ts'
import { Button } from '../ui/button.tsx'
import { PageHeader } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { BatchBadge } from './batch-badge.tsx'
import { isOpen, isUndoable } from './batch-words.ts'
import { useCancelBatch, useResumeBatch } from './queries.ts'
import { UndoBatchDialog } from './undo-batch-dialog.tsx'

/** What runs over what, how it does, for how long; and the ways to stop it and to take it up again. */
export function BatchHeader({ batch }: { batch: Batch }) {
  const { id, name, workflowId, workflowVersion, total, concurrency, status, undoneBy } = batch
  const { progress, createdAt, finishedAt } = batch
  const [asking, setAsking] = useState<'cancel' | 'undo' | null>(null)
  const cancel = useCancelBatch(id)
  const resume = useResumeBatch(id)
  const open = isOpen(batch)
  const now = useNow(open)
  const isUndone = undoneBy !== null && undoneBy.status !== 'cancelled'
  const isResumable = !open && !isUndone && progress.failed + progress.cancelled > 0
  return (
    <div className="grid gap-3">
      <PageHeader
        title={name}
        action={
          <IfMay do="execute">
            <div className="flex flex-wrap gap-2">
              {isResumable && (
                <Button look="primary" busy={resume.isPending} onClick={() => resume.mutate()}>
                  {!resume.isPending && <Play aria-hidden size={16} />}
                  Resume
                </Button>
              )}
              {isUndoable(batch) && (
                <Button onClick={() => setAsking('undo')}>
                  <Undo2 aria-hidden size={16} />
                  Undo this batch
                </Button>
              )}
              {status === 'running' && (
                <Button onClick={() => setAsking('cancel')}>
                  <CircleStop aria-hidden size={16} />
                  Cancel
                </Button>
              )}
            </div>
          </IfMay>
        }
      >
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pt-1 text-sm">
          <BatchBadge batch={batch} live />
          <span className="tabular-nums">
            {duration((finishedAt ? Date.parse(finishedAt) : now) - Date.parse(createdAt))}
          </span>
          <span>
            {count(total, 'input')}, up to {concurrency} at a time
          </span>
          <Link href={`/workflows/${workflowId}`} className="text-accent-ink underline underline-offset-2">
            Version {workflowVersion} of the workflow
          </Link>
          <time dateTime={createdAt}>{new Date(createdAt).toLocaleString()}</time>
        </div>
      </PageHeader>
      {resume.isError && <ProblemNotice error={resume.error} />}
      {asking === 'undo' && <UndoBatchDialog id={id} total={total} onClose={() => setAsking(null)} />}
      {asking === 'cancel' && (
        <ConfirmDialog
          title="Cancel this batch?"
          confirm="Cancel the batch"
          busy={cancel.isPending}
          error={cancel.error}
          onClose={() => setAsking(null)}
          onConfirm={() => cancel.mutate(undefined, { onSuccess: () => setAsking(null) })}
        >
          Nothing more begins, and open runs are stopped where they are. What was done stays done.
        </ConfirmDialog>
      )}
    </div>
  )
}
