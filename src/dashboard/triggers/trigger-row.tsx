import { Pencil, Trash2 } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useMay } from '../auth/may.tsx'
import { Badge } from '../ui/badge.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { ItemRow } from '../ui/item-row.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Switch } from '../ui/switch.tsx'
import { LastProblem, LastTime, type Last } from './last-time.tsx'

type Mutation<T> = {
  isPending: boolean
  isError: boolean
  error: unknown
  mutate: (value: T, options?: { onSuccess?: () => void }) => void
}

/** How one kind of trigger speaks of itself. */
export type TriggerWords = { turn: string; last: string; problem: string; removal: string }

/**
 * One thing that runs a workflow: whether it is on, what became of the last time, and for those who may the ways to
 * change it. `label` is its name where what stands beside it is not seen.
 */
export function TriggerRow({
  name,
  label,
  about,
  facts,
  enabled,
  last,
  words,
  turn,
  remove,
  tools,
  onEdit,
}: {
  name: string
  label: string
  about: ReactNode
  facts: ReactNode
  enabled: boolean
  last: Last
  words: TriggerWords
  turn: Mutation<boolean>
  remove: Mutation<void>
  tools?: ReactNode
  onEdit: () => void
}) {
  const may = useMay()
  const [asking, setAsking] = useState(false)
  return (
    <ItemRow
      title={name}
      about={about}
      actions={
        may.write && may.execute ? (
          <div className="flex shrink-0 items-center gap-1">
            <Switch
              label={`${words.turn}: ${label}`}
              on={enabled}
              busy={turn.isPending}
              onChange={(on) => turn.mutate(on)}
            />
            {tools}
            <IconButton icon={Pencil} label={`Edit ${label}`} onClick={onEdit} />
            <IconButton icon={Trash2} label={`Delete ${label}`} onClick={() => setAsking(true)} />
          </div>
        ) : (
          <Badge tone={enabled ? 'ok' : 'plain'}>{enabled ? 'On' : 'Off'}</Badge>
        )
      }
    >
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 lg:grid-cols-4">
        {facts}
        <LastTime term={words.last} last={last} />
      </dl>
      <LastProblem title={words.problem} last={last} />
      {turn.isError && <ProblemNotice error={turn.error} />}
      {asking && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          confirm="Delete"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setAsking(false)}
          onConfirm={() => remove.mutate()}
        >
          {words.removal}
        </ConfirmDialog>
      )}
    </ItemRow>
  )
}
