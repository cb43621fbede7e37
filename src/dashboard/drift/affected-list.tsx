import { Link } from 'wouter'
import type { AffectedWorkflow } from '../../drift/schema.ts'
import { Badge } from '../ui/badge.tsx'
import { Said } from '../ui/said.tsx'

/** Workflows that use an operation which changed. */
export function AffectedList({ workflows }: { workflows: readonly AffectedWorkflow[] }) {
  if (workflows.length === 0) return null
  return (
    <div className="grid gap-2">
      <h3 className="text-sm">Workflows that use what changed</h3>
      <ul className="grid gap-2">
        {workflows.map(({ workflowId, name, operation, breaking, message }) => (
          <li key={`${workflowId} ${operation} ${message}`} className="grid gap-0.5 text-sm">
            <span className="flex flex-wrap items-center gap-2">
              <Link href="/workflows" className="font-medium text-accent-ink underline underline-offset-2">
                {name}
              </Link>
              {breaking && <Badge tone="danger">May fail</Badge>}
            </span>
            <span className="text-muted">
              <code className="font-mono text-xs">{operation}</code>: <Said text={message} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
