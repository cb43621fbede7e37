import { ArrowLeft, Undo2 } from 'lucide-react'
import type { Plan } from '../../planner/schema.ts'
import { Badge } from '../ui/badge.tsx'
import { EffectBadge } from '../ui/effect-badge.tsx'

type Step = Plan['steps'][number]

/**
 * One step of a plan: what it does, how far it reaches, and where its values come from; `change` is what of it the message
 * before did not have.
 */
export function PlanStepRow({
  step,
  number,
  change,
}: {
  step: Step
  number: number
  change: readonly string[] | 'new'
}) {
  const { title, type, api, operation, effect, reach, bindings, undo } = step
  return (
    <li className="grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-3 rounded-xl border border-line p-3.5 sm:p-4">
      <span
        aria-hidden
        className="grid size-7 place-items-center rounded-full bg-sunken text-xs font-semibold text-muted"
      >
        {number}
      </span>
      <div className="grid gap-2.5">
        <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1.5">
          <h3 className="min-w-0 flex-1 basis-48 pt-1 text-[0.9375rem]">{title}</h3>
          <div className="flex flex-wrap gap-1.5">
            {change === 'new' ? <Badge tone="ok">New</Badge> : change.length > 0 && <Badge tone="warn">Changed</Badge>}
            <EffectBadge effect={type === 'transform' ? 'transform' : effect} />
          </div>
        </div>
        <div className="grid gap-0.5 text-xs text-muted">
          {operation && (
            <p className="font-mono">
              {api} · {operation}
            </p>
          )}
          <p>{reach}</p>
          {undo && <UndoLine undo={undo} />}
        </div>
        {change !== 'new' && change.length > 0 && (
          <ul aria-label="Changed" className="text-sm text-update">
            {change.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        )}
        {bindings.length > 0 && (
          <ul aria-label="Values" className="grid gap-1 rounded-lg bg-sunken px-3 py-2 text-sm">
            {bindings.map(({ target, in: place, source, value }) => (
              <li key={`${place} ${target}`} className="flex flex-wrap items-baseline gap-x-2">
                <code className="font-mono text-[0.8125rem] font-semibold" title={`In the ${place}`}>
                  {target}
                </code>
                <ArrowLeft role="img" aria-label="from" size={13} className="self-center text-muted" />
                <span className={source === 'literal' ? 'font-mono text-[0.8125rem]' : ''}>{value}</span>
                {source === 'input' && <span className="text-xs text-muted">input</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  )
}

/** What would take a step back once it is made, or why nothing does. */
function UndoLine({ undo: { operation, note } }: { undo: NonNullable<Step['undo']> }) {
  return (
    <p className="flex flex-wrap items-center gap-x-1.5">
      <Undo2 aria-hidden size={13} />
      {operation ? (
        <>
          Can be undone by <code className="font-mono">{operation}</code>
        </>
      ) : (
        'Cannot be undone.'
      )}
      {note && <span>{note}</span>}
    </p>
  )
}
