import { useState, type FormEvent } from 'react'
import type { Hook } from '../../triggers/schema.ts'
import { jsonError } from '../lib/json.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { draftOf, toHookEdit } from './draft.ts'
import { useUpdateWebhook } from './queries.ts'
import { WebhookFields } from './webhook-fields.tsx'

/** Changes a webhook; its URL, its secret and how it is signed stay. */
export function EditWebhookDialog({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(hook))
  const update = useUpdateWebhook(hook)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (jsonError(draft.input.trim()) === undefined) update.mutate(toHookEdit(draft), { onSuccess: onClose })
  }
  return (
    <Dialog title="Edit the webhook" onClose={onClose}>
      <form onSubmit={submit} className="grid gap-5">
        <WebhookFields
          isNew={false}
          draft={draft}
          error={update.error}
          onChange={(change) => setDraft({ ...draft, ...change })}
        />
        {update.isError && <ProblemNotice error={update.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={update.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
