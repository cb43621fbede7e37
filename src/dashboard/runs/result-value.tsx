import { Disclosure } from '../ui/disclosure.tsx'
import { JsonBlock } from '../ui/json-block.tsx'
import { LargeValue } from './large-value.tsx'
import { isPlain } from './result-shape.ts'
import { isValueRef } from './value-ref.ts'

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

/** One value inside a result: plain where it fits in a line, folded where it does not. */
export function ResultValue({ value }: { value: unknown }) {
  if (value === null || value === undefined || value === '') return <span className="text-muted">–</span>
  if (typeof value === 'boolean') return <>{value ? 'yes' : 'no'}</>
  if (typeof value === 'string' && MOMENT.test(value)) return <Moment iso={value} />
  if (isPlain(value)) return <span className={typeof value === 'number' ? 'tabular-nums' : ''}>{String(value)}</span>
  if (isValueRef(value)) return <LargeValue value={value}>{(whole) => <ResultValue value={whole} />}</LargeValue>
  const short = JSON.stringify(value)
  if (short.length <= 40) return <code className="font-mono text-xs">{short}</code>
  const summary = Array.isArray(value) ? `${value.length} items` : `${Object.keys(value as object).length} values`
  return (
    <Disclosure summary={summary}>
      <div className="min-w-56">
        <JsonBlock value={value} label={summary} />
      </div>
    </Disclosure>
  )
}

function Moment({ iso }: { iso: string }) {
  const shown = new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <time dateTime={iso} title={iso} className="whitespace-nowrap">
      {shown}
    </time>
  )
}
