import type { Profile } from '../../people/schema.ts'
import { fieldError } from '../api/problem.ts'
import { textOf } from '../lib/form.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { useChangeName } from './queries.ts'

/** What others in the workspace see somebody called. */
export function ProfileName({ profile }: { profile: Profile }) {
  const change = useChangeName()
  return (
    <Section title="Name">
      <form
        className="grid max-w-sm gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate(textOf(event.currentTarget, 'name').trim())
        }}
      >
        {change.isError && <ProblemNotice error={change.error} />}
        {change.isSuccess && <Notice tone="ok" role="status" title="Your name is changed." />}
        <TextField
          label="Your name"
          name="name"
          required
          maxLength={100}
          autoComplete="name"
          defaultValue={profile.name}
          error={fieldError(change.error, '/name')}
        />
        <Button type="submit" busy={change.isPending} className="justify-self-start">
          Change the name
        </Button>
      </form>
    </Section>
  )
}
