import { useState, type FormEvent } from 'react'
import type { Hook } from '../../triggers/schema.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { OverlapField, USUAL_OVERLAP_SECONDS } from '../ui/overlap-field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { IssuedSecret } from './issued-secret.tsx'
import { useRotateWebhook } from './queries.ts'
import { SecretField } from './secret-field.tsx'

/** Gives a webhook another secret, and shows it. */
export function RotateDialog({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const [overlap, setOverlap] = useState(USUAL_OVERLAP_SECONDS)
  const [secret, setSecret] = useState('')
  const rotate = useRotateWebhook(hook)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    rotate.mutate({ overlapMinutes: overlap / 60, ...(secret ? { secret } : {}) })
  }
  if (rotate.data)
    return (
      <Dialog key="issued" title="The new secret" onClose={onClose}>
        <IssuedSecret hook={rotate.data} onClose={onClose} />
      </Dialog>
    )
  return (
    <Dialog title="Rotate the secret" onClose={onClose}>
      <form onSubmit={submit} className="grid gap-5">
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
        {rotate.isError && <ProblemNotice error={rotate.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={rotate.isPending}>
            Rotate
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
