import type { FormEvent } from 'react'
import { Link } from 'wouter'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useForgotPassword } from './account-queries.ts'
import { AuthPage } from './auth-page.tsx'

/** Where a link is asked for to choose another password. */
export function ForgotPage() {
  const forgot = useForgotPassword()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    forgot.mutate(String(new FormData(event.currentTarget).get('email')))
  }
  const back = (
    <Link href="/login" className="font-medium text-accent-ink underline">
      Back to sign-in
    </Link>
  )
  return (
    <AuthPage title="Choose a new password" foot={back}>
      <form onSubmit={submit} className="grid gap-4">
        {forgot.isError && <ProblemNotice error={forgot.error} />}
        {forgot.isSuccess && (
          <Notice tone="ok" role="status" title="If there is an account with this address, a link is on its way." />
        )}
        <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
        <Button type="submit" look="primary" busy={forgot.isPending}>
          Send a link
        </Button>
      </form>
    </AuthPage>
  )
}
