import { X } from 'lucide-react'
import type { Refreshed } from '../../drift/schema.ts'
import { count } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { AffectedList } from './affected-list.tsx'
import { ChangeList } from './change-list.tsx'

/** What came of reading the document again. */
export function RefreshResult({ refreshed, onClose }: { refreshed: Refreshed; onClose: () => void }) {
  const { changes, affectedWorkflows, warning, connection } = refreshed
  const breaking = changes.filter((change) => change.breaking).length
  // A large document: its progress is shown in place of this.
  if (connection.ingestion && ['queued', 'running'].includes(connection.ingestion.status)) return null
  return (
    <Card className="grid gap-4">
      <div className="flex items-start justify-between gap-3">
        <h2 role="status" className="text-lg">
          {headline(changes.length, breaking)}
        </h2>
        <Button look="quiet" className="px-2.5" aria-label="Close the changes" onClick={onClose}>
          <X aria-hidden size={17} />
        </Button>
      </div>
      {warning && (
        <Notice tone="warn" title="An older copy of the document was used">
          <p>{warning}</p>
        </Notice>
      )}
      {changes.length === 0 ? (
        <p className="text-sm text-muted">The document says the same as before.</p>
      ) : (
        <ChangeList changes={changes} />
      )}
      <AffectedList workflows={affectedWorkflows} />
    </Card>
  )
}

function headline(changes: number, breaking: number): string {
  if (changes === 0) return 'Nothing changed'
  if (breaking === 0) return `${count(changes, 'change')}, none breaking`
  return breaking === changes
    ? count(changes, 'breaking change')
    : `${count(changes, 'change')}, ${breaking} of them breaking`
}
