import { useState, type FormEvent } from 'react'
import type { ApiKey } from '../../keys/schema.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { OverlapField, USUAL_OVERLAP_SECONDS } from '../ui/overlap-field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { IssuedToken } from './issued-token.tsx'
import { useRotateKey } from './queries.ts'

/** Gives a key another token, and shows it. */
export function RotateKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const [overlap, setOverlap] = useState(USUAL_OVERLAP_SECONDS)
  const rotate = useRotateKey(apiKey)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    rotate.mutate(overlap)
  }
  if (rotate.data)
    return (
      <Dialog key="issued" title={`The new key of ${apiKey.name}`} onClose={onClose}>
        <IssuedToken token={rotate.data.token} onClose={onClose} />
      </Dialog>
    )
  return (
    <Dialog title={`Rotate ${apiKey.name}`} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-5">
        <OverlapField
          label="The key until now still works"
          seconds={overlap}
          hint={overlap === 0 ? 'It is refused from now on.' : 'Time to put the new one where the old one is.'}
          onChange={setOverlap}
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
