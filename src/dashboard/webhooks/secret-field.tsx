import { fieldError } from '../api/problem.ts'
import { TextField } from '../ui/field.tsx'

/** Asks for a secret that the sender has already; left empty, a new one is made. */
export function SecretField({
  value,
  standard,
  error,
  onChange,
}: {
  value: string
  standard: boolean
  error: unknown
  onChange: (secret: string) => void
}) {
  return (
    <TextField
      label="Secret of the sender’s own"
      optional
      type="password"
      autoComplete="off"
      minLength={16}
      maxLength={200}
      hint={`Left empty, a new one is made. ${standard ? 'It begins whsec_, with 24 to 64 bytes in base64.' : 'At least 16 characters.'}`}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={fieldError(error, '/secret')}
    />
  )
}
