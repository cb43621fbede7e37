import { useState } from 'react'
import { useMay } from '../auth/may.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useDecide } from './queries.ts'
import type { StepView } from './run-view.ts'

/** Asks for the decision that a step waits for: an approval, or what became of a call that a crash cut off. */
export function DecideForm({ id, step }: { id: string; step: StepView }) {
  const { execute } = useMay()
  const [comment, setComment] = useState('')
  const decide = useDecide(id)
  const send = (verdict: 'approve' | 'refuse' | 'repeat' | 'done') => () =>
    decide.mutate({ step: step.id, verdict, ...(comment.trim() ? { comment: comment.trim() } : {}) })
  const asking = step.status === 'asking'
  return (
    <form className="grid max-w-prose gap-3" onSubmit={(event) => event.preventDefault()}>
      <Notice
        tone="warn"
        title={asking ? (step.message ?? 'Go on?') : 'It is not known whether this call was carried out'}
      >
        {asking
          ? 'Nothing listed after this step begins before somebody decides.'
          : 'The machine stopped while the call was out. Look at the API, then say how to go on.'}
      </Notice>
      {execute && (
        <>
          <TextField label="Comment" value={comment} onChange={(event) => setComment(event.target.value)} />
          <div className="flex flex-wrap gap-2">
            {asking ? (
              <Button look="primary" busy={decide.isPending} onClick={send('approve')}>
                Approve
              </Button>
            ) : (
              <>
                <Button busy={decide.isPending} onClick={send('repeat')}>
                  Send it again
                </Button>
                <Button busy={decide.isPending} onClick={send('done')}>
                  It was carried out
                </Button>
              </>
            )}
            <Button look="danger" busy={decide.isPending} onClick={send('refuse')}>
              {asking ? 'Refuse' : 'Let it fail'}
            </Button>
          </div>
        </>
      )}
      {decide.isError && <ProblemNotice error={decide.error} />}
    </form>
  )
}
