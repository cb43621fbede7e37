import { useState } from 'react'
import type { Hook } from '../../triggers/schema.ts'
import { jsonError } from '../lib/json.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { draftOf, toHookEdit } from './draft.ts'
import { useUpdateWebhook } from './queries.ts'
import { WebhookFields } from './webhook-fields.tsx'

/** Changes a webhook; its URL, its secret and how it is signed stay. */
export function EditWebhookDialog({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(hook))
  const update = useUpdateWebhook(hook)
  const submit = () => {
    if (jsonError(draft.input.trim()) === undefined) update.mutate(toHookEdit(draft), { onSuccess: onClose })
  }
  return (
    <FormDialog
      title="Edit the webhook"
      submit="Save"
      busy={update.isPending}
      error={update.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <WebhookFields
        isNew={false}
        draft={draft}
        error={update.error}
        onChange={(change) => setDraft({ ...draft, ...change })}
      />
    </FormDialog>
  )
}
