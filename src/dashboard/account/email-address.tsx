import type { Profile } from '../../people/schema.ts'
import { fieldError } from '../api/problem.ts'
import { textOf } from '../lib/form.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { CurrentPasswordField } from './current-password-field.tsx'
import { useChangeEmail, useResendVerification } from './queries.ts'

/** The address somebody signs in with: whether it is confirmed, and how it becomes another. */
export function EmailAddress({ profile }: { profile: Profile }) {
  const { email, emailVerified } = profile
  return (
    <Section
      title="E-mail"
      action={<Badge tone={emailVerified ? 'ok' : 'warn'}>{emailVerified ? 'Confirmed' : 'Not confirmed'}</Badge>}
    >
      {!emailVerified && <Confirm email={email} />}
      <Change profile={profile} />
    </Section>
  )
}

function Confirm({ email }: { email: string }) {
  const resend = useResendVerification()
  return (
    <div className="grid justify-items-start gap-3">
      <p className="text-sm text-muted">Open the link in the mail to {email} to confirm it.</p>
      {resend.isError && <ProblemNotice error={resend.error} />}
      {resend.isSuccess ? (
        <Notice tone="ok" role="status" title={`A link is on its way to ${email}.`} />
      ) : (
        <Button busy={resend.isPending} onClick={() => resend.mutate(email)}>
          Send the link again
        </Button>
      )}
    </div>
  )
}

function Change({ profile }: { profile: Profile }) {
  const change = useChangeEmail()
  return (
    <form
      className="grid max-w-sm gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        const form = event.currentTarget
        const currentPassword = textOf(form, 'currentPassword')
        change.mutate(
          { email: textOf(form, 'email').trim(), ...(currentPassword && { currentPassword }) },
          { onSuccess: () => form.reset() },
        )
      }}
    >
      {change.isError && <ProblemNotice error={change.error} />}
      {change.isSuccess && (
        <Notice tone="ok" role="status" title={`A link is on its way to ${change.variables.email}.`}>
          <p>Your address changes once it is opened. Until then the old one holds.</p>
        </Notice>
      )}
      <TextField
        label="New e-mail"
        name="email"
        type="email"
        required
        maxLength={254}
        autoComplete="email"
        error={fieldError(change.error, '/email')}
      />
      <CurrentPasswordField profile={profile} error={change.error} />
      <Button type="submit" busy={change.isPending} className="justify-self-start">
        Change the e-mail
      </Button>
    </form>
  )
}
