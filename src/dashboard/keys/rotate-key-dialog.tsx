import { useState } from 'react'
import type { ApiKey } from '../../keys/schema.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { OverlapField, USUAL_OVERLAP_SECONDS } from '../ui/overlap-field.tsx'
import { IssuedToken } from './issued-token.tsx'
import { useRotateKey } from './queries.ts'

/** Gives a key another token, and shows it. */
export function RotateKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const [overlap, setOverlap] = useState(USUAL_OVERLAP_SECONDS)
  const rotate = useRotateKey(apiKey)
  const submit = () => {
    rotate.mutate(overlap)
  }
  if (rotate.data)
    return (
      <Dialog key="issued" title={`The new key of ${apiKey.name}`} onClose={onClose}>
        <IssuedToken token={rotate.data.token} onClose={onClose} />
      </Dialog>
    )
  return (
    <FormDialog
      title={`Rotate ${apiKey.name}`}
      submit="Rotate"
      busy={rotate.isPending}
      error={rotate.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <OverlapField
        label="The key until now still works"
        seconds={overlap}
        hint={overlap === 0 ? 'It is refused from now on.' : 'Time to put the new one where the old one is.'}
        onChange={setOverlap}
      />
    </FormDialog>
  )
}
