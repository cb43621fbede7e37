import { CalendarClock, type LucideIcon, Webhook } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Plan } from '../../planner/schema.ts'
import { momentIn } from '../schedules/presets.ts'
import { usePreview } from '../schedules/queries.ts'

const SHOWN = 3

/** When a plan is to run again and again: in words, and the next times. */
export function PlanTimes({ schedule: { cron, timeZone, words } }: { schedule: NonNullable<Plan['schedule']> }) {
  const { data: times } = usePreview(cron, timeZone)
  return (
    <When icon={CalendarClock} title={`Runs ${words}`}>
      <code className="font-mono text-xs">{cron}</code> · {timeZone}
      {times &&
        ` · next ${times
          .slice(0, SHOWN)
          .map((at) => momentIn(timeZone, at))
          .join('; ')}`}
    </When>
  )
}

/** What a plan is to be done each time for, and how it is told of that. */
export function PlanEvent({ event: { said, noun } }: { event: NonNullable<Plan['event']> }) {
  return (
    <When icon={Webhook} title={`Each time: ${said}`}>
      Nobody waits for that here. Save it as a workflow and add a webhook there, which the API calls with the {noun}.
    </When>
  )
}

function When({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children: ReactNode }) {
  return (
    <section aria-label="When" className="flex gap-3 rounded-xl bg-sunken px-4 py-3">
      <Icon aria-hidden size={18} className="mt-0.5 shrink-0 text-muted" />
      <div className="grid min-w-0 gap-0.5">
        <p className="font-medium">{title}</p>
        <p className="text-sm text-muted">{children}</p>
      </div>
    </section>
  )
}
