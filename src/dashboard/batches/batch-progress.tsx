import { Download } from 'lucide-react'
import type { Batch } from '../../batches/schema.ts'
import { DownloadLink } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { BatchBar } from './batch-bar.tsx'
import { endedOf, isOpen, STATES } from './batch-words.ts'
import { resultsUrl } from './queries.ts'

/** How far a batch is, in numbers and as a bar, and its results as files. */
export function BatchProgress({ batch }: { batch: Batch }) {
  const { id, total, progress } = batch
  const shown = STATES.filter(({ status }) => progress[status] > 0 || status === 'succeeded')
  return (
    <Card className="grid gap-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-lg">Progress</h2>
        <p className="text-sm text-muted tabular-nums">
          {endedOf(batch).toLocaleString('en')} of {total.toLocaleString('en')} ended
        </p>
      </div>
      <BatchBar batch={batch} />
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3 lg:grid-cols-6">
        {shown.map(({ status, word, dot }) => (
          <div key={status}>
            <dt className="flex items-center gap-1.5 text-xs text-muted">
              <span aria-hidden className={`size-2 rounded-full ${dot}`} />
              {word}
            </dt>
            <dd className="text-lg font-semibold tabular-nums">{progress[status].toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
      <div className="flex flex-wrap items-center gap-2 border-t border-line pt-4">
        <p className="mr-auto w-full text-sm text-muted sm:w-auto">
          {isOpen(batch) ? 'Results, as far as there are any' : 'What became of every input'}
        </p>
        {(['csv', 'ndjson'] as const).map((format) => (
          <DownloadLink key={format} href={resultsUrl(id, format)}>
            <Download aria-hidden size={15} />
            {format.toUpperCase()}
          </DownloadLink>
        ))}
      </div>
    </Card>
  )
}
