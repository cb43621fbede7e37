import { useState } from 'react'
import { useMay } from '../auth/may.tsx'
import { count } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Listing } from '../ui/listing.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { CachedSpecRow } from './cached-spec-row.tsx'
import { usePurge, useSpecCache } from './queries.ts'

/** The specifications kept so that hosts are not asked each time, and the ways to drop them. */
export function SpecCache() {
  const { admin } = useMay()
  const cache = useSpecCache()
  const purge = usePurge()
  const [asking, setAsking] = useState(false)
  const all = admin && cache.items.length > 0 && <Button onClick={() => setAsking(true)}>Drop all</Button>
  return (
    <Section title="Cached specifications" action={all}>
      <p className="max-w-prose text-sm text-muted">
        A specification is kept for a while. Drop it to have it fetched anew at the next refresh.
      </p>
      {purge.isError && !asking && <ProblemNotice error={purge.error} />}
      {purge.isSuccess && (
        <Notice tone="ok" role="status" title={`${count(purge.data.purged, 'specification')} dropped`} />
      )}
      <Listing
        label="Cached specifications"
        query={cache}
        items={cache.items}
        keyOf={({ url }) => url}
        height="h-20"
        empty="No specification is kept."
      >
        {(document) => (
          <CachedSpecRow
            document={document}
            busy={purge.isPending && purge.variables === document.url}
            onDrop={admin ? () => purge.mutate(document.url) : null}
          />
        )}
      </Listing>
      {asking && (
        <ConfirmDialog
          title="Drop every cached specification?"
          confirm="Drop all"
          busy={purge.isPending}
          error={purge.error}
          onClose={() => setAsking(false)}
          onConfirm={() => purge.mutate(null, { onSuccess: () => setAsking(false) })}
        >
          Connected APIs stay as they are. Their documents are fetched anew at the next refresh.
        </ConfirmDialog>
      )}
    </Section>
  )
}
