import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { WorkflowDetail } from '../../workflows/schema.ts'
import { Button } from '../ui/button.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { NoRows, Rows } from '../ui/rows.tsx'
import { Section } from '../ui/section.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { NewWebhookDialog } from './new-webhook-dialog.tsx'
import { useWebhooks } from './queries.ts'
import { WebhookRow } from './webhook-row.tsx'

/** The URLs at which others tell of events that run a workflow. */
export function WebhookSection({ workflow }: { workflow: WorkflowDetail }) {
  const hooks = useWebhooks(workflow.id)
  const [adding, setAdding] = useState(false)
  const add = (
    <Button onClick={() => setAdding(true)}>
      <Plus aria-hidden size={16} />
      Add a webhook
    </Button>
  )
  return (
    <Section title="Webhooks" action={add}>
      {hooks.isPending && <CardsSkeleton cards={1} />}
      {hooks.isError && <ProblemNotice error={hooks.error} onRetry={() => void hooks.refetch()} />}
      {hooks.isSuccess && hooks.items.length === 0 && <NoRows>No event of others runs it.</NoRows>}
      {hooks.items.length > 0 && (
        <Rows aria-label="Webhooks">
          {hooks.items.map((hook) => (
            <li key={hook.id}>
              <WebhookRow hook={hook} />
            </li>
          ))}
        </Rows>
      )}
      <LoadMore query={hooks} />
      {adding && <NewWebhookDialog workflow={workflow} onClose={() => setAdding(false)} />}
    </Section>
  )
}
