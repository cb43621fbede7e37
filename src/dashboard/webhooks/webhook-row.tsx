import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { Hook } from '../../triggers/schema.ts'
import { until } from '../lib/text.ts'
import { TriggerRow, type TriggerWords } from '../triggers/trigger-row.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Fact } from '../ui/fact.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { EditWebhookDialog } from './edit-webhook-dialog.tsx'
import { useDeleteWebhook, useSwitchWebhook } from './queries.ts'
import { RotateSecretDialog } from './rotate-secret-dialog.tsx'
import { signatureWords } from './signature-words.ts'

const WORDS: TriggerWords = {
  turn: 'Take events',
  last: 'Last event',
  problem: 'The workflow could not be run with the last event',
  removal: 'Its URL is gone for good, and the sender gets a 404. The runs it started stay.',
}

/** One webhook: where events go, how they are signed, what became of the last, and the ways to change it. */
export function WebhookRow({ hook }: { hook: Hook }) {
  const { url, signature, requestsPerMinute, enabled, previousUntil, lastEventAt, lastRun, lastError } = hook
  const [open, setOpen] = useState<'edit' | 'rotate' | null>(null)
  const name = hook.name ?? `Webhook ${hook.id.slice(-4)}`
  const close = () => setOpen(null)
  return (
    <>
      <TriggerRow
        name={name}
        label={name}
        about={
          <div className="flex items-start gap-1">
            <code className="min-w-0 py-1.5 font-mono text-xs break-all text-muted">{url}</code>
            <CopyButton text={url} what={`the URL of ${name}`} className="size-8 hover:bg-sunken" />
          </div>
        }
        facts={
          <>
            <Fact term="Signature">{signatureWords(signature)}</Fact>
            <Fact term="Events a minute">at most {requestsPerMinute.toLocaleString('en')}</Fact>
            <PreviousSecret until={previousUntil} />
          </>
        }
        enabled={enabled}
        last={{ at: lastEventAt, run: lastRun, problem: lastError }}
        words={WORDS}
        turn={useSwitchWebhook(hook)}
        remove={useDeleteWebhook(hook)}
        tools={<IconButton icon={KeyRound} label={`Rotate the secret of ${name}`} onClick={() => setOpen('rotate')} />}
        onEdit={() => setOpen('edit')}
      />
      {open === 'edit' && <EditWebhookDialog hook={hook} onClose={close} />}
      {open === 'rotate' && <RotateSecretDialog hook={hook} onClose={close} />}
    </>
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
