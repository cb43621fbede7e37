import { useState } from 'react'
import { useProfile } from '../account/queries.ts'
import { useSettled } from '../lib/use-settled.ts'
import { DownloadLink } from '../ui/button.tsx'
import { PageHeader } from '../ui/card.tsx'
import { TextField } from '../ui/field.tsx'
import { Listing } from '../ui/listing.tsx'
import { Notice } from '../ui/notice.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { Section } from '../ui/section.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { billingHref, useAllWorkspaces } from './queries.ts'
import { WorkspaceRow } from './workspace-row.tsx'

/** Every workspace of the installation: its tier, its limits, its use. */
export function AllWorkspacesPage() {
  useTitle('Workspaces')
  const profile = useProfile()
  if (profile.isPending) return <PageSkeleton />
  return (
    <div className="grid gap-6">
      <PageHeader title="Workspaces">
        Every workspace of this installation, what it may use and what it used.
      </PageHeader>
      {profile.data?.role === 'USER' ? (
        <Notice tone="info" title="Only who administers or audits the installation sees its workspaces" />
      ) : (
        <>
          <Workspaces canChange={profile.data?.role === 'ADMIN'} />
          <Billing />
        </>
      )}
    </div>
  )
}

function Workspaces({ canChange }: { canChange: boolean }) {
  const [text, setText] = useState('')
  const settled = useSettled(text.trim())
  const workspaces = useAllWorkspaces(settled)
  return (
    <>
      <SearchField
        label="Search by name, owner or id"
        className="max-w-md"
        maxLength={200}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Listing
        label="Workspaces"
        query={workspaces}
        items={workspaces.items}
        keyOf={({ id }) => id}
        cards={4}
        empty={settled ? 'No workspace is called that.' : 'There is no workspace.'}
      >
        {(workspace) => <WorkspaceRow workspace={workspace} canChange={canChange} />}
      </Listing>
    </>
  )
}

function Billing() {
  const [month, setMonth] = useState(() => new Date().toISOString().slice(0, 7))
  return (
    <Section title="Billing">
      <p className="max-w-prose text-sm text-muted">
        What every workspace used, by day and key, for a billing system. Days are of UTC.
      </p>
      <div className="flex flex-wrap items-end gap-3">
        <TextField
          label="Month"
          type="month"
          pattern="\d{4}-(0[1-9]|1[0-2])"
          required
          value={month}
          onChange={({ target }) => setMonth(target.value)}
        />
        {/^\d{4}-(0[1-9]|1[0-2])$/.test(month) && (
          <>
            <DownloadLink href={billingHref(month, 'csv')}>Export as CSV</DownloadLink>
            <DownloadLink href={billingHref(month, 'json')}>As JSON</DownloadLink>
          </>
        )}
      </div>
    </Section>
  )
}
