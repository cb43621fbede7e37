import { useState, type FormEvent } from 'react'
import type { LogEntry } from '../../logs/schema.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { PageHeader } from '../ui/card.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { NoRows, Rows } from '../ui/rows.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { Time } from '../ui/time.tsx'
import { useTitle } from '../ui/use-title.ts'
import { useLogs, useVerifyLogs, type LogSearch } from './queries.ts'

/** What was done in the workspace, by whom and from where, and whether the log is whole. */
export function AuditPage() {
  useTitle('Audit log')
  const [search, setSearch] = useState<LogSearch>({ action: '', resource: '', outcome: '' })
  const logs = useLogs(search)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const read = (name: string) => String(form.get(name)).trim()
    setSearch({ action: read('action'), resource: read('resource'), outcome: read('outcome') as LogSearch['outcome'] })
  }
  return (
    <div className="grid gap-6">
      <PageHeader title="Audit log">What was done in the workspace, by whom, and from where.</PageHeader>
      <Verification />
      <form onSubmit={submit} className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_auto_auto]">
        <TextField label="Action" name="action" placeholder="workflow.*" />
        <TextField label="Resource" name="resource" placeholder="wfl_…" />
        <SelectField label="Outcome" name="outcome">
          <option value="">Any</option>
          <option value="success">Success</option>
          <option value="failure">Failure</option>
        </SelectField>
        <Button type="submit">Filter</Button>
      </form>
      {logs.isPending && <CardsSkeleton height="h-16" />}
      {logs.isError && <ProblemNotice error={logs.error} onRetry={() => void logs.refetch()} />}
      {logs.isSuccess && logs.items.length === 0 && <NoRows>Nothing like that was done.</NoRows>}
      {logs.items.length > 0 && (
        <Rows aria-label="Entries">
          {logs.items.map((entry) => (
            <li key={entry.id} className="px-4 py-3 sm:px-5">
              <EntryRow entry={entry} />
            </li>
          ))}
        </Rows>
      )}
      <LoadMore query={logs} />
    </div>
  )
}

function EntryRow({ entry }: { entry: Omit<LogEntry, 'details'> }) {
  const { action, resource, outcome, actor, ip, at } = entry
  return (
    <div className="grid gap-1">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <span className="font-medium">{action}</span>
        <code className="font-mono text-xs text-muted">{resource}</code>
        {outcome === 'failure' && <Badge tone="danger">failed</Badge>}
      </p>
      <p className="text-sm text-muted">
        {actor.kind} <code className="font-mono text-xs">{actor.id}</code>
        {ip && <> · {ip}</>} · <Time at={at} />
      </p>
    </div>
  )
}

function Verification() {
  const verify = useVerifyLogs()
  const { data } = verify
  return (
    <div className="grid justify-items-start gap-3">
      <div className="flex flex-wrap gap-3">
        <Button busy={verify.isPending} onClick={() => verify.mutate()}>
          Verify
        </Button>
        <a href="/api/logs/export?format=csv" className="px-3 py-2 text-sm font-medium text-accent-ink underline">
          Export as CSV
        </a>
      </div>
      {verify.isError && <ProblemNotice error={verify.error} />}
      {data?.intact && <Notice tone="ok" role="status" title={`Whole: ${data.checked} entries checked`} />}
      {data?.broken && (
        <Notice tone="danger" role="alert" title={`Broken at entry ${data.broken.seq}: ${data.broken.reason}`}>
          <p>{data.broken.detail}</p>
        </Notice>
      )}
    </div>
  )
}
