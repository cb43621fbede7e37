import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useHistoryState } from 'wouter/use-browser-location'
import type { ConnectionDetail } from '../../connections/schema.ts'
import { count } from '../lib/text.ts'
import { BackLink } from '../ui/back-link.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Card, PageHeader } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { Time } from '../ui/time.tsx'
import { useTitle } from '../ui/use-title.ts'
import { SpecLink } from './api-card.tsx'
import { authWords } from './auth-words.ts'
import { OperationList } from './operation-list.tsx'
import { useApi, useDisconnect } from './queries.ts'

/** One connected API: what it is, and what it can do. */
export function ApiPage({ id }: { id: string }) {
  const query = useApi(id)
  const justConnected = useHistoryState<{ connected?: boolean } | null>()?.connected === true
  useTitle(query.data?.name ?? 'API')
  if (query.isPending) return <PageSkeleton />
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
  const connection = query.data
  return (
    <div className="grid gap-6">
      <BackLink href="/apis" />
      <PageHeader title={connection.name} action={<Disconnect connection={connection} />}>
        {connection.description.split('\n')[0]}
      </PageHeader>
      {justConnected && (
        <Notice tone="ok" role="status" title={`Connected: ${count(connection.endpointCount, 'operation')} found`}>
          <div className="flex flex-wrap items-center gap-3">
            <span>You can use them now.</span>
            <ButtonLink href="/">Say what should happen</ButtonLink>
          </div>
        </Notice>
      )}
      <Details connection={connection} />
      <Findings connection={connection} open={justConnected} />
      <OperationList id={id} />
    </div>
  )
}

function Details({ connection }: { connection: ConnectionDetail }) {
  const { slug, baseUrl, auth, specUrl, endpointCount, createdAt, lastUsedAt } = connection
  return (
    <Card>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-3">
        <Detail term="Slug">
          <code className="font-mono text-sm">{slug}</code>
        </Detail>
        <Detail term="Base URL">
          <code className="font-mono text-sm">{baseUrl}</code>
        </Detail>
        <Detail term="Authentication">{authWords(auth)}</Detail>
        <Detail term="Operations">{endpointCount.toLocaleString('en')}</Detail>
        <Detail term="Connected">
          <Time at={createdAt} />
          {specUrl && (
            <>
              {' by its '}
              <SpecLink url={specUrl} />
            </>
          )}
        </Detail>
        <Detail term="Last used">{lastUsedAt ? <Time at={lastUsedAt} /> : 'Not yet'}</Detail>
      </dl>
    </Card>
  )
}

function Detail({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{term}</dt>
      <dd className="text-sm">{children}</dd>
    </div>
  )
}

function Findings({ connection, open }: { connection: ConnectionDetail; open: boolean }) {
  const { findings } = connection
  if (findings.length === 0) return null
  return (
    <Notice tone="warn" title={`The specification has ${count(findings.length, 'flaw')} that can be lived with`}>
      <Disclosure summary="Show" open={open && findings.length <= 5} className="text-ink">
        <ul className="grid gap-1.5">
          {findings.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code className="font-mono text-xs">{path || '/'}</code> {message}
            </li>
          ))}
        </ul>
      </Disclosure>
    </Notice>
  )
}

function Disconnect({ connection }: { connection: ConnectionDetail }) {
  const [asking, setAsking] = useState(false)
  const disconnect = useDisconnect()
  const [, navigate] = useLocation()
  return (
    <>
      <Button onClick={() => setAsking(true)}>Disconnect</Button>
      {asking && (
        <ConfirmDialog
          title={`Disconnect ${connection.name}?`}
          confirm="Disconnect"
          busy={disconnect.isPending}
          error={disconnect.error}
          onClose={() => setAsking(false)}
          onConfirm={() => disconnect.mutate(connection.id, { onSuccess: () => navigate('/apis', { replace: true }) })}
        >
          Its credential, specification and operations are removed. Workflows that use it can no longer run; past runs
          stay.
        </ConfirmDialog>
      )}
    </>
  )
}
