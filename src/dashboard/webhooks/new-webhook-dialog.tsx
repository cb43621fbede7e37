import { useState, type FormEvent } from 'react'
import type { WorkflowDetail } from '../../workflows/schema.ts'
import { jsonError } from '../lib/json.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { inputsOf } from '../workflows/inputs-of.ts'
import { newDraft, toNewHook } from './draft.ts'
import { IssuedSecret } from './issued-secret.tsx'
import { useCreateWebhook } from './queries.ts'
import { WebhookFields } from './webhook-fields.tsx'

/** Makes a webhook of a workflow, then shows its URL and its secret. */
export function NewWebhookDialog({ workflow, onClose }: { workflow: WorkflowDetail; onClose: () => void }) {
  const [draft, setDraft] = useState(() => newDraft(inputsOf(workflow.definition)))
  const create = useCreateWebhook(workflow.id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (jsonError(draft.input.trim()) === undefined) create.mutate(toNewHook(draft))
  }
  if (create.data)
    return (
      <Dialog key="issued" title="The webhook is ready" onClose={onClose}>
        <IssuedSecret hook={create.data} onClose={onClose} />
      </Dialog>
    )
  return (
    <Dialog title={`Webhook for ${workflow.name}`} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-5">
        <WebhookFields
          isNew
          draft={draft}
          error={create.error}
          onChange={(change) => setDraft({ ...draft, ...change })}
        />
        {create.isError && <ProblemNotice error={create.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            Add the webhook
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
