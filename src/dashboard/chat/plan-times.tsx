import { CalendarClock } from 'lucide-react'
import type { Plan } from '../../planner/schema.ts'
import { momentIn } from '../schedules/presets.ts'
import { usePreview } from '../schedules/queries.ts'

const SHOWN = 3

/** When a plan is to run again and again: in words, and the next times. */
export function PlanTimes({ schedule: { cron, timeZone, words } }: { schedule: NonNullable<Plan['schedule']> }) {
  const { data: times } = usePreview(cron, timeZone)
  return (
    <section aria-label="When" className="flex gap-3 rounded-xl bg-sunken px-4 py-3">
      <CalendarClock aria-hidden size={18} className="mt-0.5 shrink-0 text-muted" />
      <div className="grid min-w-0 gap-0.5">
        <p className="font-medium">Runs {words}</p>
        <p className="text-sm text-muted">
          <code className="font-mono text-xs">{cron}</code> · {timeZone}
          {times &&
            ` · next ${times
              .slice(0, SHOWN)
              .map((at) => momentIn(timeZone, at))
              .join('; ')}`}
        </p>
      </div>
    </section>
  )
}
