import { Save } from 'lucide-react'
import type { WorkflowDefinition } from '../../steps/schema.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useSaveWorkflow } from './queries.ts'

/** Makes a workflow of a plan that others are to run, without running it now; null is a definition that cannot be read. */
export function SaveWorkflow({ definition }: { definition: WorkflowDefinition | null }) {
  const save = useSaveWorkflow()
  return (
    <>
      <Button
        look="primary"
        busy={save.isPending}
        disabled={definition === null}
        onClick={() => definition && save.mutate(definition)}
      >
        {!save.isPending && <Save aria-hidden size={15} />}
        Save as a workflow
      </Button>
      {save.isError && (
        <div className="order-last w-full">
          <ProblemNotice error={save.error} />
        </div>
      )}
    </>
  )
}
