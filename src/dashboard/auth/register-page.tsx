import type { FormEvent } from 'react'
import { Link, useSearch } from 'wouter'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { fieldError } from '../api/problem.ts'
import { AuthPage } from './auth-page.tsx'
import { useRegister } from './session.ts'
import { NewPasswordField } from './new-password-field.tsx'

/** Create an account. */
export function RegisterPage() {
  const register = useRegister()
  const search = useSearch()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const read = (name: string) => String(form.get(name))
    register.mutate({ name: read('name'), email: read('email'), password: read('password') })
  }
  const foot = (
    <>
      Have an account?{' '}
      <Link href={search ? `/login?${search}` : '/login'} className="font-medium text-accent-ink underline">
        Sign in
      </Link>
    </>
  )
  if (register.data && 'verificationRequired' in register.data.data)
    return (
      <AuthPage title="Look into your mail" foot={foot}>
        <p>Open the link that was just sent to you; then sign in.</p>
      </AuthPage>
    )
  return (
    <AuthPage title="Create your account" foot={foot}>
      <form onSubmit={submit} className="grid gap-4">
        {register.isError && <ProblemNotice error={register.error} />}
        <TextField
          label="Name"
          name="name"
          autoComplete="name"
          required
          maxLength={100}
          error={fieldError(register.error, '/name')}
        />
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          error={fieldError(register.error, '/email')}
        />
        <NewPasswordField label="Password" error={register.error} />
        <Button type="submit" look="primary" busy={register.isPending}>
          Create account
        </Button>
      </form>
    </AuthPage>
  )
}
