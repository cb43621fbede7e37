import { useId } from 'react'
import { fieldError } from '../api/problem.ts'
import { useSettled } from '../lib/use-settled.ts'
import { SelectField, TextField } from '../ui/field.tsx'
import { Bar } from '../ui/skeleton.tsx'
import { momentIn, PRESETS, timeZones } from './presets.ts'
import { usePreview } from './queries.ts'

/** When to run: a cron expression and the clocks it is read on. */
export type Timetable = { cron: string; timeZone: string }

/** Asks for a timetable, and shows the next times it gives. `error` is of the attempt to store it. */
export function TimetableFields({
  timetable,
  error,
  onChange,
}: {
  timetable: Timetable
  error: unknown
  onChange: (timetable: Timetable) => void
}) {
  const { cron, timeZone } = timetable
  const zones = useId()
  const settled = { cron: useSettled(cron.trim()), timeZone: useSettled(timeZone.trim()) }
  const preview = usePreview(settled.cron, settled.timeZone)
  const wrong = (path: string) => fieldError(preview.error, path) ?? fieldError(error, path)
  return (
    <div className="grid gap-4">
      <SelectField
        label="How often"
        value={PRESETS.some(([preset]) => preset === cron) ? cron : ''}
        onChange={(event) => onChange({ ...timetable, cron: event.target.value })}
      >
        {PRESETS.map(([preset, words]) => (
          <option key={preset} value={preset}>
            {words}
          </option>
        ))}
        <option value="">As I write it below</option>
      </SelectField>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <TextField
          label="Cron expression"
          required
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          className="font-mono"
          placeholder="30 7 * * 1-5"
          hint="Minute, hour, day, month, weekday"
          value={cron}
          onChange={(event) => onChange({ ...timetable, cron: event.target.value })}
          error={wrong('/cron')}
        />
        <TextField
          label="Time zone"
          required
          maxLength={100}
          spellCheck={false}
          autoComplete="off"
          list={zones}
          hint="A name such as Europe/Berlin"
          value={timeZone}
          onChange={(event) => onChange({ ...timetable, timeZone: event.target.value })}
          error={wrong('/timeZone')}
        />
        <datalist id={zones}>
          {timeZones().map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
      <NextTimes preview={preview} timeZone={settled.timeZone} />
    </div>
  )
}

function NextTimes({ preview, timeZone }: { preview: ReturnType<typeof usePreview>; timeZone: string }) {
  const id = useId()
  if (!preview.data && !preview.isFetching) return null
  return (
    <div className="grid gap-1.5 rounded-lg bg-sunken px-3 py-2.5 text-sm" aria-live="polite">
      <p id={id} className="font-medium">
        The next times in {timeZone}
      </p>
      {preview.data ? (
        <ol aria-labelledby={id} className="grid gap-0.5 text-muted tabular-nums sm:grid-cols-2">
          {preview.data.map((at) => (
            <li key={at}>
              <time dateTime={at} title={new Date(at).toLocaleString()}>
                {momentIn(timeZone, at)}
              </time>
            </li>
          ))}
        </ol>
      ) : (
        <Bar className="h-16 w-3/4" />
      )}
    </div>
  )
}
