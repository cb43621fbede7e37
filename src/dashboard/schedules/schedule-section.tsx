import { useState } from 'react'
import type { Schedule } from '../../triggers/schema.ts'
import type { WorkflowDetail } from '../../workflows/schema.ts'
import { TriggerSection } from '../triggers/trigger-section.tsx'
import { useSchedules } from './queries.ts'
import { ScheduleDialog } from './schedule-dialog.tsx'
import { ScheduleRow } from './schedule-row.tsx'

/** The times at which a workflow runs by itself. */
export function ScheduleSection({ workflow }: { workflow: WorkflowDetail }) {
  const [open, setOpen] = useState<Schedule | 'new' | null>(null)
  return (
    <TriggerSection
      title="Schedules"
      add="Add a schedule"
      empty="It does not run at set times."
      query={useSchedules(workflow.id)}
      onAdd={() => setOpen('new')}
      row={(schedule) => <ScheduleRow schedule={schedule} onEdit={() => setOpen(schedule)} />}
    >
      {open && (
        <ScheduleDialog workflow={workflow} schedule={open === 'new' ? null : open} onClose={() => setOpen(null)} />
      )}
    </TriggerSection>
  )
}
