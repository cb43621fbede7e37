import { fieldError } from '../api/problem.ts'
import { TextField } from '../ui/field.tsx'

/** Where somebody chooses a password; its form sends it as `password`. */
export function NewPasswordField({ label, error }: { label: string; error: unknown }) {
  return (
    <TextField
      label={label}
      name="password"
      type="password"
      autoComplete="new-password"
      required
      minLength={10}
      maxLength={200}
      hint="At least 10 characters."
      error={fieldError(error, '/password')}
    />
  )
}
