import { KeyRound, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Hook } from '../../triggers/schema.ts'
import { until } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Fact } from '../ui/fact.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Switch } from '../ui/switch.tsx'
import { Time } from '../ui/time.tsx'
import { EditWebhookDialog } from './edit-webhook-dialog.tsx'
import { useDeleteWebhook, useUpdateWebhook } from './queries.ts'
import { RotateDialog } from './rotate-dialog.tsx'
import { signatureWords } from './signature-words.ts'

/** One webhook: where events go, how they are signed, and the ways to change it. */
export function WebhookRow({ hook }: { hook: Hook }) {
  const { url, signature, requestsPerMinute, enabled, createdAt } = hook
  const [open, setOpen] = useState<'edit' | 'rotate' | 'delete' | null>(null)
  const turn = useUpdateWebhook(hook)
  const name = hook.name ?? `Webhook ${hook.id.slice(-4)}`
  const close = () => setOpen(null)
  return (
    <div className="grid gap-3 px-4 py-3.5 sm:px-5">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="text-[0.9375rem]">{name}</h3>
          <div className="flex items-start gap-1">
            <code className="min-w-0 py-1.5 font-mono text-xs break-all text-muted">{url}</code>
            <CopyButton text={url} what={`the URL of ${name}`} className="size-8 hover:bg-sunken" />
          </div>
        </div>
        <div className="flex shrink-0 items-center gap-1">
          <Switch
            label={`Take events: ${name}`}
            on={enabled}
            busy={turn.isPending}
            onChange={(on) => turn.mutate({ enabled: on })}
          />
          <Button
            look="quiet"
            className="px-2.5"
            aria-label={`Rotate the secret of ${name}`}
            onClick={() => setOpen('rotate')}
          >
            <KeyRound aria-hidden size={16} />
          </Button>
          <Button look="quiet" className="px-2.5" aria-label={`Edit ${name}`} onClick={() => setOpen('edit')}>
            <Pencil aria-hidden size={16} />
          </Button>
          <Button look="quiet" className="px-2.5" aria-label={`Delete ${name}`} onClick={() => setOpen('delete')}>
            <Trash2 aria-hidden size={17} />
          </Button>
        </div>
      </div>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 lg:grid-cols-4">
        <Fact term="Signature">{signatureWords(signature)}</Fact>
        <Fact term="Events a minute">at most {requestsPerMinute.toLocaleString('en')}</Fact>
        <Fact term="Added">
          <Time at={createdAt} />
        </Fact>
        <PreviousSecret until={hook.previousUntil} />
      </dl>
      {turn.isError && open === null && <ProblemNotice error={turn.error} />}
      {open === 'edit' && <EditWebhookDialog hook={hook} onClose={close} />}
      {open === 'rotate' && <RotateDialog hook={hook} onClose={close} />}
      {open === 'delete' && <DeleteDialog hook={hook} name={name} onClose={close} />}
    </div>
  )
}

function PreviousSecret({ until: at }: { until: string | null }) {
  if (at === null || Date.parse(at) <= Date.now()) return null
  return (
    <Fact term="Old secret">
      <time dateTime={at} title={new Date(at).toLocaleString()}>
        ends {until(at)}
      </time>
    </Fact>
  )
}

function DeleteDialog({ hook, name, onClose }: { hook: Hook; name: string; onClose: () => void }) {
  const remove = useDeleteWebhook(hook)
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirm="Delete"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate()}
    >
      Its URL is gone for good, and the sender gets a 404. The runs it started stay.
    </ConfirmDialog>
  )
}
