import { ChevronsUpDown } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '../auth/session.ts'
import { useCurrentWorkspace } from './queries.ts'
import { WorkspacesDialog } from './workspaces-dialog.tsx'

/** Says in which workspace one is, and leads to the others. */
export function WorkspaceSwitch() {
  const { data: me } = useMe()
  return me ? <SignedIn /> : null
}

function SignedIn() {
  const [open, setOpen] = useState(false)
  const current = useCurrentWorkspace()
  if (!current) return <span className="min-w-0 flex-1 md:flex-none" />
  return (
    <>
      <button
        type="button"
        aria-label={`Workspace: ${current.name}`}
        aria-haspopup="dialog"
        title={current.name}
        onClick={() => setOpen(true)}
        className="mr-auto flex min-h-10 min-w-0 items-center gap-2 rounded-lg px-2 text-sm font-medium text-muted hover:bg-sunken hover:text-ink md:mr-0 md:border md:border-line md:px-3"
      >
        <span className="min-w-0 flex-1 truncate text-left">{current.name}</span>
        <ChevronsUpDown aria-hidden size={15} className="shrink-0" />
      </button>
      {open && <WorkspacesDialog onClose={() => setOpen(false)} />}
    </>
  )
}
