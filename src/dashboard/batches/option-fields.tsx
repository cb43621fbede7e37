import { TextField } from '../ui/field.tsx'

/** How a batch is to run; `concurrency` as it stands in its field. */
export type Options = { concurrency: string; skipInvalid: boolean }

/** How many run at a time, and what becomes of rows that do not fit. */
export function OptionFields({ options, onChange }: { options: Options; onChange: (options: Options) => void }) {
  return (
    <div className="grid items-start gap-5 sm:grid-cols-2">
      <TextField
        label="Runs at the same time"
        type="number"
        required
        min={1}
        max={50}
        hint="1 to 50"
        value={options.concurrency}
        onChange={(event) => onChange({ ...options, concurrency: event.target.value })}
      />
      <label className="flex items-start gap-2.5 sm:pt-7">
        <input
          type="checkbox"
          className="mt-1 size-4 accent-accent"
          checked={options.skipInvalid}
          onChange={(event) => onChange({ ...options, skipInvalid: event.target.checked })}
        />
        <span className="grid">
          <span className="text-sm font-medium">Leave out rows that do not fit</span>
          <span className="text-xs text-muted">Otherwise nothing starts until all of them do.</span>
        </span>
      </label>
    </div>
  )
}
