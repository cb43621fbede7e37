import { useState } from 'react'
import type { useRefreshDocument } from '../apis/queries.ts'
import { Button } from '../ui/button.tsx'
import { NewDocumentDialog } from './new-document-dialog.tsx'

/** Gives an API another document than the one it came with. */
export function ReplaceDocument({ refresh }: { refresh: ReturnType<typeof useRefreshDocument> }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button onClick={() => setAsking(true)}>Give another document</Button>
      {asking && (
        <NewDocumentDialog
          busy={refresh.isPending}
          error={refresh.error}
          onClose={() => setAsking(false)}
          onSubmit={(request) => refresh.mutate(request, { onSuccess: () => setAsking(false) })}
        />
      )}
    </>
  )
}
