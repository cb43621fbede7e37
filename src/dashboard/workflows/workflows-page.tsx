import { Workflow } from 'lucide-react'
import { useSearchParams } from 'wouter'
import { IfMay, useMay } from '../auth/may.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState, PageHeader } from '../ui/card.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { useWorkflows } from './queries.ts'
import { RunDialog } from './run-dialog.tsx'
import { WorkflowRow } from './workflow-row.tsx'

/** The stored workflows: every confirmed plan becomes one, and can be run again. */
export function WorkflowsPage() {
  useTitle('Workflows')
  const may = useMay()
  const workflows = useWorkflows()
  const [search, setSearch] = useSearchParams()
  const running = search.get('run')
  return (
    <div className="grid gap-6">
      <PageHeader title="Workflows">Every plan you confirm is kept here, to run again.</PageHeader>
      {workflows.isPending && <CardsSkeleton cards={4} height="h-[4.75rem]" />}
      {workflows.isError && <ProblemNotice error={workflows.error} onRetry={() => void workflows.refetch()} />}
      {workflows.isSuccess && workflows.items.length === 0 && <NoWorkflows />}
      {workflows.items.length > 0 && (
        <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
          {workflows.items.map((workflow) => (
            <li key={workflow.id}>
              <WorkflowRow workflow={workflow} onRun={() => setSearch({ run: workflow.id })} />
            </li>
          ))}
        </ul>
      )}
      <LoadMore query={workflows} />
      {may.execute && running && <RunDialog id={running} onClose={() => setSearch({}, { replace: true })} />}
    </div>
  )
}

function NoWorkflows() {
  const action = (
    <IfMay do="execute">
      <ButtonLink href="/" look="primary">
        Say what should happen
      </ButtonLink>
    </IfMay>
  )
  return (
    <EmptyState icon={<Workflow size={24} />} title="No workflow yet" action={action}>
      Confirm a plan, and it stays here as a workflow.
    </EmptyState>
  )
}
