import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { EndpointView } from '../../catalog/schema.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { useRemoveOperation } from './queries.ts'

/** Takes an operation out that was written by hand. */
export function RemoveButton({ operation }: { operation: EndpointView }) {
  const [asking, setAsking] = useState(false)
  const remove = useRemoveOperation(operation)
  return (
    <div>
      <Button look="quiet" onClick={() => setAsking(true)}>
        <Trash2 aria-hidden size={15} />
        Remove
      </Button>
      {asking && (
        <ConfirmDialog
          title={`Remove ${operation.method} ${operation.path}?`}
          confirm="Remove"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setAsking(false)}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => setAsking(false) })}
        >
          Workflows that use it can no longer run. Only operations that were added by hand can be removed.
        </ConfirmDialog>
      )}
    </div>
  )
}
