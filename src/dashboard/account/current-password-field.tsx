import type { Profile } from '../../people/schema.ts'
import { fieldError } from '../api/problem.ts'
import { TextField } from '../ui/field.tsx'

/** Asks for the password that proves who is there; an account without one proves it by having signed in just now. */
export function CurrentPasswordField({ profile, error }: { profile: Profile; error: unknown }) {
  if (!profile.hasPassword) return null
  return (
    <TextField
      label="Password"
      name="currentPassword"
      type="password"
      autoComplete="current-password"
      required
      error={fieldError(error, '/currentPassword')}
    />
  )
}
