import { UserMinus } from 'lucide-react'
import { useState } from 'react'
import type { Member } from '../../workspaces/schema.ts'
import { useMay } from '../auth/may.tsx'
import { useMe } from '../auth/session.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { ItemRow } from '../ui/item-row.tsx'
import { Listing } from '../ui/listing.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { SmallSelect } from '../ui/small-select.tsx'
import { Time } from '../ui/time.tsx'
import { ALL_PARTS, PARTS, type Part } from './part-words.ts'
import { useChangePart, useMembers, useRemoveMember } from './queries.ts'

/** Who belongs to the workspace, and what each may do. */
export function MemberSection() {
  const { data: me } = useMe()
  const { admin } = useMay()
  const members = useMembers()
  const isOwner = members.items.some(({ userId, part }) => userId === me?.userId && part === 'owner')
  return (
    <Section title="Members">
      <Listing
        label="Members"
        query={members}
        items={members.items}
        keyOf={({ userId }) => userId}
        empty="Nobody belongs to it."
      >
        {(member) => (
          <MemberRow
            member={member}
            isMe={member.userId === me?.userId}
            // Owners are made and unmade by owners.
            canChange={admin && (isOwner || member.part !== 'owner')}
            parts={ALL_PARTS.filter((part) => isOwner || part !== 'owner')}
          />
        )}
      </Listing>
    </Section>
  )
}

function MemberRow({
  member,
  isMe,
  canChange,
  parts,
}: {
  member: Member
  isMe: boolean
  canChange: boolean
  parts: readonly Part[]
}) {
  const { userId, name, email, part, since } = member
  const [asking, setAsking] = useState(false)
  const change = useChangePart(userId)
  return (
    <ItemRow
      title={
        <>
          {name}
          {isMe && <Badge tone="info">You</Badge>}
        </>
      }
      about={
        <>
          {email} · since <Time at={since} />
        </>
      }
      actions={
        canChange && !isMe ? (
          <div className="flex items-center gap-1">
            <SmallSelect
              label={`Role of ${name}`}
              value={change.isPending ? change.variables : part}
              choices={parts.map((each) => [each, PARTS[each].word] as const)}
              busy={change.isPending}
              onChange={(chosen) => change.mutate(chosen)}
            />
            <Button look="quiet" className="px-2.5" aria-label={`Remove ${name}`} onClick={() => setAsking(true)}>
              <UserMinus aria-hidden size={17} />
            </Button>
          </div>
        ) : (
          <Badge>{PARTS[part].word}</Badge>
        )
      }
    >
      {change.isError && <ProblemNotice error={change.error} />}
      {asking && <RemoveDialog member={member} onClose={() => setAsking(false)} />}
    </ItemRow>
  )
}

function RemoveDialog({ member: { userId, name }, onClose }: { member: Member; onClose: () => void }) {
  const remove = useRemoveMember(userId)
  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      confirm="Remove"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
    >
      They no longer see the workspace, and API keys that they made in it are revoked. What they did stays.
    </ConfirmDialog>
  )
}
