import { useState } from 'react'
import { useProfile } from '../account/queries.ts'
import { useSettled } from '../lib/use-settled.ts'
import { PageHeader } from '../ui/card.tsx'
import { Listing } from '../ui/listing.tsx'
import { Notice } from '../ui/notice.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { useUsers } from './queries.ts'
import { UserRow } from './user-row.tsx'

/** Everybody with an account in the installation. */
export function UsersPage() {
  useTitle('Users')
  const profile = useProfile()
  if (profile.isPending) return <PageSkeleton />
  return (
    <div className="grid gap-6">
      <PageHeader title="Users">Everybody with an account in this installation, whatever their workspace.</PageHeader>
      {profile.data?.role === 'USER' ? (
        <Notice tone="info" title="Only who administers or audits the installation sees its users" />
      ) : (
        <Users myId={profile.data?.id} canChange={profile.data?.role === 'ADMIN'} />
      )}
    </div>
  )
}

function Users({ myId, canChange }: { myId: string | undefined; canChange: boolean }) {
  const [text, setText] = useState('')
  const settled = useSettled(text.trim())
  const users = useUsers(settled)
  return (
    <>
      <SearchField
        label="Search by name or e-mail"
        className="max-w-md"
        maxLength={200}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Listing
        label="Users"
        query={users}
        items={users.items}
        keyOf={({ id }) => id}
        cards={4}
        empty={settled ? 'Nobody is called that.' : 'Nobody has an account.'}
      >
        {(user) => <UserRow user={user} isMe={user.id === myId} canChange={canChange && user.id !== myId} />}
      </Listing>
    </>
  )
}
