import type { WorkflowDetail } from '../../workflows/schema.ts'
import { useMay } from '../auth/may.tsx'
import { BackLink } from '../ui/back-link.tsx'
import { PageHeader } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { useWorkflow } from '../workflows/queries.ts'
import { NewBatchForm } from './new-batch-form.tsx'

/** Starts a batch of a workflow. */
export function NewBatchPage({ workflowId }: { workflowId: string }) {
  const query = useWorkflow(workflowId)
  useTitle('Start a batch')
  if (query.isPending) return <PageSkeleton />
  return (
    <div className="grid gap-6">
      <BackLink href={`/workflows/${workflowId}`} />
      {query.data ? (
        <Page workflow={query.data} />
      ) : (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      )}
    </div>
  )
}

function Page({ workflow }: { workflow: WorkflowDetail }) {
  const { execute } = useMay()
  return (
    <>
      <PageHeader title={`Run ${workflow.name} for many inputs`}>
        Every row becomes a run of its own, up to 10,000 of them. All rows are checked before the first one runs.
      </PageHeader>
      {execute ? (
        <NewBatchForm workflow={workflow} />
      ) : (
        <Notice tone="info" title="You may look at batches, not start them" />
      )}
    </>
  )
}
