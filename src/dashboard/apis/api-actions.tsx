import { Activity, RefreshCw, Unplug } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { ConnectionDetail } from '../../connections/schema.ts'
import { NewDocumentDialog } from '../drift/new-document-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useDeleteApi, type useRefreshDocument, type useTestApi } from './queries.ts'

/** What can be done with an API: test it, read its document again, disconnect it. */
export function ApiActions({
  connection,
  test,
  refresh,
}: {
  connection: ConnectionDetail
  test: ReturnType<typeof useTestApi>
  refresh: ReturnType<typeof useRefreshDocument>
}) {
  const [asking, setAsking] = useState<'document' | 'disconnect' | null>(null)
  const read = connection.status !== 'DRAFT'
  return (
    <div className="flex flex-wrap gap-2">
      {read && (
        <>
          <Button busy={test.isPending} onClick={() => test.mutate(connection.updatedAt)}>
            {!test.isPending && <Activity aria-hidden size={15} />}
            Test
          </Button>
          <Button
            busy={refresh.isPending}
            onClick={() => (connection.specUrl ? refresh.mutate({}) : setAsking('document'))}
          >
            {!refresh.isPending && <RefreshCw aria-hidden size={15} />}
            Refresh
          </Button>
        </>
      )}
      <Button onClick={() => setAsking('disconnect')}>
        <Unplug aria-hidden size={15} />
        {read ? 'Disconnect' : 'Remove'}
      </Button>
      {asking === 'document' && (
        <NewDocumentDialog
          busy={refresh.isPending}
          error={refresh.error}
          onClose={() => setAsking(null)}
          onSubmit={(request) => refresh.mutate(request, { onSuccess: () => setAsking(null) })}
        />
      )}
      {asking === 'disconnect' && <Disconnect connection={connection} onClose={() => setAsking(null)} />}
    </div>
  )
}

function Disconnect({ connection, onClose }: { connection: ConnectionDetail; onClose: () => void }) {
  const remove = useDeleteApi()
  const [, navigate] = useLocation()
  return (
    <ConfirmDialog
      title={`Disconnect ${connection.name}?`}
      confirm="Disconnect"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate(connection.id, { onSuccess: () => navigate('/apis', { replace: true }) })}
    >
      Its credential, specification and operations are removed. Workflows that use it can no longer run; past runs stay.
    </ConfirmDialog>
  )
}
