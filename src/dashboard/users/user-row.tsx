import { useState } from 'react'
import type { User } from '../../admin/schema.ts'
import { count } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { ItemRow } from '../ui/item-row.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { SmallSelect } from '../ui/small-select.tsx'
import { Time } from '../ui/time.tsx'
import { LimitDialog } from './limit-dialog.tsx'
import { useChangeUser } from './queries.ts'

const ROLES = [
  ['USER', 'User'],
  ['AUDITOR', 'Auditor'],
  ['ADMIN', 'Administrator'],
] as const

/** One account: who it is, what they may do in the installation, and the ways to change that. */
export function UserRow({ user, isMe, canChange }: { user: User; isMe: boolean; canChange: boolean }) {
  const { id, name, email, emailVerified, role, twoFactor, disabledAt, requestsPerMinute, createdAt } = user
  const [asking, setAsking] = useState(false)
  const [limiting, setLimiting] = useState(false)
  const change = useChangeUser(id)
  return (
    <ItemRow
      title={
        <>
          {name}
          {isMe && <Badge tone="info">You</Badge>}
          {disabledAt && <Badge tone="danger">Disabled</Badge>}
          {!emailVerified && <Badge tone="warn">E-mail not confirmed</Badge>}
          {twoFactor && <Badge tone="ok">Two-factor</Badge>}
        </>
      }
      about={
        <>
          {email} · since <Time at={createdAt} />
          {requestsPerMinute !== null && ` · ${count(requestsPerMinute, 'request')} a minute`}
        </>
      }
      actions={
        canChange ? (
          <div className="flex flex-wrap items-center gap-1">
            <SmallSelect
              label={`Role of ${name}`}
              value={change.isPending ? (change.variables.role ?? role) : role}
              choices={ROLES}
              busy={change.isPending}
              onChange={(chosen) => change.mutate({ role: chosen })}
            />
            <Button look="quiet" aria-label={`Limit ${name}`} onClick={() => setLimiting(true)}>
              Limit
            </Button>
            {disabledAt ? (
              <Button
                look="quiet"
                aria-label={`Enable ${name}`}
                disabled={change.isPending}
                onClick={() => change.mutate({ disabled: false })}
              >
                Enable
              </Button>
            ) : (
              <Button look="quiet" aria-label={`Disable ${name}`} onClick={() => setAsking(true)}>
                Disable
              </Button>
            )}
          </div>
        ) : (
          <Badge>{ROLES.find(([each]) => each === role)?.[1]}</Badge>
        )
      }
    >
      {limiting && <LimitDialog user={user} onClose={() => setLimiting(false)} />}
      {change.isError && !asking && <ProblemNotice error={change.error} />}
      {asking && (
        <ConfirmDialog
          title={`Disable ${name}?`}
          confirm="Disable"
          busy={change.isPending}
          error={change.error}
          onClose={() => setAsking(false)}
          onConfirm={() => change.mutate({ disabled: true }, { onSuccess: () => setAsking(false) })}
        >
          They are signed out at once and cannot sign in. API keys that they made are revoked for good, also when the
          account is enabled again.
        </ConfirmDialog>
      )}
    </ItemRow>
  )
}
