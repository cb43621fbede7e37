import { Play } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { useLocation } from 'wouter'
import { jsonError } from '../lib/json.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { AreaField } from '../ui/field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useRerun } from './queries.ts'

/** Runs what ran once more: the same version, with the same input or what becomes of it here. */
export function RerunDialog({
  id,
  input,
  onClose,
}: {
  id: string
  input: Record<string, unknown>
  onClose: () => void
}) {
  const [text, setText] = useState(() => JSON.stringify(input, null, 2))
  const rerun = useRerun(id)
  const [, navigate] = useLocation()
  const wrong = jsonError(text)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wrong) return
    rerun.mutate(JSON.parse(text) as Record<string, unknown>, { onSuccess: (runId) => navigate(`/runs/${runId}`) })
  }
  return (
    <Dialog title="Run again" onClose={onClose}>
      <form onSubmit={submit} className="grid gap-5">
        <p className="text-sm text-muted">
          The same version of the workflow runs once more, and its calls are made anew.
        </p>
        <AreaField
          label="Input"
          hint="JSON, as it was then; change what should be different."
          error={wrong}
          rows={8}
          spellCheck={false}
          className="font-mono text-xs"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {rerun.isError && <ProblemNotice error={rerun.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={rerun.isPending}>
            {!rerun.isPending && <Play aria-hidden size={15} />}
            Run again
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
