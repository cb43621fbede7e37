import { useState, type FormEvent } from 'react'
import type { Hook } from '../../triggers/schema.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { SelectField } from '../ui/field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { IssuedSecret } from './issued-secret.tsx'
import { useRotateWebhook } from './queries.ts'
import { SecretField } from './secret-field.tsx'

const OVERLAPS = [
  [1440, 'For another day'],
  [10_080, 'For another week'],
  [60, 'For another hour'],
  [0, 'No longer'],
] as const

/** Gives a webhook another secret, and shows it. */
export function RotateDialog({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const [overlapMinutes, setOverlap] = useState<number>(1440)
  const [secret, setSecret] = useState('')
  const rotate = useRotateWebhook(hook)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    rotate.mutate({ overlapMinutes, ...(secret ? { secret } : {}) })
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
        <SelectField
          label="The secret until now still works"
          value={overlapMinutes}
          hint={
            overlapMinutes === 0 ? 'Events signed with it are refused at once.' : 'Time to give the sender the new one.'
          }
          onChange={(event) => setOverlap(Number(event.target.value))}
        >
          {OVERLAPS.map(([minutes, words]) => (
            <option key={minutes} value={minutes}>
              {words}
            </option>
          ))}
        </SelectField>
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
