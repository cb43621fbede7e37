import { Play } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { useLocation } from 'wouter'
import type { WorkflowDetail } from '../../workflows/schema.ts'
import { InputFields } from '../inputs/input-fields.tsx'
import { entryError, initialEntries, toInput } from '../inputs/input-values.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Bar } from '../ui/skeleton.tsx'
import { CallList } from './call-list.tsx'
import { inputsOf } from './inputs-of.ts'
import { useRunWorkflow, useWorkflow } from './queries.ts'

/** Shows what a workflow calls, asks for its inputs, and runs it. */
export function RunDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useWorkflow(id)
  return (
    <Dialog title={query.data ? `Run ${query.data.name}` : 'Run a workflow'} onClose={onClose}>
      {query.isPending && <Bar className="h-24 w-full" />}
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <RunForm workflow={query.data} onClose={onClose} />}
    </Dialog>
  )
}

function RunForm({ workflow, onClose }: { workflow: WorkflowDetail; onClose: () => void }) {
  const inputs = inputsOf(workflow.definition)
  const [entries, setEntries] = useState(() => initialEntries(inputs))
  const run = useRunWorkflow(workflow.id)
  const [, navigate] = useLocation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (inputs.some((input) => entryError(input, entries[input.name] ?? ''))) return
    run.mutate(toInput(inputs, entries), { onSuccess: (runId) => navigate(`/runs/${runId}`) })
  }
  return (
    <form onSubmit={submit} className="grid gap-5">
      <div className="grid gap-1.5 text-sm">
        <p className="text-muted">It calls, in this order:</p>
        <CallList definition={workflow.definition} />
      </div>
      {inputs.length > 0 && <InputFields inputs={inputs} entries={entries} error={run.error} onChange={setEntries} />}
      {run.isError && <ProblemNotice error={run.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Close</Button>
        <Button type="submit" look="primary" busy={run.isPending}>
          {!run.isPending && <Play aria-hidden size={15} />}
          Run
        </Button>
      </div>
    </form>
  )
}
