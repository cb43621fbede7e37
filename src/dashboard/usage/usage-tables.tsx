import type { ReactNode } from 'react'
import type { Usage } from '../../access/usage-schema.ts'
import { Section } from '../ui/section.tsx'
import { Time } from '../ui/time.tsx'
import { byDay, byKey, nameOf, type Sum } from './sums.ts'

type Days = Usage['days']

/** What each key used, the busiest first. */
export function UsageByKey({ days }: { days: Days }) {
  const sums = byKey(days)
  return (
    <Section title="By key">
      <Table
        label="Usage by key"
        heads={['Key', 'Requests', 'Units', 'Last used']}
        sums={sums}
        first={({ parts: [part] }) => part && nameOf(part)}
        last={({ parts }) => <Time at={parts.reduce((latest, { lastUsedAt }) => maxOf(latest, lastUsedAt), '')} />}
      />
    </Section>
  )
}

/** What was used each day, the newest first, and how much of it by whom. */
export function UsageByDay({ days }: { days: Days }) {
  return (
    <Section title="By day">
      <Table
        label="Usage by day"
        heads={['Day', 'Requests', 'Units', 'Units by key']}
        sums={byDay(days)}
        first={({ key }) => <span className="whitespace-nowrap">{key}</span>}
        last={({ parts }) => <Parts parts={parts} />}
      />
    </Section>
  )
}

function Parts({ parts }: Pick<Sum, 'parts'>) {
  return (
    <ul>
      {parts.map((part) => (
        <li key={part.source}>
          {nameOf(part)}: {part.units.toLocaleString('en')}
        </li>
      ))}
    </ul>
  )
}

function Table({
  label,
  heads,
  sums,
  first,
  last,
}: {
  label: string
  heads: readonly [string, string, string, string]
  sums: readonly Sum[]
  first: (sum: Sum) => ReactNode
  last: (sum: Sum) => ReactNode
}) {
  const most = Math.max(1, ...sums.map(({ units }) => units))
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="overflow-x-auto rounded-xl border border-line bg-surface"
    >
      <table className="w-full text-left text-sm">
        <thead className="bg-sunken text-xs text-muted">
          <tr>
            {heads.map((head, index) => (
              <th
                key={head}
                scope="col"
                className={`px-4 py-2.5 font-medium whitespace-nowrap ${index === 1 || index === 2 ? 'text-right' : ''}`}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {sums.map((sum) => (
            <tr key={sum.key}>
              <th scope="row" className="min-w-28 px-4 py-2.5 font-medium wrap-break-word">
                {first(sum)}
                <span
                  aria-hidden
                  className="mt-1 block h-1 rounded-full bg-accent"
                  style={{ width: `${Math.max(1, (100 * sum.units) / most)}%` }}
                />
              </th>
              <td className="px-4 py-2.5 text-right whitespace-nowrap tabular-nums">
                {sum.requests.toLocaleString('en')}
              </td>
              <td className="px-4 py-2.5 text-right whitespace-nowrap tabular-nums">
                {sum.units.toLocaleString('en')}
              </td>
              <td className="min-w-28 px-4 py-2.5 wrap-break-word text-muted">{last(sum)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function maxOf(a: string, b: string): string {
  return a > b ? a : b
}
