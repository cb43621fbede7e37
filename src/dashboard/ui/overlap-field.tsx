import { SelectField } from './field.tsx'

const OVERLAPS = [
  [86_400, 'For another day'],
  [604_800, 'For another week'],
  [3600, 'For another hour'],
  [0, 'No longer'],
] as const

/** How long a secret that is being replaced still works is asked in these steps; a day, until somebody says otherwise. */
export const USUAL_OVERLAP_SECONDS = 86_400

type Props = { label: string; seconds: number; hint: string; onChange: (seconds: number) => void }

/** How long a secret that is being replaced still works. */
export function OverlapField({ label, seconds, hint, onChange }: Props) {
  return (
    <SelectField label={label} value={seconds} hint={hint} onChange={({ target }) => onChange(Number(target.value))}>
      {OVERLAPS.map(([each, words]) => (
        <option key={each} value={each}>
          {words}
        </option>
      ))}
    </SelectField>
  )
}
