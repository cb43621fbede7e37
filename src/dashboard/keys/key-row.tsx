import { Pencil, RotateCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ApiKey } from '../../keys/schema.ts'
import { until } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Fact } from '../ui/fact.tsx'
import { ItemRow } from '../ui/item-row.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Time } from '../ui/time.tsx'
import { EditKeyDialog } from './edit-key-dialog.tsx'
import { useRevokeKey } from './queries.ts'
import { RotateKeyDialog } from './rotate-key-dialog.tsx'

const STATUSES = {
  active: { word: 'Active', tone: 'ok' },
  expired: { word: 'Expired', tone: 'warn' },
  revoked: { word: 'Revoked', tone: 'plain' },
} as const

/** One key: how it begins and ends, what it may, when it was used, and the ways to change, replace or end it. */
export function KeyRow({ apiKey, canManage }: { apiKey: ApiKey; canManage: boolean }) {
  const { name, prefix, lastFour, status, scopes, requestsPerMinute, allowedIps } = apiKey
  const [open, setOpen] = useState<'edit' | 'rotate' | 'revoke' | null>(null)
  const { word, tone } = STATUSES[status]
  const close = () => setOpen(null)
  return (
    <ItemRow
      title={
        <>
          {name}
          <Badge tone={tone}>{word}</Badge>
        </>
      }
      about={
        <code className="font-mono text-xs break-all">
          {prefix}…{lastFour}
        </code>
      }
      actions={
        canManage &&
        status !== 'revoked' && (
          <div className="flex shrink-0 items-center gap-1">
            <IconButton icon={Pencil} label={`Edit ${name}`} onClick={() => setOpen('edit')} />
            <IconButton icon={RotateCw} label={`Rotate ${name}`} onClick={() => setOpen('rotate')} />
            <IconButton icon={Trash2} label={`Revoke ${name}`} onClick={() => setOpen('revoke')} />
          </div>
        )
      }
    >
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 lg:grid-cols-4">
        <Fact term="May">{scopes.join(', ')}</Fact>
        <Fact term="Requests a minute">{requestsPerMinute.toLocaleString('en')}</Fact>
        <Fact term="Last used">{apiKey.lastUsedAt ? <Time at={apiKey.lastUsedAt} /> : 'Never'}</Fact>
        <Ending apiKey={apiKey} />
        {allowedIps && (
          <Fact term="Only from">
            <span className="break-all">{allowedIps.join(', ')}</span>
          </Fact>
        )}
      </dl>
      {open === 'edit' && <EditKeyDialog apiKey={apiKey} onClose={close} />}
      {open === 'rotate' && <RotateKeyDialog apiKey={apiKey} onClose={close} />}
      {open === 'revoke' && <RevokeDialog apiKey={apiKey} onClose={close} />}
    </ItemRow>
  )
}

function Ending({ apiKey: { status, expiresAt, revokedAt, previousUntil } }: { apiKey: ApiKey }) {
  if (revokedAt)
    return (
      <Fact term="Revoked">
        <Time at={revokedAt} />
      </Fact>
    )
  if (previousUntil && Date.parse(previousUntil) > Date.now())
    return <Fact term="Old key">ends {until(previousUntil)}</Fact>
  if (!expiresAt) return <Fact term="Expires">Never</Fact>
  return (
    <Fact term={status === 'expired' ? 'Expired' : 'Expires'}>
      {status === 'expired' ? <Time at={expiresAt} /> : until(expiresAt)}
    </Fact>
  )
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useRevokeKey(apiKey)
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.name}?`}
      confirm="Revoke"
      busy={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onConfirm={() => revoke.mutate(undefined, { onSuccess: onClose })}
    >
      Its next request is refused, wherever it comes from. This cannot be undone.
    </ConfirmDialog>
  )
}
