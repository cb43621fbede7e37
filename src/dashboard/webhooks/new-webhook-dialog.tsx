import { useState } from 'react'
import type { WorkflowDetail } from '../../workflows/schema.ts'
import { jsonError } from '../lib/json.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { inputsOf } from '../workflows/inputs-of.ts'
import { newDraft, toNewHook } from './draft.ts'
import { IssuedSecret } from './issued-secret.tsx'
import { useCreateWebhook } from './queries.ts'
import { WebhookFields } from './webhook-fields.tsx'

/** Makes a webhook of a workflow, then shows its URL and its secret. */
export function NewWebhookDialog({ workflow, onClose }: { workflow: WorkflowDetail; onClose: () => void }) {
  const [draft, setDraft] = useState(() => newDraft(inputsOf(workflow.definition)))
  const create = useCreateWebhook(workflow.id)
  const submit = () => {
    if (jsonError(draft.input.trim()) === undefined) create.mutate(toNewHook(draft))
  }
  if (create.data)
    return (
      <Dialog key="issued" title="The webhook is ready" onClose={onClose}>
        <IssuedSecret hook={create.data} onClose={onClose} />
      </Dialog>
    )
  return (
    <FormDialog
      title={`Webhook for ${workflow.name}`}
      submit="Add the webhook"
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <WebhookFields
        isNew
        draft={draft}
        error={create.error}
        onChange={(change) => setDraft({ ...draft, ...change })}
      />
    </FormDialog>
  )
}
