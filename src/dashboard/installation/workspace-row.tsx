import { useState } from 'react'
import type { AdminWorkspace } from '../../admin/schema.ts'
import { count } from '../lib/text.ts'
import { TIERS } from '../limits/tiers.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ItemRow } from '../ui/item-row.tsx'
import { Time } from '../ui/time.tsx'
import { TermsDialog } from './terms-dialog.tsx'

/** One workspace: whose it is, what it may use, and what it used this month. */
export function WorkspaceRow({ workspace, canChange }: { workspace: AdminWorkspace; canChange: boolean }) {
  const { id, name, owner, members, tier, agreed, usedThisMonth, createdAt } = workspace
  const { requestsPerMonth: quota } = agreed
  const [changing, setChanging] = useState(false)
  const isOwnTerms = agreed.requestsPerMinute !== null || agreed.requestsPerDay !== null
  return (
    <ItemRow
      title={
        <>
          {name}
          <Badge tone="info">{TIERS[tier]}</Badge>
          {isOwnTerms && <Badge>Other limits agreed</Badge>}
        </>
      }
      about={
        <>
          <p className="break-words">
            {owner ?? 'No owner'} · {count(members, 'member')} · since <Time at={createdAt} />
          </p>
          <p>
            <code className="font-mono text-xs">{id}</code> ·{' '}
            {quota === null
              ? count(usedThisMonth, 'unit')
              : `${usedThisMonth.toLocaleString('en')} of ${count(quota, 'unit')}`}{' '}
            this month
          </p>
        </>
      }
      actions={
        canChange && (
          <Button look="quiet" aria-label={`Change the terms of ${name}`} onClick={() => setChanging(true)}>
            Change the terms
          </Button>
        )
      }
    >
      {quota !== null && (
        <progress aria-label={`Of the quota of ${name}`} max={quota} value={Math.min(usedThisMonth, quota)} />
      )}
      {changing && <TermsDialog workspace={workspace} onClose={() => setChanging(false)} />}
    </ItemRow>
  )
}
