import { Check, LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Ingestion } from '../../connections/schema.ts'
import { bytes, count } from '../lib/text.ts'

/** Fetched, parsed, stored: the three stages of reading a document, with a bar for the last. */
export function ReadingSteps({ ingestion }: { ingestion: Ingestion }) {
  const { operations, indexed } = ingestion
  const fetched = ingestion.bytes !== null
  const parsed = operations !== null
  return (
    <ol className="grid gap-3">
      <Stage done={fetched} here={!fetched}>
        {ingestion.bytes === null ? 'Fetching the document' : `Fetched ${bytes(ingestion.bytes)}`}
      </Stage>
      <Stage done={parsed} here={fetched && !parsed}>
        {parsed ? `Parsed: ${count(operations, 'operation')}` : 'Parse it'}
      </Stage>
      <Stage done={parsed && indexed >= operations} here={parsed}>
        {parsed
          ? `Stored ${indexed.toLocaleString('en')} of ${count(operations, 'operation')}`
          : 'Store its operations'}
      </Stage>
      {parsed && <progress aria-label="Operations stored" max={Math.max(1, operations)} value={indexed} />}
    </ol>
  )
}

function Stage({ done, here, children }: { done: boolean; here: boolean; children: ReactNode }) {
  const look = done ? 'bg-create-soft text-create' : here ? 'bg-accent-soft text-accent-ink' : 'bg-sunken text-muted'
  return (
    <li aria-current={here && !done ? 'step' : undefined} className="flex items-center gap-3 text-sm">
      <span aria-hidden className={`grid size-6 shrink-0 place-items-center rounded-full ${look}`}>
        {done ? <Check size={14} /> : here && <LoaderCircle size={14} className="animate-spin" />}
      </span>
      <span className={done || here ? 'tabular-nums' : 'text-muted'}>{children}</span>
    </li>
  )
}
