import type { Plan } from '../../planner/schema.ts'
import { ButtonLink } from '../ui/button.tsx'
import { EffectBadge } from '../ui/effect-badge.tsx'

/** Nothing connected does what was asked; what comes nearest. */
export function NotFoundCard({ plan }: { plan: Plan }) {
  return (
    <section aria-label="No plan" className="grid gap-4 rounded-2xl border border-line bg-surface p-4 sm:p-6">
      <div className="grid gap-1">
        <h2 className="text-lg">
          {plan.status === 'needs_api' ? 'This needs an API that is not connected' : 'No operation does this'}
        </h2>
        <p className="max-w-prose text-muted">{plan.explanation}</p>
      </div>
      {plan.nearest.length > 0 && (
        <div className="grid gap-2">
          <h3 className="text-sm">What comes nearest</h3>
          <ul className="divide-y divide-line rounded-xl border border-line">
            {plan.nearest.map(({ api, operation, summary, effect }) => (
              <li key={`${api} ${operation}`} className="flex items-start justify-between gap-3 px-4 py-2.5">
                <div className="min-w-0">
                  <p className="text-sm font-medium">{summary || operation}</p>
                  <p className="font-mono text-xs text-muted">
                    {api} · {operation}
                  </p>
                </div>
                <EffectBadge effect={effect} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="flex flex-wrap items-center gap-3 text-sm text-muted">
        <span>Ask in other words, or</span>
        <ButtonLink href="/apis/new">Connect the API it needs</ButtonLink>
      </div>
    </section>
  )
}
