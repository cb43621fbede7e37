import type { FormEvent } from 'react'
import { fieldError } from '../api/problem.ts'
import { textOf } from '../lib/form.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { useChangePassword } from './queries.ts'
import { NewPasswordField } from '../auth/new-password-field.tsx'

/** Changes the password of whoever is signed in. */
export function Password() {
  const change = useChangePassword()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const passwords = { currentPassword: textOf(form, 'current'), password: textOf(form, 'password') }
    change.mutate(passwords, { onSuccess: () => form.reset() })
  }
  return (
    <Section title="Password">
      <form onSubmit={submit} className="grid max-w-sm gap-4">
        {change.isError && <ProblemNotice error={change.error} />}
        {change.isSuccess && <Notice tone="ok" role="status" title="Changed. Other sessions are signed out." />}
        <TextField
          label="Current password"
          name="current"
          type="password"
          autoComplete="current-password"
          required
          error={fieldError(change.error, '/currentPassword')}
        />
        <NewPasswordField label="New password" error={change.error} />
        <Button type="submit" busy={change.isPending} className="justify-self-start">
          Change password
        </Button>
      </form>
    </Section>
  )
}
