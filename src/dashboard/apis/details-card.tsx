import { useState } from 'react'
import type { ConnectionDetail } from '../../connections/schema.ts'
import { useMay } from '../auth/may.tsx'
import { ReplaceDocument } from '../drift/replace-document.tsx'
import { VersionHistory } from '../drift/version-history.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Fact } from '../ui/fact.tsx'
import { Switch } from '../ui/switch.tsx'
import { Time } from '../ui/time.tsx'
import { EditDialog } from './edit-dialog.tsx'
import { useUpdateApi, type useRefreshDocument } from './queries.ts'
import { SpecLink } from './spec-link.tsx'

/** What an API is called, where it is, where its document is from, and whether plans may use it. */
export function DetailsCard({
  connection,
  refresh,
}: {
  connection: ConnectionDetail
  refresh: ReturnType<typeof useRefreshDocument>
}) {
  const { id, name, slug, baseUrl, specUrl, status, endpointCount, createdAt, lastUsedAt, version } = connection
  const { write } = useMay()
  const [editing, setEditing] = useState(false)
  const update = useUpdateApi(id)
  const active = status === 'ACTIVE'
  return (
    <Card className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg">Details</h2>
        {write && (
          <div className="flex flex-wrap gap-2">
            <ReplaceDocument refresh={refresh} />
            <Button onClick={() => setEditing(true)}>Edit</Button>
          </div>
        )}
      </div>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-3">
        <Fact term="In use">
          {write ? (
            <Switch
              label={`Plans may use ${name}`}
              on={active}
              busy={update.isPending}
              onChange={(on) => update.mutate({ status: on ? 'ACTIVE' : 'INACTIVE' })}
            />
          ) : active ? (
            'Yes'
          ) : (
            'No'
          )}
        </Fact>
        <Fact term="Name in workflows">
          <code className="font-mono text-sm">{slug}</code>
        </Fact>
        <Fact term="Base URL">
          <code className="font-mono text-sm">{baseUrl}</code>
        </Fact>
        <Fact term="Operations">{endpointCount.toLocaleString('en')}</Fact>
        <Fact term="Connected">
          <Time at={createdAt} />
          {specUrl && (
            <>
              {' by its '}
              <SpecLink url={specUrl} />
            </>
          )}
        </Fact>
        <Fact term="Last used">{lastUsedAt ? <Time at={lastUsedAt} /> : 'Not yet'}</Fact>
      </dl>
      <VersionHistory id={id} version={version} />
      {editing && <EditDialog connection={connection} onClose={() => setEditing(false)} />}
    </Card>
  )
}
