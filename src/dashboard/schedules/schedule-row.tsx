import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Schedule } from '../../triggers/schema.ts'
import { until } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Fact } from '../ui/fact.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Switch } from '../ui/switch.tsx'
import { Time } from '../ui/time.tsx'
import { momentIn, PRESETS } from './presets.ts'
import { useDeleteSchedule, useSwitchSchedule } from './queries.ts'

/** One schedule: when it runs next, what became of the last time, and the ways to change it. */
export function ScheduleRow({ schedule, onEdit }: { schedule: Schedule; onEdit: () => void }) {
  const { cron, timeZone, enabled, nextRunAt, lastDueAt, lastError } = schedule
  const [asking, setAsking] = useState(false)
  const turn = useSwitchSchedule(schedule)
  const name = schedule.name ?? PRESETS.find(([preset]) => preset === cron)?.[1] ?? 'Schedule'
  // Read out without what stands beside it, one is told from another by its timetable.
  const label = schedule.name ?? `${name}, ${cron}`
  return (
    <div className="grid gap-3 px-4 py-3.5 sm:px-5">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <div className="min-w-0">
          <h3 className="text-[0.9375rem]">{name}</h3>
          <p className="text-sm text-muted">
            <code className="font-mono text-xs">{cron}</code> · {timeZone}
          </p>
        </div>
        <div className="flex shrink-0 items-center gap-1">
          <Switch
            label={`Run on schedule: ${label}`}
            on={enabled}
            busy={turn.isPending}
            onChange={(on) => turn.mutate(on)}
          />
          <Button look="quiet" className="px-2.5" aria-label={`Edit ${label}`} onClick={onEdit}>
            <Pencil aria-hidden size={16} />
          </Button>
          <Button look="quiet" className="px-2.5" aria-label={`Delete ${label}`} onClick={() => setAsking(true)}>
            <Trash2 aria-hidden size={17} />
          </Button>
        </div>
      </div>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2">
        <Fact term="Next run">
          {nextRunAt ? (
            <time dateTime={nextRunAt} title={new Date(nextRunAt).toLocaleString()}>
              {momentIn(timeZone, nextRunAt)} <span className="text-muted">({until(nextRunAt)})</span>
            </time>
          ) : (
            <span className="text-muted">None while it is off</span>
          )}
        </Fact>
        <Fact term="Last run">
          <LastRun schedule={schedule} />
        </Fact>
      </dl>
      {lastDueAt && lastError && (
        <Notice tone="danger" title="The last time it could not be run">
          <p>{lastError.message}</p>
        </Notice>
      )}
      {turn.isError && <ProblemNotice error={turn.error} />}
      {asking && <DeleteDialog schedule={schedule} name={name} onClose={() => setAsking(false)} />}
    </div>
  )
}

function LastRun({ schedule: { lastDueAt, lastRunId } }: { schedule: Schedule }) {
  if (!lastDueAt) return <span className="text-muted">Not yet</span>
  if (!lastRunId) return <Time at={lastDueAt} />
  return (
    <Link href={`/runs/${lastRunId}`} className="text-accent-ink underline underline-offset-2">
      <Time at={lastDueAt} />
    </Link>
  )
}

function DeleteDialog({ schedule, name, onClose }: { schedule: Schedule; name: string; onClose: () => void }) {
  const remove = useDeleteSchedule(schedule)
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirm="Delete"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate()}
    >
      The workflow no longer runs at these times. The runs it started stay.
    </ConfirmDialog>
  )
}
