import { useState } from 'react'
import type { Hook } from '../../triggers/schema.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { OverlapField, USUAL_OVERLAP_SECONDS } from '../ui/overlap-field.tsx'
import { IssuedSecret } from './issued-secret.tsx'
import { useRotateWebhook } from './queries.ts'
import { SecretField } from './secret-field.tsx'

/** Gives a webhook another secret, and shows it. */
export function RotateDialog({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const [overlap, setOverlap] = useState(USUAL_OVERLAP_SECONDS)
  const [secret, setSecret] = useState('')
  const rotate = useRotateWebhook(hook)
  const submit = () => {
    rotate.mutate({ overlapMinutes: overlap / 60, ...(secret ? { secret } : {}) })
  }
  if (rotate.data)
    return (
      <Dialog key="issued" title="The new secret" onClose={onClose}>
        <IssuedSecret hook={rotate.data} onClose={onClose} />
      </Dialog>
    )
  return (
    <FormDialog
      title="Rotate the secret"
      submit="Rotate"
      busy={rotate.isPending}
      error={rotate.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <OverlapField
        label="The secret until now still works"
        seconds={overlap}
        hint={overlap === 0 ? 'Events signed with it are refused at once.' : 'Time to give the sender the new one.'}
        onChange={setOverlap}
      />
      <SecretField
        value={secret}
        standard={hook.signature.type === 'standard'}
        error={rotate.error}
        onChange={setSecret}
      />
    </FormDialog>
  )
}
