import { BellOff } from 'lucide-react'
import { useMay } from '../auth/may.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState, PageHeader } from '../ui/card.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Rows } from '../ui/rows.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { NoticeRow } from './notice-row.tsx'
import { useNotices, useReadNotices } from './queries.ts'

/** What people should know although they did not ask. */
export function NoticesPage() {
  useTitle('Notices')
  const { write } = useMay()
  const notices = useNotices()
  const read = useReadNotices()
  const unread = notices.items.filter(({ readAt }) => readAt === null)
  const all = write && unread.length > 0 && (
    <Button busy={read.isPending} onClick={() => read.mutate(unread.map(({ id }) => id))}>
      Mark all as read
    </Button>
  )
  return (
    <div className="grid gap-6">
      <PageHeader title="Notices" action={all}>
        APIs that changed, and connections that need you.
      </PageHeader>
      {notices.isPending && <CardsSkeleton height="h-20" />}
      {notices.isError && <ProblemNotice error={notices.error} onRetry={() => void notices.refetch()} />}
      {read.isError && <ProblemNotice error={read.error} />}
      {notices.isSuccess && notices.items.length === 0 && (
        <EmptyState icon={<BellOff size={24} />} title="Nothing to tell">
          When an API changes or needs to be connected again, it is said here.
        </EmptyState>
      )}
      {notices.items.length > 0 && (
        <Rows aria-label="Notices">
          {notices.items.map((notice) => (
            <li key={notice.id}>
              <NoticeRow notice={notice} busy={read.isPending} onRead={write ? () => read.mutate([notice.id]) : null} />
            </li>
          ))}
        </Rows>
      )}
      <LoadMore query={notices} />
    </div>
  )
}
