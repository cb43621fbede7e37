import { useState, type FormEvent } from 'react'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useSecondFactor } from './account-queries.ts'

/** The second half of a sign-in: the code of an app, or a recovery code where the app is out of reach. */
export function SecondFactorForm() {
  const giving = useSecondFactor()
  const [recovery, setRecovery] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    giving.mutate({ code: String(new FormData(event.currentTarget).get('code')).trim(), recovery })
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      {giving.isError && <ProblemNotice error={giving.error} />}
      <TextField
        key={String(recovery)}
        label={recovery ? 'Recovery code' : 'Code'}
        name="code"
        autoComplete="one-time-code"
        inputMode={recovery ? 'text' : 'numeric'}
        hint={recovery ? 'Each works once.' : 'Six digits, from your authenticator app.'}
        autoFocus
        required
      />
      <Button type="submit" look="primary" busy={giving.isPending}>
        Sign in
      </Button>
      <Button type="button" look="quiet" onClick={() => setRecovery(!recovery)}>
        {recovery ? 'Use the app instead' : 'Use a recovery code'}
      </Button>
    </form>
  )
}
