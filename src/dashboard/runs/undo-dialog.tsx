import { Undo2 } from 'lucide-react'
import { useLocation } from 'wouter'
import type { Undo } from '../../runs/undo/schema.ts'
import { count } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { EffectBadge } from '../ui/effect-badge.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Bar } from '../ui/skeleton.tsx'
import { usePlannedUndo, useUndo } from './queries.ts'

/** Shows which calls take a run back, and what stays, and makes them once that is confirmed. */
export function UndoDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const planned = usePlannedUndo(id)
  const undo = useUndo(id)
  const [, navigate] = useLocation()
  const calls = planned.data?.calls.length ?? 0
  return (
    <Dialog title="Undo this run" onClose={onClose}>
      {planned.isPending && <Bar className="h-24 w-full" />}
      {planned.isError && <ProblemNotice error={planned.error} onRetry={() => void planned.refetch()} />}
      {planned.data && <Calls calls={planned.data.calls} />}
      {planned.data && planned.data.remaining.length > 0 && <Remaining remaining={planned.data.remaining} />}
      {undo.isError && <ProblemNotice error={undo.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        {calls > 0 && (
          <Button
            look="danger"
            busy={undo.isPending}
            onClick={() => undo.mutate(undefined, { onSuccess: (runId) => navigate(`/runs/${runId}`) })}
          >
            {!undo.isPending && <Undo2 aria-hidden size={15} />}
            {`Confirm: ${count(calls, 'deletion')}`}
          </Button>
        )}
      </div>
    </Dialog>
  )
}

function Calls({ calls }: { calls: Undo['calls'] }) {
  if (calls.length === 0) return <p className="text-muted">Nothing of what this run did can be taken back.</p>
  return (
    <>
      <p className="text-sm text-muted">
        What it created is deleted, the last first, in a run of its own. What was added or changed there since goes with
        it.
      </p>
      <ol aria-label="Calls" className="grid gap-3">
        {calls.map(({ step, name, request, covers }) => (
          <li key={step} className="grid gap-0.5">
            <code className="font-mono text-xs break-all">
              {request.method} {request.url}
            </code>
            <span className="text-sm text-muted">
              {`Takes back ${[name ?? step, ...covers].map((one) => `“${one}”`).join(', ')}`}
            </span>
          </li>
        ))}
      </ol>
    </>
  )
}

function Remaining({ remaining }: { remaining: Undo['remaining'] }) {
  return (
    <section aria-labelledby="remaining" className="grid gap-2">
      <h3 id="remaining" className="text-sm">
        Stays as it is
      </h3>
      <ul className="grid gap-3">
        {remaining.map(({ step, name, effect, reason }, index) => (
          <li key={`${step} ${index}`} className="grid gap-0.5 text-sm">
            <span className="flex flex-wrap items-center gap-2">
              <span>{name ?? step}</span>
              {effect && <EffectBadge effect={effect} />}
            </span>
            <span className="text-muted">{reason}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
