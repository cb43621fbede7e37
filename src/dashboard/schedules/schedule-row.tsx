import type { Schedule } from '../../triggers/schema.ts'
import { until } from '../lib/text.ts'
import { TriggerRow, type TriggerWords } from '../triggers/trigger-row.tsx'
import { Fact } from '../ui/fact.tsx'
import { momentIn, PRESETS } from './presets.ts'
import { useDeleteSchedule, useSwitchSchedule } from './queries.ts'

const WORDS: TriggerWords = {
  turn: 'Run on schedule',
  last: 'Last run',
  problem: 'The last time it could not be run',
  removal: 'The workflow no longer runs at these times. The runs it started stay.',
}

/** One schedule: when it runs next, what became of the last time, and the ways to change it. */
export function ScheduleRow({ schedule, onEdit }: { schedule: Schedule; onEdit: () => void }) {
  const { cron, timeZone, enabled, nextRunAt, lastDueAt, lastRun, lastError } = schedule
  const name = schedule.name ?? PRESETS.find(([preset]) => preset === cron)?.[1] ?? 'Schedule'
  return (
    <TriggerRow
      name={name}
      label={schedule.name ?? `${name}, ${cron}`}
      about={
        <p className="text-sm text-muted">
          <code className="font-mono text-xs">{cron}</code> · {timeZone}
        </p>
      }
      facts={
        <Fact term="Next run">
          {nextRunAt ? (
            <time dateTime={nextRunAt} title={new Date(nextRunAt).toLocaleString()}>
              {momentIn(timeZone, nextRunAt)} <span className="text-muted">({until(nextRunAt)})</span>
            </time>
          ) : (
            <span className="text-muted">None while it is off</span>
          )}
        </Fact>
      }
      enabled={enabled}
      last={{ at: lastDueAt, run: lastRun, problem: lastError }}
      words={WORDS}
      turn={useSwitchSchedule(schedule)}
      remove={useDeleteSchedule(schedule)}
      onEdit={onEdit}
    />
  )
}
