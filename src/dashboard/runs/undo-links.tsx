import { Undo2 } from 'lucide-react'
import { Link } from 'wouter'
import type { Execution } from '../../runs/schema.ts'

/** How the undoing of a run stands. */
export const UNDO_WORDS: Record<Execution['status'], string> = {
  running: 'Is being undone',
  paused: 'Is being undone, paused',
  needs_decision: 'Is being undone, and that needs a decision',
  succeeded: 'Undone',
  failed: 'Not all of it could be undone',
  cancelled: 'The undoing was cancelled',
}

/** The way from a run to the one that takes it back, and from that one to what it takes back. */
export function UndoLinks({ undoes, undoneBy }: Pick<Execution, 'undoes' | 'undoneBy'>) {
  if (undoneBy) return <RunLink id={undoneBy.id} words={UNDO_WORDS[undoneBy.status]} to="See the undoing run" />
  return undoes === null ? null : <RunLink id={undoes} words="Takes back another run" to="See what it undoes" />
}

function RunLink({ id, words, to }: { id: string; words: string; to: string }) {
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-xl bg-sunken px-4 py-3 text-sm">
      <Undo2 aria-hidden size={16} className="text-muted" />
      <span>{words}.</span>
      <Link href={`/runs/${id}`} className="font-medium text-accent-ink underline">
        {to}
      </Link>
    </p>
  )
}
