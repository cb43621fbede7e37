import { useState } from 'react'
import type { Workspace } from '../../workspaces/schema.ts'
import { fieldError } from '../api/problem.ts'
import { IfMay, useMay } from '../auth/may.tsx'
import { useMe } from '../auth/session.ts'
import { textOf } from '../lib/form.ts'
import { Button } from '../ui/button.tsx'
import { PageHeader } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { InvitationSection } from './invitation-section.tsx'
import { MemberSection } from './member-section.tsx'
import { PARTS } from './part-words.ts'
import { useLeaveWorkspace, useRenameWorkspace, useWorkspaces } from './queries.ts'

/** The workspace: its name, who belongs to it and who is invited. */
export function WorkspacePage() {
  useTitle('Workspace')
  const workspaces = useWorkspaces()
  const current = workspaces.items.find((workspace) => workspace.current)
  if (workspaces.isPending) return <PageSkeleton />
  if (workspaces.isError) return <ProblemNotice error={workspaces.error} onRetry={() => void workspaces.refetch()} />
  if (!current) return null
  const { word, may } = PARTS[current.part]
  return (
    <div className="grid gap-8">
      <PageHeader title={current.name}>
        You are its {word.toLowerCase()}: you may {may}.
      </PageHeader>
      <IfMay do="admin">
        <Rename workspace={current} />
      </IfMay>
      <IfMay do="oversee">
        <MemberSection />
        <InvitationSection />
      </IfMay>
      <Leave workspace={current} />
    </div>
  )
}

function Rename({ workspace }: { workspace: Workspace }) {
  const rename = useRenameWorkspace()
  return (
    <Section title="Name">
      <form
        className="flex max-w-md flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          rename.mutate(textOf(event.currentTarget, 'name').trim())
        }}
      >
        <div className="min-w-0 flex-1 basis-56">
          <TextField
            label="Name of the workspace"
            name="name"
            required
            maxLength={100}
            defaultValue={workspace.name}
            error={fieldError(rename.error, '/name')}
          />
        </div>
        <Button type="submit" busy={rename.isPending}>
          Rename
        </Button>
      </form>
      {rename.isSuccess && <Notice tone="ok" role="status" title="Renamed." />}
      {rename.isError && <ProblemNotice error={rename.error} />}
    </Section>
  )
}

function Leave({ workspace }: { workspace: Workspace }) {
  const { data: me } = useMe()
  const { oversee } = useMay()
  const [asking, setAsking] = useState(false)
  const leave = useLeaveWorkspace()
  if (!me) return null
  return (
    <Section title="Leave">
      <p className="max-w-prose text-sm text-muted">
        You no longer see the workspace, and API keys that you made in it end.
        {!oversee && ' Who belongs to it is shown to its administrators.'}
      </p>
      <Button className="justify-self-start" onClick={() => setAsking(true)}>
        Leave the workspace
      </Button>
      {asking && (
        <ConfirmDialog
          title={`Leave ${workspace.name}?`}
          confirm="Leave"
          busy={leave.isPending}
          error={leave.error}
          onClose={() => setAsking(false)}
          onConfirm={() => leave.mutate(me.userId)}
        >
          You come back only by an invitation.
        </ConfirmDialog>
      )}
    </Section>
  )
}
