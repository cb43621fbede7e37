import { Link } from 'wouter'
import type { ConnectedAccount } from '../../oauth/schema.ts'
import { Badge } from '../ui/badge.tsx'
import { Listing } from '../ui/listing.tsx'
import { Section } from '../ui/section.tsx'
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
      <Listing
        label="Connected accounts"
        query={accounts}
        items={accounts.items}
        keyOf={({ connection }) => connection.id}
        height="h-20"
        empty="No API is signed in with an account."
      >
        {(account) => <AccountRow account={account} />}
      </Listing>
    </Section>
  )
}

function AccountRow({ account }: { account: ConnectedAccount }) {
  const { connection, provider, name, status, problem, connectedAt } = account
  const { word, tone } = STATUSES[status]
  return (
    <div className="grid gap-1 px-4 py-3.5 sm:px-5">
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
