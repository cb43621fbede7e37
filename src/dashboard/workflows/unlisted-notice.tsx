import { IfMay } from '../auth/may.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useListWorkflow } from './queries.ts'

/** Says why a workflow is not in the list, and puts it there. */
export function UnlistedNotice({ id }: { id: string }) {
  const list = useListWorkflow(id)
  return (
    <Notice tone="info" title="Made for one run">
      <p>It answered a question or undid a run. It is kept for that and is not in the list of workflows.</p>
      <IfMay do="write">
        <Button className="mt-2" busy={list.isPending} onClick={() => list.mutate()}>
          Keep it in the list
        </Button>
      </IfMay>
      {list.isError && <ProblemNotice error={list.error} />}
    </Notice>
  )
}
