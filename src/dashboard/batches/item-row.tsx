import { Link } from 'wouter'
import type { BatchItem } from '../../batches/schema.ts'
import { Said } from '../ui/said.tsx'
import { STATES } from './batch-words.ts'

/** One input: its place, what became of it and why, and the way to its run. */
export function ItemRow({ item }: { item: BatchItem }) {
  const { index, line, status, executionId, error } = item
  const state = STATES.find((known) => known.status === status)
  return (
    <div className="flex items-start justify-between gap-4 px-4 py-3 text-sm sm:px-5">
      <div className="grid min-w-0 gap-0.5">
        <p className="flex flex-wrap items-center gap-x-3">
          <span className="font-medium tabular-nums">Input {(index + 1).toLocaleString('en')}</span>
          <span className="text-muted tabular-nums">line {line.toLocaleString('en')}</span>
          <span className="flex items-center gap-1.5 text-muted">
            <span aria-hidden className={`size-2 rounded-full ${state?.dot ?? ''}`} />
            {state?.word}
          </span>
        </p>
        {error && (
          <p className="text-delete">
            {error.step && <code className="font-mono text-xs">{error.step}: </code>}
            <Said text={error.message} />
          </p>
        )}
      </div>
      {executionId && (
        <Link
          href={`/runs/${executionId}`}
          aria-label={`Open the run of input ${index + 1}`}
          className="shrink-0 font-medium text-accent-ink underline underline-offset-2"
        >
          Open the run
        </Link>
      )}
    </div>
  )
}
