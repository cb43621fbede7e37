import { Layers, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { WorkflowDetail } from '../../workflows/schema.ts'
import { IfMay } from '../auth/may.tsx'
import { BatchSection } from '../batches/batch-section.tsx'
import { ScheduleSection } from '../schedules/schedule-section.tsx'
import { BackLink } from '../ui/back-link.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { PageHeader } from '../ui/card.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { Time } from '../ui/time.tsx'
import { useTitle } from '../ui/use-title.ts'
import { WebhookSection } from '../webhooks/webhook-section.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { useWorkflow } from './queries.ts'
import { RunDialog } from './run-dialog.tsx'
import { StepOutline } from './step-outline.tsx'
import { UnlistedNotice } from './unlisted-notice.tsx'
import { VersionSection } from './version-section.tsx'

/** One workflow: what it calls, and what runs it. */
export function WorkflowPage({ id }: { id: string }) {
  const query = useWorkflow(id)
  useTitle(query.data?.name ?? 'Workflow')
  if (query.isPending) return <PageSkeleton />
  return (
    <div className="grid gap-8">
      <BackLink href="/workflows" />
      {query.data ? (
        <Page workflow={query.data} />
      ) : (
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      )}
    </div>
  )
}

function Page({ workflow }: { workflow: WorkflowDetail }) {
  const { id, name, version, updatedAt, tags, listed, definition } = workflow
  return (
    <>
      <PageHeader title={name} action={<Actions id={id} name={name} />}>
        {definition.description && <p>{definition.description}</p>}
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
          <span>
            Version {version} · <Time at={updatedAt} />
          </span>
          {tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
        </p>
      </PageHeader>
      {!listed && <UnlistedNotice id={id} />}
      <Section title="Steps">
        <StepOutline workflow={workflow} />
      </Section>
      <ScheduleSection workflow={workflow} />
      <WebhookSection workflow={workflow} />
      <BatchSection workflowId={id} />
      <VersionSection workflow={workflow} />
    </>
  )
}

function Actions({ id, name }: { id: string; name: string }) {
  const [open, setOpen] = useState<'run' | 'delete' | null>(null)
  const [, navigate] = useLocation()
  const close = () => setOpen(null)
  return (
    <div className="flex flex-wrap gap-2">
      <IfMay do="execute">
        <Button look="primary" onClick={() => setOpen('run')}>
          <Play aria-hidden size={15} />
          Run
        </Button>
        <ButtonLink href={`/workflows/${id}/batch`}>
          <Layers aria-hidden size={15} />
          Run a batch
        </ButtonLink>
      </IfMay>
      <IfMay do="write">
        <Button onClick={() => setOpen('delete')}>
          <Trash2 aria-hidden size={15} />
          Delete
        </Button>
      </IfMay>
      {open === 'run' && <RunDialog id={id} onClose={close} />}
      {open === 'delete' && (
        <DeleteDialog id={id} name={name} onClose={close} onDeleted={() => navigate('/workflows', { replace: true })} />
      )}
    </div>
  )
}
