import type { Replay, ReplayedStep } from '../../runs/schema.ts'
import { count } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { JsonBlock } from '../ui/json-block.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Bar } from '../ui/skeleton.tsx'
import { useReplay } from './queries.ts'

const ENDS: Record<Replay['status'], { tone: 'ok' | 'danger' | 'warn'; title: string }> = {
  succeeded: { tone: 'ok', title: 'With the answers of then it succeeds' },
  failed: { tone: 'danger', title: 'With the answers of then it fails' },
  stopped: { tone: 'warn', title: 'It waits for an answer that was not recorded' },
}

/** Goes through a run with the answers recorded then, and shows which requests would leave now. */
export function ReplayDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const replay = useReplay(id)
  return (
    <Dialog title="Replay without calling" onClose={onClose}>
      {replay.isPending && <Bar className="h-24 w-full" />}
      {replay.isError && <ProblemNotice error={replay.error} onRetry={() => void replay.refetch()} />}
      {replay.data && <Report replay={replay.data} />}
      <div className="flex justify-end">
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  )
}

function Report({ replay }: { replay: Replay }) {
  const { tone, title } = ENDS[replay.status]
  const other = replay.steps.filter(({ same }) => !same).length
  return (
    <>
      <Notice tone={tone} title={title}>
        <p>
          {other === 0 ? 'Every request is the same as then.' : `${count(other, 'request')} not the same as then.`}{' '}
          Nothing was sent.
        </p>
        {replay.error && <p>{replay.error.message}</p>}
      </Notice>
      <ol className="grid gap-2">
        {replay.steps.map((step) => (
          <Step key={`${step.step} ${step.attempt}`} step={step} />
        ))}
      </ol>
      {replay.uncalled.length > 0 && (
        <p className="text-sm text-muted">Called then, not now: {replay.uncalled.map(({ step }) => step).join(', ')}</p>
      )}
      {replay.status === 'succeeded' && (
        <Disclosure summary="Result">
          <JsonBlock value={replay.output} label="Result" />
        </Disclosure>
      )}
    </>
  )
}

function Step({ step: { step, attempt, request, recorded, same, problem } }: { step: ReplayedStep }) {
  return (
    <li className="grid gap-0.5">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <code className="font-mono text-xs break-all">{attempt > 1 ? `${step}, attempt ${attempt}` : step}</code>
        <Badge tone={same ? 'ok' : 'warn'}>{same ? 'Same' : recorded ? 'Different' : 'New'}</Badge>
      </div>
      {problem && <p className="text-sm text-muted first-letter:uppercase">{problem}</p>}
      {!same && request && (
        <Disclosure summary="Now">
          <JsonBlock value={request} label={`Request of ${step} now`} />
        </Disclosure>
      )}
      {!same && recorded && (
        <Disclosure summary="Then">
          <JsonBlock value={recorded} label={`Request of ${step} then`} />
        </Disclosure>
      )}
    </li>
  )
}
