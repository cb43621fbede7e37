import type { Plan } from '../../planner/schema.ts'
import { ProblemError } from '../api/problem.ts'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Bar } from '../ui/skeleton.tsx'
import { ChoiceCard } from './choice-card.tsx'
import type { Turn } from './history.ts'
import { NotFoundCard } from './not-found-card.tsx'
import { PlanCard } from './plan-card.tsx'
import type { Progress } from './progress-words.ts'

/** A message and what came of it. */
export function TurnView({ turn, onRetry }: { turn: Turn; onRetry: (message: string) => void }) {
  return (
    <article className="appear grid gap-3">
      <p className="max-w-prose justify-self-end rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 whitespace-pre-wrap text-accent-ink">
        {turn.message}
      </p>
      <Answer turn={turn} onRetry={onRetry} />
    </article>
  )
}

function Answer({ turn, onRetry }: { turn: Turn; onRetry: (message: string) => void }) {
  switch (turn.state) {
    case 'planning':
      return <Planning progress={turn.progress} />
    case 'failed':
      return <ProblemNotice error={new ProblemError(turn.problem)} onRetry={() => onRetry(turn.message)} />
    case 'planned':
      return <Planned turnKey={turn.key} plan={turn.plan} />
    default:
      return turn satisfies never
  }
}

function Planned({ turnKey, plan }: { turnKey: string; plan: Plan }) {
  if (plan.status === 'needs_choice') return <ChoiceCard turnKey={turnKey} plan={plan} />
  return plan.definition === null ? <NotFoundCard plan={plan} /> : <PlanCard plan={plan} />
}

function Planning({ progress: { words, written } }: { progress: Progress }) {
  return (
    <div className="grid gap-4 rounded-2xl border border-line bg-surface p-5" aria-busy="true">
      {words === '' ? (
        <Bar className="h-4 w-3/5" />
      ) : (
        <p className="text-sm text-muted">
          {words}
          {written > 0 && ` · ${written} characters`}
        </p>
      )}
      <Bar className="h-14 w-full" />
      <Bar className="h-14 w-full" />
      <Bar className="h-10 w-36" />
    </div>
  )
}
