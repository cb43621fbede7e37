import { Link } from 'wouter'
import type { ConnectedAccount } from '../../oauth/schema.ts'
import { Badge } from '../ui/badge.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { NoRows, Rows } from '../ui/rows.tsx'
import { Section } from '../ui/section.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { Time } from '../ui/time.tsx'
import { useAccounts } from './queries.ts'

const STATUSES = {
  ready: { word: 'Connected', tone: 'ok' },
  not_connected: { word: 'Not signed in', tone: 'warn' },
  needs_reconnect: { word: 'Needs reconnect', tone: 'danger' },
} as const

/** The accounts that APIs are signed in with. */
export function Accounts() {
  const accounts = useAccounts()
  return (
    <Section title="Connected accounts">
      {accounts.isPending && <CardsSkeleton cards={2} height="h-20" />}
      {accounts.isError && <ProblemNotice error={accounts.error} onRetry={() => void accounts.refetch()} />}
      {accounts.isSuccess && accounts.items.length === 0 && <NoRows>No API is signed in with an account.</NoRows>}
      {accounts.items.length > 0 && (
        <Rows aria-label="Connected accounts">
          {accounts.items.map((account) => (
            <li key={account.connection.id} className="px-4 py-3.5 sm:px-5">
              <AccountRow account={account} />
            </li>
          ))}
        </Rows>
      )}
      <LoadMore query={accounts} />
    </Section>
  )
}

function AccountRow({ account }: { account: ConnectedAccount }) {
  const { connection, provider, name, status, problem, connectedAt } = account
  const { word, tone } = STATUSES[status]
  return (
    <div className="grid gap-1">
      <h3 className="flex flex-wrap items-center gap-2 text-[0.9375rem]">
        <Link href={`/apis/${connection.id}`} className="text-accent-ink underline underline-offset-2">
          {connection.name}
        </Link>
        <Badge tone={tone}>{word}</Badge>
      </h3>
      <p className="text-sm text-muted">
        {name ?? 'An account'} at {provider} · <Time at={connectedAt} />
      </p>
      {problem && <p className="text-sm">{problem}</p>}
    </div>
  )
}
