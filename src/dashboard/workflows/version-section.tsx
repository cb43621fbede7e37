import { Copy } from 'lucide-react'
import { useLocation } from 'wouter'
import type { WorkflowDetail, WorkflowVersion } from '../../workflows/schema.ts'
import { IfMay } from '../auth/may.tsx'
import { count } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Button, DownloadLink } from '../ui/button.tsx'
import { ItemRow } from '../ui/item-row.tsx'
import { Listing } from '../ui/listing.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { Time } from '../ui/time.tsx'
import { useDuplicate, useRollback, useVersions } from './queries.ts'

/** What the workflow was before, the way back to it, and the ways to take it elsewhere. */
export function VersionSection({ workflow: { id, version } }: { workflow: WorkflowDetail }) {
  const versions = useVersions(id, version)
  const duplicate = useDuplicate(id)
  const [, navigate] = useLocation()
  const actions = (
    <div className="flex flex-wrap gap-2">
      <IfMay do="write">
        <Button
          busy={duplicate.isPending}
          onClick={() => duplicate.mutate(undefined, { onSuccess: (copy) => navigate(`/workflows/${copy}`) })}
        >
          {!duplicate.isPending && <Copy aria-hidden size={15} />}
          Duplicate
        </Button>
      </IfMay>
      <DownloadLink href={`/api/workflows/${id}/export`}>Export as Arazzo</DownloadLink>
    </div>
  )
  return (
    <Section title="Versions" action={actions}>
      {duplicate.isError && <ProblemNotice error={duplicate.error} />}
      <Listing
        label="Versions"
        query={versions}
        items={versions.items}
        keyOf={(each) => String(each.version)}
        cards={1}
        empty="It has no version."
      >
        {(each) => <VersionRow id={id} version={each} isCurrent={each.version === version} />}
      </Listing>
    </Section>
  )
}

function VersionRow({ id, version, isCurrent }: { id: string; version: WorkflowVersion; isCurrent: boolean }) {
  const { version: number, definition, createdAt } = version
  const rollback = useRollback(id)
  return (
    <ItemRow
      title={
        <>
          Version {number}
          {isCurrent && <Badge tone="ok">Current</Badge>}
        </>
      }
      about={
        <>
          {definition.name} · {count(definition.steps.length, 'step')} · <Time at={createdAt} />
        </>
      }
      actions={
        !isCurrent && (
          <IfMay do="write">
            <Button
              look="quiet"
              busy={rollback.isPending}
              aria-label={`Go back to version ${number}`}
              onClick={() => rollback.mutate(number)}
            >
              Go back to it
            </Button>
          </IfMay>
        )
      }
    >
      {rollback.isError && <ProblemNotice error={rollback.error} />}
    </ItemRow>
  )
}
