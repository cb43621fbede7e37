import { Trash2 } from 'lucide-react'
import type { CachedSpecView } from '../../admin/schema.ts'
import { bytes, duration } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Fact } from '../ui/fact.tsx'
import { Time } from '../ui/time.tsx'

/** One cached specification: where it is from, how old it is, and how long it is still good. */
export function CachedSpecRow({
  document,
  busy,
  onDrop,
}: {
  document: CachedSpecView
  busy: boolean
  /** Null for whoever may only look. */
  onDrop: (() => void) | null
}) {
  const { url, fetchedAt, ttlRemaining, etag } = document
  return (
    <div className="flex items-start gap-3 px-4 py-3.5 sm:px-5">
      <div className="grid min-w-0 flex-1 gap-2">
        <p className="flex flex-wrap items-center gap-2 font-mono text-xs">
          {url}
          {ttlRemaining === 0 && <Badge tone="warn">stale</Badge>}
        </p>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-2 lg:grid-cols-4">
          <Fact term="Fetched">
            <Time at={fetchedAt} />
          </Fact>
          <Fact term="Good for">{ttlRemaining === 0 ? 'Asked again next time' : hours(ttlRemaining)}</Fact>
          <Fact term="Size">{bytes(document.bytes)}</Fact>
          <Fact term="ETag">{etag ? <code className="font-mono text-xs">{etag}</code> : 'None'}</Fact>
        </dl>
      </div>
      {onDrop && (
        <Button look="quiet" className="px-2.5" busy={busy} aria-label={`Drop ${url}`} onClick={onDrop}>
          {!busy && <Trash2 aria-hidden size={17} />}
        </Button>
      )}
    </div>
  )
}

function hours(seconds: number): string {
  return seconds < 3600 ? duration(seconds * 1000) : `${Math.round(seconds / 3600)} h`
}
