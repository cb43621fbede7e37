import { Mail, X } from 'lucide-react'
import { useState } from 'react'
import type { Invitation } from '../../workspaces/schema.ts'
import { fieldError } from '../api/problem.ts'
import { useMay } from '../auth/may.tsx'
import { textOf } from '../lib/form.ts'
import { until } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { ItemRow } from '../ui/item-row.tsx'
import { Listing } from '../ui/listing.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { Time } from '../ui/time.tsx'
import { INVITED, PARTS } from './part-words.ts'
import { useInvitations, useInvite, useWithdrawInvitation } from './queries.ts'

/** Who is asked to join the workspace and has not yet. */
export function InvitationSection() {
  const { admin } = useMay()
  const [inviting, setInviting] = useState(false)
  const invitations = useInvitations()
  const invite = admin && (
    <Button onClick={() => setInviting(true)}>
      <Mail aria-hidden size={16} />
      Invite somebody
    </Button>
  )
  return (
    <Section title="Invitations" action={invite}>
      <Listing
        label="Invitations"
        query={invitations}
        items={invitations.items}
        keyOf={({ id }) => id}
        cards={1}
        empty="No invitation is open."
      >
        {(invitation) => <InvitationRow invitation={invitation} canWithdraw={admin} />}
      </Listing>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Section>
  )
}

function InvitationRow({ invitation, canWithdraw }: { invitation: Invitation; canWithdraw: boolean }) {
  const { id, email, part, createdAt, expiresAt } = invitation
  const withdraw = useWithdrawInvitation(id)
  return (
    <ItemRow
      title={
        <>
          {email}
          <Badge>{PARTS[part].word}</Badge>
        </>
      }
      about={
        <>
          Invited <Time at={createdAt} />, ends {until(expiresAt)}
        </>
      }
      actions={
        canWithdraw && (
          <Button
            look="quiet"
            busy={withdraw.isPending}
            aria-label={`Take back the invitation of ${email}`}
            onClick={() => withdraw.mutate()}
          >
            {!withdraw.isPending && <X aria-hidden size={16} />}
            Take back
          </Button>
        )
      }
    >
      {withdraw.isError && <ProblemNotice error={withdraw.error} />}
    </ItemRow>
  )
}

function InviteDialog({ onClose }: { onClose: () => void }) {
  const invite = useInvite()
  const submit = (form: HTMLFormElement) => {
    const part = INVITED.find((each) => each === textOf(form, 'part')) ?? 'member'
    invite.mutate({ email: textOf(form, 'email').trim(), part }, { onSuccess: onClose })
  }
  return (
    <FormDialog
      title="Invite somebody"
      submit="Send the invitation"
      busy={invite.isPending}
      error={invite.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <p className="text-sm text-muted">They get a link by e-mail that is good for a week.</p>
      <TextField
        label="E-mail"
        name="email"
        type="email"
        required
        maxLength={254}
        autoComplete="off"
        error={fieldError(invite.error, '/email')}
      />
      <SelectField label="Role" name="part" defaultValue="member">
        {INVITED.map((part) => (
          <option key={part} value={part}>
            {PARTS[part].word}: may {PARTS[part].may}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  )
}
