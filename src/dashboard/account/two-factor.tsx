import type { FormEvent } from 'react'
import type { TwoFactorSetup } from '../../people/schema.ts'
import { fieldError } from '../api/problem.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { TextField } from '../ui/field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { useConfirmTwoFactor, useDisableTwoFactor, useProfile, useSetUpTwoFactor } from './queries.ts'

const valueOf = (event: FormEvent<HTMLFormElement>, name: string) =>
  String(new FormData(event.currentTarget).get(name) ?? '')

/** Turns the second factor on or off. */
export function TwoFactor() {
  const profile = useProfile()
  const setUp = useSetUpTwoFactor()
  const disable = useDisableTwoFactor()
  if (!profile.data) return null
  const { twoFactor, hasPassword } = profile.data
  const change = twoFactor ? disable : setUp
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    change.mutate(valueOf(event, 'password'), { onSuccess: () => !twoFactor || setUp.reset() })
  }
  if (setUp.data && !twoFactor) return <Confirm setup={setUp.data} />
  return (
    <Section
      title="Two-factor authentication"
      action={<Badge tone={twoFactor ? 'ok' : 'plain'}>{twoFactor ? 'On' : 'Off'}</Badge>}
    >
      <form onSubmit={submit} className="grid max-w-sm gap-4">
        {change.isError && <ProblemNotice error={change.error} />}
        {hasPassword && (
          <TextField
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            error={fieldError(change.error, '/currentPassword')}
          />
        )}
        <Button type="submit" busy={change.isPending} className="justify-self-start">
          {twoFactor ? 'Turn off' : 'Set up'}
        </Button>
      </form>
    </Section>
  )
}

function Confirm({ setup }: { setup: TwoFactorSetup }) {
  const confirm = useConfirmTwoFactor()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    confirm.mutate(valueOf(event, 'code').trim())
  }
  return (
    <Section title="Two-factor authentication">
      <p className="max-w-prose text-sm text-muted">
        Add the key to your authenticator app, keep the recovery codes where you find them without it, then type the
        code that the app shows.
      </p>
      <CopyField label="Key" value={setup.secret} />
      <CopyField label="Recovery codes, each for once" value={setup.recoveryCodes.join(' ')} />
      <form onSubmit={submit} className="grid max-w-sm gap-4">
        {confirm.isError && <ProblemNotice error={confirm.error} />}
        <TextField label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" required />
        <Button type="submit" look="primary" busy={confirm.isPending} className="justify-self-start">
          Turn on
        </Button>
      </form>
    </Section>
  )
}
