import type { ConnectionDetail } from '../../connections/schema.ts'
import { count } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Card } from '../ui/card.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { PlaceList, type Place } from './place-list.tsx'

/** What the document has wrong without being unusable, and which of its operations cannot be used. */
export function ReportCard({ connection }: { connection: ConnectionDetail }) {
  const { findings, skipped, endpointCount } = connection
  if (findings.length + skipped.length === 0) return null
  return (
    <Card className="grid gap-2">
      <div className="grid gap-1 pb-1">
        <h2 className="text-lg">Check of the document</h2>
        <p className="text-sm text-muted">
          {count(endpointCount, 'operation')} can be used
          {skipped.length > 0 && `, ${skipped.length.toLocaleString('en')} cannot`}. Whoever writes the document can
          mend the rest.
        </p>
      </div>
      <Part title="Operations left out" tone="warn" places={skipped} />
      <Part title="Flaws that can be lived with" tone="info" places={findings} />
    </Card>
  )
}

function Part({ title, tone, places }: { title: string; tone: 'warn' | 'info'; places: readonly Place[] }) {
  if (places.length === 0) return null
  return (
    <Disclosure
      summary={
        <span className="flex flex-wrap items-center gap-2">
          {title} <Badge tone={tone}>{places.length.toLocaleString('en')}</Badge>
        </span>
      }
    >
      <div className="border-l-2 border-line pl-4">
        <PlaceList places={places} label={title} />
      </div>
    </Disclosure>
  )
}
