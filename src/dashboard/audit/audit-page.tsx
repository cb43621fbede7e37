import { useState } from 'react'
import { useMay } from '../auth/may.tsx'
import { DownloadLink } from '../ui/button.tsx'
import { PageHeader } from '../ui/card.tsx'
import { Listing } from '../ui/listing.tsx'
import { Notice } from '../ui/notice.tsx'
import { useTitle } from '../ui/use-title.ts'
import { useMembers } from '../workspaces/queries.ts'
import { EntryRow } from './entry-row.tsx'
import { exportHref, useLogs, type LogSearch } from './queries.ts'
import { SearchForm } from './search-form.tsx'
import { ChainCheck } from './chain-check.tsx'

const EVERYTHING: LogSearch = { action: '', resource: '', userId: '', outcome: '', since: '', until: '' }

/** What was done in the workspace, by whom and from where, and whether the log is whole. */
export function AuditPage() {
  useTitle('Audit log')
  const { oversee } = useMay()
  return (
    <div className="grid gap-6">
      {oversee ? (
        <Log />
      ) : (
        <>
          <PageHeader title="Audit log" />
          <Notice tone="info" title="Only administrators and auditors of the workspace see its audit log" />
        </>
      )}
    </div>
  )
}

function Log() {
  const [search, setSearch] = useState(EVERYTHING)
  const logs = useLogs(search)
  const members = useMembers()
  const nameOf = (userId: string) => members.items.find((member) => member.userId === userId)?.name
  const exports = (
    <div className="flex flex-wrap gap-2">
      <DownloadLink href={exportHref(search, 'csv')}>Export as CSV</DownloadLink>
      <DownloadLink href={exportHref(search, 'ndjson')}>As NDJSON</DownloadLink>
    </div>
  )
  return (
    <>
      <PageHeader title="Audit log" action={exports}>
        What was done in the workspace, by whom, and from where. What you export is what you filter.
      </PageHeader>
      <ChainCheck />
      <SearchForm members={members.items} onSearch={setSearch} />
      <Listing
        label="Entries"
        query={logs}
        items={logs.items}
        keyOf={({ id }) => id}
        cards={4}
        empty="Nothing like that was done."
      >
        {(entry) => <EntryRow entry={entry} userName={nameOf(entry.actor.userId)} />}
      </Listing>
    </>
  )
}
