import { ListRestart, RotateCcw, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { ReplayDialog } from './replay-dialog.tsx'
import { RerunDialog } from './rerun-dialog.tsx'
import { isUndoable, type RunView } from './run-view.ts'
import { UndoDialog } from './undo-dialog.tsx'

/** What can be done with a run that is over: take it back, run it again, or go through it without calling anything. */
export function RunAnew({ id, run }: { id: string; run: RunView }) {
  const [open, setOpen] = useState<'undo' | 'rerun' | 'replay' | null>(null)
  const close = () => setOpen(null)
  return (
    <>
      {isUndoable(run) && (
        <Button onClick={() => setOpen('undo')}>
          <Undo2 aria-hidden size={16} />
          Undo this run
        </Button>
      )}
      <Button onClick={() => setOpen('replay')}>
        <ListRestart aria-hidden size={16} />
        Replay
      </Button>
      {run.undoes === null && (
        <Button onClick={() => setOpen('rerun')}>
          <RotateCcw aria-hidden size={16} />
          Run again
        </Button>
      )}
      {open === 'undo' && <UndoDialog id={id} onClose={close} />}
      {open === 'rerun' && <RerunDialog id={id} input={run.input} onClose={close} />}
      {open === 'replay' && <ReplayDialog id={id} onClose={close} />}
    </>
  )
}
