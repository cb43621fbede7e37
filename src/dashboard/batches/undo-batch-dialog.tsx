import { Undo2 } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import type { BatchUndo } from '../../batches/undo/schema.ts'
import { count } from '../lib/text.ts'
import { UNDO_WORDS } from '../runs/undo-links.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Bar } from '../ui/skeleton.tsx'
import { usePlannedBatchUndo, useUndoBatch } from './queries.ts'

/** Shows of each run of a batch what undoing it comes to, and undoes them once that is confirmed. */
export function UndoBatchDialog({ id, total, onClose }: { id: string; total: number; onClose: () => void }) {
  const planned = usePlannedBatchUndo(id)
  const undo = useUndoBatch(id)
  const [, navigate] = useLocation()
  const show = (undoId: string) => {
    onClose()
    navigate(`/batches/${undoId}`)
  }
  const isAnything = planned.hasNextPage || planned.items.some((item) => item.calls > 0 && !isUndone(item))
  return (
    <Dialog title="Undo this batch" onClose={onClose}>
      {planned.isPending && <Bar className="h-24 w-full" />}
      {planned.isError && <ProblemNotice error={planned.error} onRetry={() => void planned.refetch()} />}
      {planned.isSuccess && <Planned items={planned.items} total={total} isAll={!planned.hasNextPage} />}
      <LoadMore query={planned} />
      {undo.isError && <ProblemNotice error={undo.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        {planned.isSuccess && isAnything && (
          <Button
            look="danger"
            busy={undo.isPending}
            onClick={() => undo.mutate(undefined, { onSuccess: (undoId) => show(undoId) })}
          >
            {!undo.isPending && <Undo2 aria-hidden size={15} />}
            Confirm: undo the batch
          </Button>
        )}
      </div>
    </Dialog>
  )
}

function Planned({ items, total, isAll }: { items: readonly BatchUndo[]; total: number; isAll: boolean }) {
  const left = items.filter((item) => !isUndone(item))
  const sum = (key: 'calls' | 'remaining') => left.reduce((all, item) => all + item[key], 0)
  const of = isAll ? count(items.length, 'run') : `the first ${items.length} runs of ${total.toLocaleString('en')}`
  return (
    <>
      <p className="text-sm text-muted">
        {`In ${of}: ${wordsFor(sum('calls'), sum('remaining'))}. Each run is undone by a run of its own, beginning with the last. What was added or changed there since goes with it.`}
      </p>
      <ul aria-label="Runs" className="grid gap-2 text-sm">
        {items.map((item) => (
          <li key={item.index} className="flex flex-wrap items-baseline justify-between gap-x-4">
            <Link href={`/runs/${item.executionId}`} className="text-accent-ink underline underline-offset-2">
              {`Run of input ${(item.index + 1).toLocaleString('en')}`}
            </Link>
            <span className="text-muted tabular-nums">{wordsOf(item)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

function isUndone({ undoneBy }: BatchUndo): boolean {
  return undoneBy !== null && undoneBy.status !== 'cancelled'
}

function wordsOf(item: BatchUndo): string {
  const { calls, remaining, problem, undoneBy } = item
  if (problem !== null) return problem
  return undoneBy !== null && isUndone(item) ? UNDO_WORDS[undoneBy.status] : wordsFor(calls, remaining)
}

function wordsFor(calls: number, remaining: number): string {
  const stays = remaining > 0 ? [`${count(remaining, 'step')} cannot be taken back`] : []
  return [count(calls, 'deletion'), ...stays].join(', ')
}
