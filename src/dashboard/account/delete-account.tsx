import { useState } from 'react'
import type { Profile } from '../../people/schema.ts'
import { textOf } from '../lib/form.ts'
import { Button } from '../ui/button.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Section } from '../ui/section.tsx'
import { CurrentPasswordField } from './current-password-field.tsx'
import { useDeleteAccount } from './queries.ts'

/** Ends the account for good. */
export function DeleteAccount({ profile }: { profile: Profile }) {
  const [asking, setAsking] = useState(false)
  const remove = useDeleteAccount()
  return (
    <Section title="Delete the account">
      <p className="max-w-prose text-sm text-muted">
        Your account goes, with every workspace that only you belong to: its APIs, credentials, workflows and runs.
      </p>
      <Button className="justify-self-start" onClick={() => setAsking(true)}>
        Delete my account
      </Button>
      {asking && (
        <FormDialog
          title="Delete your account?"
          submit="Delete it for good"
          look="danger"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setAsking(false)}
          onSubmit={(form) => remove.mutate(textOf(form, 'currentPassword'))}
        >
          <p className="text-muted">This cannot be undone.</p>
          <CurrentPasswordField profile={profile} error={remove.error} />
        </FormDialog>
      )}
    </Section>
  )
}
