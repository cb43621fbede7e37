import { CalendarClock, ListChecks } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Plan } from '../../planner/schema.ts'
import { ButtonLink } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Confidence } from './confidence.tsx'
import { ConfirmForm } from './confirm-form.tsx'
import { PlanStepRow } from './plan-step-row.tsx'
import { PlanEvent, PlanTimes } from './plan-times.tsx'

/** A plan: what it will do, step by step, and the way to let it. */
export function PlanCard({ plan }: { plan: Plan }) {
  return (
    <section aria-label="Plan" className="rounded-2xl border border-line bg-surface shadow-sm">
      <div className="grid gap-5 p-4 sm:p-6">
        {plan.notice && <Notice tone="info" title={plan.notice} />}
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
          <div className="grid min-w-0 flex-1 basis-72 gap-1">
            <p className="max-w-prose">{plan.explanation}</p>
            {plan.request !== plan.message && (
              <p className="max-w-prose text-sm text-muted">Understood as “{plan.request}”</p>
            )}
          </div>
          <Confidence value={plan.confidence} />
        </div>
        {plan.schedule && <PlanTimes schedule={plan.schedule} />}
        {plan.event && <PlanEvent event={plan.event} />}
        <ol className="grid gap-3">
          {plan.steps.map((step, index) => (
            <PlanStepRow key={step.id} step={step} number={index + 1} change={changeOf(plan.diff, step.id)} />
          ))}
        </ol>
        <Points title="No longer done" points={plan.diff?.removed.map(({ title }) => title) ?? []} />
        <Points title="Assumed" points={plan.assumptions} />
        <Points
          title="Not proved by the specification"
          points={plan.findings.map(({ path, message }) => (
            <>
              <code className="font-mono text-xs">{path}</code> {message}
            </>
          ))}
        />
      </div>
      <div className="border-t border-line bg-bg/60 p-4 sm:px-6 sm:py-5">
        <Outcome plan={plan} />
      </div>
    </section>
  )
}

/** What a step is to the plan before: new, or changed in which places; nothing where it is as it was. */
function changeOf(diff: Plan['diff'], id: string): readonly string[] | 'new' {
  if (diff?.added.includes(id)) return 'new'
  return diff?.changed.find((step) => step.id === id)?.changes ?? []
}

function Points({ title, points }: { title: string; points: ReactNode[] }) {
  if (points.length === 0) return null
  return (
    <div className="grid gap-1 text-sm">
      <h3 className="text-sm">{title}</h3>
      <ul className="list-disc space-y-1 pl-5 text-muted marker:text-edge">
        {points.map((point, index) => (
          <li key={index}>{point}</li>
        ))}
      </ul>
    </div>
  )
}

/** What became of a plan, or the way to let it. */
function Outcome({ plan }: { plan: Plan }) {
  if (plan.workflowId) return <Scheduled workflowId={plan.workflowId} />
  return plan.executionId ? <Confirmed runId={plan.executionId} /> : <ConfirmForm plan={plan} />
}

function Scheduled({ workflowId }: { workflowId: string }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="flex items-center gap-2 text-sm text-muted">
        <CalendarClock aria-hidden size={16} />
        Scheduled. It runs by itself until its schedule is turned off.
      </p>
      <ButtonLink href={`/workflows/${workflowId}`}>See its schedule</ButtonLink>
    </div>
  )
}

function Confirmed({ runId }: { runId: string }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="flex items-center gap-2 text-sm text-muted">
        <ListChecks aria-hidden size={16} />
        Confirmed. A plan runs once; its workflow can run again.
      </p>
      <ButtonLink href={`/runs/${runId}`}>See what happened</ButtonLink>
    </div>
  )
}
