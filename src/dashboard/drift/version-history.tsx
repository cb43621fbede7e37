import { useState } from 'react'
import type { VersionWithAffected } from '../../drift/schema.ts'
import { bytes, count } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Rows } from '../ui/rows.tsx'
import { Bar } from '../ui/skeleton.tsx'
import { Time } from '../ui/time.tsx'
import { AffectedList } from './affected-list.tsx'
import { ChangeList } from './change-list.tsx'
import { useVersions } from './queries.ts'

/** Every document an API has had, and what each changed; read when it is opened. */
export function VersionHistory({ id, version }: { id: string; version: number }) {
  const [opened, setOpened] = useState(false)
  return (
    <div onToggle={() => setOpened(true)}>
      <Disclosure summary={`Version history (${version})`}>{opened && <Versions id={id} />}</Disclosure>
    </div>
  )
}

function Versions({ id }: { id: string }) {
  const versions = useVersions(id)
  if (versions.isPending) return <Bar className="h-16 w-full" />
  if (versions.isError) return <ProblemNotice error={versions.error} onRetry={() => void versions.refetch()} />
  return (
    <Rows>
      {versions.data.map((version) => (
        <li key={version.number} className="px-4 py-3.5">
          <Version version={version} />
        </li>
      ))}
    </Rows>
  )
}

function Version({ version }: { version: VersionWithAffected }) {
  const { number, endpointCount, changes, breaking, createdAt, affectedWorkflows } = version
  return (
    <div className="grid gap-1.5">
      <h3 className="flex flex-wrap items-center gap-2 text-sm">
        Version {number}
        {breaking && <Badge tone="danger">Breaking</Badge>}
        <span className="font-normal text-muted">
          <Time at={createdAt} />
        </span>
      </h3>
      <p className="text-sm text-muted">
        The document calls itself {version.version || 'nothing'} · {count(endpointCount, 'operation')} ·{' '}
        {bytes(version.bytes)}
      </p>
      {changes.length > 0 && (
        <Disclosure summary={count(changes.length, 'change')}>
          <div className="grid gap-4">
            <ChangeList changes={changes} />
            <AffectedList workflows={affectedWorkflows} />
          </div>
        </Disclosure>
      )}
    </div>
  )
}
