import type { Plan } from '../../planner/schema.ts'
import { Button } from '../ui/button.tsx'
import { EffectBadge } from '../ui/effect-badge.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useChoose } from './queries.ts'

/** Two readings of a message that differ in what they do: which one is meant? */
export function ChoiceCard({ turnKey, plan }: { turnKey: string; plan: Plan }) {
  const choose = useChoose(turnKey)
  return (
    <section aria-label="Choice" className="grid gap-4 rounded-2xl border border-line bg-surface p-4 shadow-sm sm:p-6">
      <h2 className="text-lg">Which one is meant?</h2>
      <p className="max-w-prose text-muted">{plan.explanation}</p>
      <ul className="grid gap-3 sm:grid-cols-2">
        {plan.choices.map(({ planId, explanation, effects, operations }) => (
          <li key={planId} className="grid content-between gap-3 rounded-xl border border-line p-4">
            <div className="grid gap-2">
              <div className="flex flex-wrap gap-1.5">
                {effects.map((effect) => (
                  <EffectBadge key={effect} effect={effect} />
                ))}
              </div>
              <p className="text-sm">{explanation}</p>
              {operations.map((operation) => (
                <p key={operation} className="font-mono text-xs break-words text-muted">
                  {operation}
                </p>
              ))}
            </div>
            <Button busy={choose.isPending && choose.variables === planId} onClick={() => choose.mutate(planId)}>
              See this plan
            </Button>
          </li>
        ))}
      </ul>
      {choose.isError && <ProblemNotice error={choose.error} />}
    </section>
  )
}
