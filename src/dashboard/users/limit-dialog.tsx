import type { User } from '../../admin/schema.ts'
import { fieldError } from '../api/problem.ts'
import { textOf } from '../lib/form.ts'
import { TextField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useChangeUser } from './queries.ts'

/** Sets how many requests a minute all browsers of a person may send together. */
export function LimitDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { id, name, requestsPerMinute } = user
  const change = useChangeUser(id)
  const submit = (form: HTMLFormElement) =>
    change.mutate({ requestsPerMinute: Number(textOf(form, 'requestsPerMinute')) || null }, { onSuccess: onClose })
  return (
    <FormDialog
      title={`Limit of ${name}`}
      submit="Set the limit"
      busy={change.isPending}
      error={change.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label="Requests a minute"
        name="requestsPerMinute"
        type="number"
        optional
        min={1}
        step={1}
        defaultValue={requestsPerMinute ?? ''}
        hint="Of all their browsers together; their keys have limits of their own. Left empty it is 600, as for everybody."
        error={fieldError(change.error, '/requestsPerMinute')}
      />
    </FormDialog>
  )
}
