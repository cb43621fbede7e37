import type { ConnectionDetail, Ingestion } from '../../connections/schema.ts'
import type { useRefreshDocument } from '../apis/queries.ts'
import { IfMay } from '../auth/may.tsx'
import { ReplaceDocument } from '../drift/replace-document.tsx'
import { bytes, count } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { PlaceList } from '../report/place-list.tsx'
import { ReadingSteps } from './reading-steps.tsx'
import { useIngestion } from './use-ingestion.ts'

type Reading = {
  connection: ConnectionDetail
  ingestion: Ingestion
  refresh: ReturnType<typeof useRefreshDocument>
}

/** A large document being read: how far it is, or why it could not be used. */
export function IngestionCard({ connection, ingestion, refresh }: Reading) {
  const latest = useIngestion(connection.id, ingestion)
  if (latest.status === 'done') return null
  if (latest.status === 'failed') return <ReadingFailed connection={connection} ingestion={latest} refresh={refresh} />
  return (
    <Card className="grid gap-4">
      <div className="grid gap-1">
        <h2 className="text-lg">Reading the document</h2>
        <p className="text-sm text-muted">
          It is large, so this takes a moment. You can leave this page; the reading goes on.
        </p>
      </div>
      <ReadingSteps ingestion={latest} />
      <p role="status" className="sr-only">
        {latest.bytes === null ? 'Fetching' : `${bytes(latest.bytes)} read`}
      </p>
    </Card>
  )
}

function ReadingFailed({ connection, ingestion, refresh }: Reading) {
  const { code, detail, errors = [] } = ingestion.error ?? { code: 'INTERNAL', detail: 'The reading was given up.' }
  const draft = connection.status === 'DRAFT'
  // A document that was taken since then has made up for it.
  if (!draft && (ingestion.endedAt ?? '') < connection.updatedAt) return null
  return (
    <Notice
      tone="danger"
      role="alert"
      title={draft ? 'The document could not be used' : 'The new document could not be used; the one before stays'}
    >
      <p>
        {detail} <code className="font-mono text-xs">{code}</code>
      </p>
      {errors.length > 0 && <PlaceList places={errors} label={count(errors.length, 'place')} />}
      <IfMay do="write">
        <div className="flex flex-wrap gap-2 pt-1">
          {connection.specUrl && (
            <Button busy={refresh.isPending} onClick={() => refresh.mutate({})}>
              Try again
            </Button>
          )}
          <ReplaceDocument refresh={refresh} />
        </div>
      </IfMay>
    </Notice>
  )
}
