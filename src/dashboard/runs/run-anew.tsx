import { ListRestart, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { ReplayDialog } from './replay-dialog.tsx'
import { RerunDialog } from './rerun-dialog.tsx'

/** What can be done with a run that is over: run it again, or go through it once more without calling anything. */
export function RunAnew({ id, input }: { id: string; input: Record<string, unknown> }) {
  const [open, setOpen] = useState<'rerun' | 'replay' | null>(null)
  const close = () => setOpen(null)
  return (
    <>
      <Button onClick={() => setOpen('replay')}>
        <ListRestart aria-hidden size={16} />
        Replay
      </Button>
      <Button onClick={() => setOpen('rerun')}>
        <RotateCcw aria-hidden size={16} />
        Run again
      </Button>
      {open === 'rerun' && <RerunDialog id={id} input={input} onClose={close} />}
      {open === 'replay' && <ReplayDialog id={id} onClose={close} />}
    </>
  )
}
