import { Check, Plus } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Workspace } from '../../workspaces/schema.ts'
import { fieldError } from '../api/problem.ts'
import { IfMay } from '../auth/may.tsx'
import { textOf } from '../lib/form.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Rows } from '../ui/rows.tsx'
import { PARTS } from './part-words.ts'
import { useAddWorkspace, useSwitchWorkspace, useWorkspaces } from './queries.ts'

/** The workspaces that somebody belongs to, and the way to make another. */
export function WorkspacesDialog({ onClose }: { onClose: () => void }) {
  const [isNew, setNew] = useState(false)
  const workspaces = useWorkspaces()
  const change = useSwitchWorkspace()
  if (isNew) return <NewWorkspaceDialog onClose={onClose} />
  return (
    <Dialog title="Workspaces" onClose={onClose}>
      {change.isError && <ProblemNotice error={change.error} />}
      <Rows aria-label="Workspaces">
        {workspaces.items.map((workspace) => (
          <li key={workspace.id}>
            <Choice
              workspace={workspace}
              busy={change.isPending}
              onChoose={() => change.mutate(workspace.id, { onSuccess: onClose })}
            />
          </li>
        ))}
      </Rows>
      {workspaces.hasNextPage && <LoadMore query={workspaces} />}
      <Link
        href="/settings/workspace"
        onClick={onClose}
        className="justify-self-start text-sm font-medium text-accent-ink underline underline-offset-2"
      >
        Members and settings of this one
      </Link>
      <div className="flex flex-wrap justify-between gap-2">
        <IfMay do="write">
          <Button look="quiet" onClick={() => setNew(true)}>
            <Plus aria-hidden size={16} />
            New workspace
          </Button>
        </IfMay>
        <Button className="ml-auto" onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  )
}

function Choice({
  workspace: { name, part, current },
  busy,
  onChoose,
}: {
  workspace: Workspace
  busy: boolean
  onChoose: () => void
}) {
  return (
    <button
      type="button"
      aria-current={current ? 'true' : undefined}
      disabled={busy || current}
      onClick={onChoose}
      className="flex w-full items-center gap-3 px-4 py-3 text-left -outline-offset-2 enabled:hover:bg-sunken disabled:cursor-default"
    >
      <span className="grid min-w-0 flex-1">
        <span className="font-medium">{name}</span>
        <span className="text-sm text-muted">{PARTS[part].word}</span>
      </span>
      {current && <Check aria-label="You are in this one" size={18} className="shrink-0 text-accent-ink" />}
    </button>
  )
}

function NewWorkspaceDialog({ onClose }: { onClose: () => void }) {
  const add = useAddWorkspace()
  return (
    <FormDialog
      title="New workspace"
      submit="Make the workspace"
      busy={add.isPending}
      error={add.error}
      onClose={onClose}
      onSubmit={(form) => add.mutate(textOf(form, 'name').trim(), { onSuccess: onClose })}
    >
      <p className="text-sm text-muted">
        It has its own APIs, workflows, runs, keys and members. You become its owner, and go there at once.
      </p>
      <TextField label="Name" name="name" required maxLength={100} error={fieldError(add.error, '/name')} />
    </FormDialog>
  )
}
