import type { FormEvent } from 'react'
import { Link, useSearch } from 'wouter'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { fieldError } from '../api/problem.ts'
import { AuthPage } from './auth-page.tsx'
import { ProviderLinks } from './provider-links.tsx'
import { SecondFactorForm } from './second-factor-form.tsx'
import { useSignIn } from './session.ts'

const PROVIDER_FAILED = 'Signing in by the provider failed. Begin again.'
const PROVIDER_FAILURES: Readonly<Record<string, string>> = {
  ACCOUNT_DISABLED: 'The account is disabled. Ask an administrator.',
  NOT_FOUND: 'This deployment is not registered at that provider.',
}

/** Sign in. */
export function LoginPage() {
  const signIn = useSignIn()
  const search = useSearch()
  const told = new URLSearchParams(search)
  const failed = told.get('sign_in_error')
  // A provider has vouched for them already; the server sends them here for the rest.
  const isHalfIn = told.get('second_factor') === 'required'
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
  if (isHalfIn || (signIn.data && 'twoFactorRequired' in signIn.data.data))
    return (
      <AuthPage title="One more step" foot={foot}>
        <SecondFactorForm />
      </AuthPage>
    )
  return (
    <AuthPage title="Sign in to APIQ" foot={foot}>
      <form onSubmit={submit} className="grid gap-4">
        {failed && <Notice tone="danger" role="alert" title={PROVIDER_FAILURES[failed] ?? PROVIDER_FAILED} />}
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
        <Link href="/forgot-password" className="text-center text-sm text-accent-ink underline">
          Forgot your password?
        </Link>
        <ProviderLinks />
      </form>
    </AuthPage>
  )
}
