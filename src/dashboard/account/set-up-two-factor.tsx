import type { Profile, TwoFactorSetup } from '../../people/schema.ts'
import { fieldError } from '../api/problem.ts'
import { textOf } from '../lib/form.ts'
import { CopyField } from '../ui/copy-field.tsx'
import { TextField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { CurrentPasswordField } from './current-password-field.tsx'
import { useConfirmTwoFactor, useSetUpTwoFactor } from './queries.ts'
import { RecoveryCodeList } from './recovery-codes.tsx'

/** Sets the second factor up: who is there, then the key for an app with the recovery codes, then the app's first code. */
export function SetUpTwoFactorDialog({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  const setUp = useSetUpTwoFactor()
  if (setUp.data) return <ConfirmDialog key="confirm" setup={setUp.data} onClose={onClose} />
  return (
    <FormDialog
      title="Set up two-factor authentication"
      submit="Go on"
      busy={setUp.isPending}
      error={setUp.error}
      onClose={onClose}
      onSubmit={(form) => setUp.mutate(textOf(form, 'currentPassword'))}
    >
      <p className="text-sm text-muted">You need an authenticator app on your phone.</p>
      <CurrentPasswordField profile={profile} error={setUp.error} />
    </FormDialog>
  )
}

function ConfirmDialog({ setup, onClose }: { setup: TwoFactorSetup; onClose: () => void }) {
  const confirm = useConfirmTwoFactor()
  return (
    <FormDialog
      title="Add the key to your app"
      submit="Turn it on"
      busy={confirm.isPending}
      error={confirm.error}
      onClose={onClose}
      onSubmit={(form) => confirm.mutate(textOf(form, 'code').trim(), { onSuccess: onClose })}
    >
      <p className="text-sm text-muted">Scan this with the app, or type the key.</p>
      <QrCode text={setup.totpUri} label="QR code of the key" className="size-52 justify-self-center" />
      <CopyField label="Key" value={setup.secret} hint="Type or paste it into the app, as a key based on time." />
      <a
        href={setup.totpUri}
        className="justify-self-start text-sm font-medium text-accent-ink underline underline-offset-2"
      >
        Open the app of this device
      </a>
      <RecoveryCodeList codes={setup.recoveryCodes} />
      <TextField
        label="Code that the app shows"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        error={fieldError(confirm.error, '/code')}
      />
    </FormDialog>
  )
}
