import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Schedule } from '../../triggers/schema.ts'
import type { WorkflowDetail } from '../../workflows/schema.ts'
import { Button } from '../ui/button.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { NoRows, Rows } from '../ui/rows.tsx'
import { Section } from '../ui/section.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { useSchedules } from './queries.ts'
import { ScheduleDialog } from './schedule-dialog.tsx'
import { ScheduleRow } from './schedule-row.tsx'

/** The times at which a workflow runs by itself. */
export function ScheduleSection({ workflow }: { workflow: WorkflowDetail }) {
  const schedules = useSchedules(workflow.id)
  const [open, setOpen] = useState<Schedule | 'new' | null>(null)
  const add = (
    <Button onClick={() => setOpen('new')}>
      <Plus aria-hidden size={16} />
      Add a schedule
    </Button>
  )
  return (
    <Section title="Schedules" action={add}>
      {schedules.isPending && <CardsSkeleton cards={1} />}
      {schedules.isError && <ProblemNotice error={schedules.error} onRetry={() => void schedules.refetch()} />}
      {schedules.isSuccess && schedules.items.length === 0 && <NoRows>It does not run at set times.</NoRows>}
      {schedules.items.length > 0 && (
        <Rows aria-label="Schedules">
          {schedules.items.map((schedule) => (
            <li key={schedule.id}>
              <ScheduleRow schedule={schedule} onEdit={() => setOpen(schedule)} />
            </li>
          ))}
        </Rows>
      )}
      <LoadMore query={schedules} />
      {open && (
        <ScheduleDialog workflow={workflow} schedule={open === 'new' ? null : open} onClose={() => setOpen(null)} />
      )}
    </Section>
  )
}
