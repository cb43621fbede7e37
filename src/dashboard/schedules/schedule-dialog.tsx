import { useState } from 'react'
import type { Schedule } from '../../triggers/schema.ts'
import type { WorkflowDetail } from '../../workflows/schema.ts'
import { fieldError } from '../api/problem.ts'
import { InputFields } from '../inputs/input-fields.tsx'
import { entryError, initialEntries, toInput } from '../inputs/input-values.ts'
import { TextField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { inputsOf } from '../workflows/inputs-of.ts'
import { ownTimeZone } from '../lib/time-zone.ts'
import { useSaveSchedule } from './queries.ts'
import { TimetableFields } from './timetable-fields.tsx'

/** Makes a schedule of a workflow, or changes the one given. */
export function ScheduleDialog({
  workflow,
  schedule = null,
  onClose,
}: {
  workflow: WorkflowDetail
  schedule?: Schedule | null
  onClose: () => void
}) {
  const inputs = inputsOf(workflow.definition)
  const [name, setName] = useState(schedule?.name ?? '')
  const [timetable, setTimetable] = useState(() => ({
    cron: schedule?.cron ?? '0 8 * * *',
    timeZone: schedule?.timeZone ?? ownTimeZone(),
  }))
  const [entries, setEntries] = useState(() => initialEntries(inputs, schedule?.input))
  const save = useSaveSchedule(workflow.id, schedule?.id ?? null)
  const submit = () => {
    if (inputs.some((input) => entryError(input, entries[input.name] ?? ''))) return
    const { cron, timeZone } = timetable
    const input = toInput(inputs, entries)
    save.mutate(
      { name: name.trim() || null, cron: cron.trim(), timeZone: timeZone.trim(), input },
      { onSuccess: onClose },
    )
  }
  return (
    <FormDialog
      title={schedule ? 'Edit the schedule' : `Schedule ${workflow.name}`}
      submit={schedule ? 'Save' : 'Add the schedule'}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label="Name"
        optional
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={fieldError(save.error, '/name')}
      />
      <TimetableFields timetable={timetable} error={save.error} onChange={setTimetable} />
      {inputs.length > 0 && (
        <fieldset className="grid gap-4">
          <legend className="pb-3 text-sm text-muted">The values of every run</legend>
          <InputFields inputs={inputs} entries={entries} error={save.error} onChange={setEntries} />
        </fieldset>
      )}
    </FormDialog>
  )
}
