import type { ReactNode } from 'react'
import { fieldError } from '../api/problem.ts'
import { SelectField } from '../ui/field.tsx'

/** When a key expires, counted from now; `children` are further choices, before the others. */
export function ExpiryField({
  days,
  error,
  onChange,
  children,
}: {
  days: string
  error: unknown
  onChange: (days: string) => void
  children?: ReactNode
}) {
  return (
    <SelectField
      label="It expires"
      value={days}
      error={fieldError(error, '/expiresAt')}
      onChange={({ target }) => onChange(target.value)}
    >
      {children}
      <option value="30">in 30 days</option>
      <option value="90">in 90 days</option>
      <option value="365">in a year</option>
      <option value="">never</option>
    </SelectField>
  )
}
