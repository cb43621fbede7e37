import { IfMay } from '../auth/may.tsx'
import { PageHeader } from '../ui/card.tsx'
import { useTitle } from '../ui/use-title.ts'
import { Accounts } from './accounts.tsx'
import { SpecCache } from './spec-cache.tsx'

/** What APIs are signed in with, and what is kept of their documents. */
export function ConnectionsPage() {
  useTitle('Connections')
  return (
    <div className="grid gap-8">
      <PageHeader title="Connections">The accounts your APIs are signed in with, and what is kept of them.</PageHeader>
      <Accounts />
      <IfMay do="oversee">
        <SpecCache />
      </IfMay>
    </div>
  )
}
