import { useState } from 'react'
import type { WorkflowDetail } from '../../workflows/schema.ts'
import { TriggerSection } from '../triggers/trigger-section.tsx'
import { NewWebhookDialog } from './new-webhook-dialog.tsx'
import { useWebhooks } from './queries.ts'
import { WebhookRow } from './webhook-row.tsx'

/** The URLs at which others tell of events that run a workflow. */
export function WebhookSection({ workflow }: { workflow: WorkflowDetail }) {
  const [adding, setAdding] = useState(false)
  return (
    <TriggerSection
      title="Webhooks"
      add="Add a webhook"
      empty="No event of others runs it."
      query={useWebhooks(workflow.id)}
      onAdd={() => setAdding(true)}
      row={(hook) => <WebhookRow hook={hook} />}
    >
      {adding && <NewWebhookDialog workflow={workflow} onClose={() => setAdding(false)} />}
    </TriggerSection>
  )
}
