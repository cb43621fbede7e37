import { Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Workflow } from '../../workflows/schema.ts'
import { IfMay } from '../auth/may.tsx'
import { Button } from '../ui/button.tsx'
import { Time } from '../ui/time.tsx'
import { DeleteDialog } from './delete-dialog.tsx'

/** One workflow with what can be done with it. */
export function WorkflowRow({ workflow, onRun }: { workflow: Workflow; onRun: () => void }) {
  const [asking, setAsking] = useState(false)
  const { id, name, version, updatedAt } = workflow
  return (
    <div className="flex items-center justify-between gap-3 px-4 py-3.5 sm:px-5">
      <div className="min-w-0">
        <h2 className="text-[0.9375rem]">
          <Link href={`/workflows/${id}`} className="underline-offset-2 hover:underline">
            {name}
          </Link>
        </h2>
        <p className="text-sm text-muted">
          Version {version} · <Time at={updatedAt} />
        </p>
      </div>
      <div className="flex shrink-0 items-center gap-1">
        <IfMay do="write">
          <Button look="quiet" className="px-2.5" aria-label={`Delete ${name}`} onClick={() => setAsking(true)}>
            <Trash2 aria-hidden size={17} />
          </Button>
        </IfMay>
        <IfMay do="execute">
          <Button onClick={onRun} aria-label={`Run ${name}`}>
            <Play aria-hidden size={15} />
            Run
          </Button>
        </IfMay>
      </div>
      {asking && <DeleteDialog id={id} name={name} onClose={() => setAsking(false)} />}
    </div>
  )
}
