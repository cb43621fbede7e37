import type { Batch } from '../../batches/schema.ts'
import { endedOf, STATES } from './batch-words.ts'

/** How far a batch is, as a bar parted by what became of its items. */
export function BatchBar({ batch }: { batch: Batch }) {
  const { progress, total, name } = batch
  const ended = endedOf(batch)
  const parts = STATES.filter(({ status }) => status !== 'pending')
  const ends = parts.map((_, index) => parts.slice(0, index + 1).reduce((sum, part) => sum + progress[part.status], 0))
  return (
    <div
      role="progressbar"
      aria-label={`Progress of ${name}`}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={ended}
      aria-valuetext={`${ended.toLocaleString('en')} of ${total.toLocaleString('en')} ended`}
      className="h-2 overflow-hidden rounded-full bg-line"
    >
      <svg aria-hidden viewBox={`0 0 ${Math.max(total, 1)} 1`} preserveAspectRatio="none" className="block size-full">
        {parts.map(({ status, fill }, index) => (
          <rect
            key={status}
            x={(ends[index] ?? 0) - progress[status]}
            width={progress[status]}
            height={1}
            className={fill}
          />
        ))}
      </svg>
    </div>
  )
}
