import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { EndpointView } from '../../catalog/schema.ts'
import { Badge } from '../ui/badge.tsx'
import { EffectBadge } from '../ui/effect-badge.tsx'
import { OperationDetail } from './operation-detail.tsx'

/** One operation; opened, all there is to know about calling it. `api` names whose it is, where several are mixed. */
export function OperationRow({ operation, api }: { operation: EndpointView; api?: string | undefined }) {
  const [opened, setOpened] = useState(false)
  const { method, path, summary, effect, deprecated } = operation
  return (
    <details onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary className="flex list-none items-start gap-3 px-4 py-3 -outline-offset-2 hover:bg-sunken">
        <ChevronRight aria-hidden size={16} className="chevron mt-1 shrink-0 text-muted transition-transform" />
        <span className="grid min-w-0 flex-1 gap-0.5">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-medium">
            {summary || operation.operationId || path}
            {deprecated && <Badge tone="warn">deprecated</Badge>}
          </span>
          <code className="font-mono text-xs text-muted">
            {method} {path}
          </code>
          {api && <span className="text-xs text-muted">{api}</span>}
        </span>
        <EffectBadge effect={effect} />
      </summary>
      {opened && <OperationDetail operation={operation} />}
    </details>
  )
}
