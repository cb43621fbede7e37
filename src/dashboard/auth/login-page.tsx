import type { FormEvent } from 'react'
import { Link, useSearch } from 'wouter'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { fieldError } from '../api/problem.ts'
import { AuthPage } from './auth-page.tsx'
import { useSignIn } from './session.ts'

/** Sign in. */
export function LoginPage() {
  const signIn = useSignIn()
  const search = useSearch()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    signIn.mutate({ email: String(form.get('email')), password: String(form.get('password')) })
  }
  const foot = (
    <>
      New here?{' '}
      <Link href={search ? `/register?${search}` : '/register'} className="font-medium text-accent-ink underline">
        Create an account
      </Link>
    </>
  )
  return (
    <AuthPage title="Sign in to APIQ" foot={foot}>
      <form onSubmit={submit} className="grid gap-4">
        {signIn.isError && <ProblemNotice error={signIn.error} />}
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          error={fieldError(signIn.error, '/email')}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={fieldError(signIn.error, '/password')}
        />
        <Button type="submit" look="primary" busy={signIn.isPending}>
          Sign in
        </Button>
      </form>
    </AuthPage>
  )
}
