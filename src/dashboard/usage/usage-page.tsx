import { useState } from 'react'
import type { Usage } from '../../access/usage-schema.ts'
import { fieldError } from '../api/problem.ts'
import { textOf } from '../lib/form.ts'
import { Button, DownloadLink } from '../ui/button.tsx'
import { Card, PageHeader } from '../ui/card.tsx'
import { Fact } from '../ui/fact.tsx'
import { TextField } from '../ui/field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { NoRows } from '../ui/rows.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { exportHref, useUsage, type Period } from './queries.ts'
import { UsageByDay, UsageByKey } from './usage-tables.tsx'

/** What the workspace used, by key and by day. */
export function UsagePage() {
  useTitle('Usage')
  const [period, setPeriod] = useState<Period>({ from: '', to: '' })
  const usage = useUsage(period)
  const wrong = (path: string) => fieldError(usage.error, path)
  const exports = (
    <div className="flex flex-wrap gap-2">
      <DownloadLink href={exportHref(period, 'csv')}>Export as CSV</DownloadLink>
      <DownloadLink href={exportHref(period, 'json')}>As JSON</DownloadLink>
    </div>
  )
  return (
    <div className="grid gap-6">
      <PageHeader title="Usage" action={exports}>
        What the workspace asked of APIQ, by key and by day.
      </PageHeader>
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          const form = event.currentTarget
          setPeriod({ from: textOf(form, 'from'), to: textOf(form, 'to') })
        }}
      >
        <TextField label="From" name="from" type="date" defaultValue={usage.data?.from} error={wrong('/from')} />
        <TextField label="To" name="to" type="date" defaultValue={usage.data?.to} error={wrong('/to')} />
        <Button type="submit" busy={usage.isFetching && !usage.isPending}>
          Show
        </Button>
      </form>
      {usage.isPending && <CardsSkeleton cards={2} />}
      {usage.isError && <ProblemNotice error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.data && <Sums usage={usage.data} />}
      {usage.data?.days.length === 0 && <NoRows>Nothing was asked in these days.</NoRows>}
      {usage.data && usage.data.days.length > 0 && (
        <>
          <UsageByKey days={usage.data.days} />
          <UsageByDay days={usage.data.days} />
        </>
      )}
    </div>
  )
}

function Sums({ usage: { total, month } }: { usage: Usage }) {
  return (
    <Card className="grid gap-4">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
        <Fact term="Requests in these days">{total.requests.toLocaleString('en')}</Fact>
        <Fact term="Units in these days">{total.units.toLocaleString('en')}</Fact>
        <Fact term="Units this month">{month.units.toLocaleString('en')}</Fact>
        <Fact term="Quota of the month">{month.quota === null ? 'None' : month.quota.toLocaleString('en')}</Fact>
      </dl>
      {month.quota !== null && (
        <progress aria-label="Of the month’s quota" max={month.quota} value={Math.min(month.units, month.quota)} />
      )}
      <p className="text-xs text-muted">
        A unit is a request by the weight of what it asks: a plan weighs more than a look. Limits and quotas count
        units. Days are of UTC.
      </p>
    </Card>
  )
}
