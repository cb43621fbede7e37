import type { FormEvent } from 'react'
import { Link, useSearch } from 'wouter'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useResetPassword } from './account-queries.ts'
import { AuthPage } from './auth-page.tsx'
import { NewPasswordField } from './new-password-field.tsx'

/** Where the link of a mail leads to choose another password. */
export function ResetPage() {
  const reset = useResetPassword()
  const proof = new URLSearchParams(useSearch()).get('proof') ?? ''
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    reset.mutate({ proof, password: String(new FormData(event.currentTarget).get('password')) })
  }
  const back = (
    <Link href="/login" className="font-medium text-accent-ink underline">
      Sign in
    </Link>
  )
  return (
    <AuthPage title="Choose a new password" foot={back}>
      {reset.isSuccess ? (
        <Notice tone="ok" role="status" title="Your password is changed, and you are signed out everywhere." />
      ) : (
        <form onSubmit={submit} className="grid gap-4">
          {reset.isError && <ProblemNotice error={reset.error} />}
          <NewPasswordField label="New password" error={reset.error} />
          <Button type="submit" look="primary" busy={reset.isPending}>
            Change password
          </Button>
        </form>
      )}
    </AuthPage>
  )
}
