import type { Me } from '../../auth/schema.ts'
import { duration } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Listing } from '../ui/listing.tsx'
import { Section } from '../ui/section.tsx'
import { useStanding } from './queries.ts'
import { TIERS } from './tiers.ts'

type Limit = Me['limits'][number]

const WHOSE = { key: 'This key', user: 'You', workspace: 'The workspace' } as const
const WINDOWS = { minute: 'a minute', day: 'a day', month: 'a month' } as const

/** How often one may ask by the tier, and how much of that is left. */
export function RateSection() {
  const standing = useStanding()
  const tier = standing.data && <Badge tone="info">{TIERS[standing.data.tier]} tier</Badge>
  return (
    <Section title="Requests" action={tier}>
      <Listing
        label="Requests"
        query={standing}
        items={standing.data?.limits ?? []}
        keyOf={({ of, window }) => `${of} ${window}`}
        empty="Nothing limits how often you may ask."
      >
        {(limit) => <LimitRow limit={limit} />}
      </Listing>
      <p className="text-xs text-muted">
        Counted by weight: a plan weighs more than a look. Each API key has a limit of its own besides.
      </p>
    </Section>
  )
}

function LimitRow({ limit: { of, window, limit, remaining, resetSeconds } }: { limit: Limit }) {
  const label = `${WHOSE[of]}, ${WINDOWS[window]}`
  return (
    <div className="grid gap-1.5 px-4 py-3.5 sm:px-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
        <h3 className="text-[0.9375rem]">{label}</h3>
        <p className="text-sm tabular-nums">
          <span className="font-medium">{remaining.toLocaleString('en')}</span>
          <span className="text-muted"> of {limit.toLocaleString('en')} left</span>
        </p>
      </div>
      <progress aria-label={`Left: ${label}`} max={limit} value={remaining} />
      {remaining === 0 && <p className="text-sm text-delete">More in {duration(resetSeconds * 1000)}.</p>}
    </div>
  )
}
