import { useState } from 'react'
import type { Profile } from '../../people/schema.ts'
import { textOf } from '../lib/form.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Section } from '../ui/section.tsx'
import { CurrentPasswordField } from './current-password-field.tsx'
import { useDisableTwoFactor } from './queries.ts'
import { RecoveryCodesDialog } from './recovery-codes.tsx'
import { SetUpTwoFactorDialog } from './set-up-two-factor.tsx'

/** Turns the second factor on or off, and makes new recovery codes. */
export function TwoFactor({ profile }: { profile: Profile }) {
  const { twoFactor } = profile
  const [open, setOpen] = useState<'set-up' | 'codes' | 'off' | null>(null)
  const close = () => setOpen(null)
  return (
    <Section
      title="Two-factor authentication"
      action={<Badge tone={twoFactor ? 'ok' : 'plain'}>{twoFactor ? 'On' : 'Off'}</Badge>}
    >
      <p className="max-w-prose text-sm text-muted">
        {twoFactor
          ? 'Signing in asks for a code of your authenticator app, or for a recovery code.'
          : 'Besides your password, signing in then asks for a code of an app on your phone.'}
      </p>
      <div className="flex flex-wrap gap-2">
        {!twoFactor && <Button onClick={() => setOpen('set-up')}>Set it up</Button>}
        {twoFactor && (
          <>
            <Button onClick={() => setOpen('codes')}>New recovery codes</Button>
            <Button onClick={() => setOpen('off')}>Turn it off</Button>
          </>
        )}
      </div>
      {open === 'set-up' && <SetUpTwoFactorDialog profile={profile} onClose={close} />}
      {open === 'codes' && <RecoveryCodesDialog profile={profile} onClose={close} />}
      {open === 'off' && <TurnOffDialog profile={profile} onClose={close} />}
    </Section>
  )
}

function TurnOffDialog({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  const disable = useDisableTwoFactor()
  return (
    <FormDialog
      title="Turn two-factor authentication off?"
      submit="Turn it off"
      look="danger"
      busy={disable.isPending}
      error={disable.error}
      onClose={onClose}
      onSubmit={(form) => disable.mutate(textOf(form, 'currentPassword'), { onSuccess: onClose })}
    >
      <p className="text-muted">Your password alone signs in then, and the recovery codes are worthless.</p>
      <CurrentPasswordField profile={profile} error={disable.error} />
    </FormDialog>
  )
}
