import { Check, Circle, CircleHelp, CircleSlash, Clock, LoaderCircle, RotateCcw, SkipForward, X } from 'lucide-react'
import { duration } from '../lib/text.ts'
import { AttemptHistory } from './attempt-history.tsx'
import { AttemptView } from './attempt-view.tsx'
import { DecideForm } from './decide-form.tsx'
import type { StepView } from './run-view.ts'
import { PURPOSES, stepWords } from './step-words.ts'
import { useNow } from './use-now.ts'

const MARKS = {
  pending: { icon: Circle, look: 'bg-sunken text-muted' },
  running: { icon: LoaderCircle, look: 'bg-accent-soft text-accent-ink [&>svg]:animate-spin' },
  interrupted: { icon: RotateCcw, look: 'bg-update-soft text-update' },
  waiting: { icon: RotateCcw, look: 'bg-update-soft text-update' },
  succeeded: { icon: Check, look: 'bg-create-soft text-create' },
  failed: { icon: X, look: 'bg-delete-soft text-delete' },
  skipped: { icon: SkipForward, look: 'bg-sunken text-muted' },
  open: { icon: LoaderCircle, look: 'bg-accent-soft text-accent-ink' },
  sleeping: { icon: Clock, look: 'bg-update-soft text-update' },
  asking: { icon: CircleHelp, look: 'bg-update-soft text-update' },
  uncertain: { icon: CircleHelp, look: 'bg-delete-soft text-delete' },
  stopped: { icon: CircleSlash, look: 'bg-sunken text-muted' },
} as const

const ENDED: readonly StepView['status'][] = ['succeeded', 'failed', 'skipped']

/** One step on the timeline of the run `id`. */
export function StepItem({ id, step, over, last }: { id: string; step: StepView; over: boolean; last: boolean }) {
  const stopped = over && !ENDED.includes(step.status)
  const { icon: Icon, look } = MARKS[stopped ? 'stopped' : step.status]
  return (
    <li className="grid grid-cols-[2rem_minmax(0,1fr)] gap-x-3">
      <div aria-hidden className="flex flex-col items-center">
        <span className={`grid size-8 shrink-0 place-items-center rounded-full ${look}`}>
          <Icon size={16} strokeWidth={2.4} />
        </span>
        {!last && <span className="w-0.5 grow bg-line" />}
      </div>
      <div className="grid gap-2 pb-7">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 pt-1">
          <h3 className="min-w-0">{step.name ?? step.id}</h3>
          <Timing step={step} over={over} />
        </div>
        {step.operation ? (
          <p className="font-mono text-xs text-muted">{step.operation}</p>
        ) : (
          <p className="text-sm text-muted">{PURPOSES[step.type]}</p>
        )}
        {!over && (step.status === 'asking' || step.status === 'uncertain') && <DecideForm id={id} step={step} />}
        {step.attempts.map((attempt) => (
          <AttemptView
            key={attempt.attempt}
            attempt={attempt}
            numbered={step.attempts.length > 1}
            isCall={step.type === 'api_call'}
          />
        ))}
        {step.type === 'api_call' && step.attempts.length > 0 && (
          <AttemptHistory id={id} step={step.id} name={step.name ?? step.id} />
        )}
      </div>
    </li>
  )
}

function Timing({ step, over }: { step: StepView; over: boolean }) {
  const waiting = (step.status === 'waiting' || step.status === 'sleeping') && !over
  const now = useNow(waiting || (step.status === 'running' && !over))
  const begun = step.attempts[0]?.startedAt
  const ended = step.attempts.at(-1)?.finishedAt
  const parts = [
    waiting && step.retryAt !== null
      ? `${step.status === 'waiting' ? 'Trying again' : 'Goes on'} in ${duration(Math.max(0, Math.ceil((step.retryAt - now) / 1000) * 1000))}`
      : stepWords(step.status, over),
    step.iterations ? `${step.iterations.done} of ${step.iterations.count} iterations` : '',
    step.attempts.length > 1 ? `${step.attempts.length} attempts` : '',
    begun && !waiting && (ended || (!over && step.status === 'running')) ? duration((ended ?? now) - begun) : '',
  ]
  return <p className="text-sm text-muted tabular-nums">{parts.filter(Boolean).join(' · ')}</p>
}
