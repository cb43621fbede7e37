import type { Profile } from '../../people/schema.ts'
import { textOf } from '../lib/form.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Notice } from '../ui/notice.tsx'
import { CurrentPasswordField } from './current-password-field.tsx'
import { useRenewRecoveryCodes } from './queries.ts'

/** Makes recovery codes in place of the former, and shows them this once. */
export function RecoveryCodesDialog({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  const renew = useRenewRecoveryCodes()
  if (renew.data)
    return (
      <Dialog key="codes" title="Your recovery codes" onClose={onClose}>
        <RecoveryCodeList codes={renew.data.recoveryCodes} />
        <Button look="primary" className="justify-self-end" onClick={onClose}>
          I have kept them
        </Button>
      </Dialog>
    )
  return (
    <FormDialog
      title="Make new recovery codes"
      submit="Make new codes"
      busy={renew.isPending}
      error={renew.error}
      onClose={onClose}
      onSubmit={(form) => renew.mutate(textOf(form, 'currentPassword'))}
    >
      <p className="text-sm text-muted">The former codes are worthless from then on.</p>
      <CurrentPasswordField profile={profile} error={renew.error} />
    </FormDialog>
  )
}

/** Recovery codes to be kept elsewhere. */
export function RecoveryCodeList({ codes }: { codes: readonly string[] }) {
  return (
    <div className="grid gap-3">
      <Notice tone="warn" title="Keep these codes now">
        <p>They are shown this once. Each signs you in once when you are without your phone.</p>
      </Notice>
      <div className="flex items-start gap-2 rounded-lg border border-line bg-sunken p-3">
        <ul aria-label="Recovery codes" className="grid flex-1 grid-cols-2 gap-x-4 gap-y-1 font-mono text-sm">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <CopyButton text={codes.join('\n')} what="the recovery codes" className="size-8 hover:bg-surface" />
      </div>
    </div>
  )
}
