import type { TermsChange } from '../../access/terms-schema.ts'
import type { AdminWorkspace } from '../../admin/schema.ts'
import { fieldError } from '../api/problem.ts'
import { textOf } from '../lib/form.ts'
import { TIERS } from '../limits/tiers.ts'
import { SelectField, TextField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useSetTerms } from './queries.ts'

const NUMBERS = [
  ['requestsPerMinute', 'Requests a minute', 'In place of the tier’s. One key may then have as many.'],
  ['requestsPerDay', 'Requests a day', 'In place of the tier’s.'],
  ['requestsPerMonth', 'Quota of a month', 'A calendar month of UTC; none if left empty.'],
] as const

/** Sets the tier of a workspace, and numbers that stand in place of the tier's. */
export function TermsDialog({ workspace, onClose }: { workspace: AdminWorkspace; onClose: () => void }) {
  const { id, name, tier, agreed } = workspace
  const set = useSetTerms(id)
  const submit = (form: HTMLFormElement) => {
    const numbers = NUMBERS.map(([field]) => [field, Number(textOf(form, field)) || null])
    set.mutate({ tier: textOf(form, 'tier'), ...Object.fromEntries(numbers) } as TermsChange, { onSuccess: onClose })
  }
  return (
    <FormDialog
      title={`Terms of ${name}`}
      submit="Set the terms"
      busy={set.isPending}
      error={set.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <p className="text-sm text-muted">
        They hold from the next request on. What is left empty is as the tier has it.
      </p>
      <SelectField label="Tier" name="tier" defaultValue={tier} error={fieldError(set.error, '/tier')}>
        {Object.entries(TIERS).map(([each, word]) => (
          <option key={each} value={each}>
            {word}
          </option>
        ))}
      </SelectField>
      {NUMBERS.map(([field, label, hint]) => (
        <TextField
          key={field}
          label={label}
          name={field}
          type="number"
          optional
          min={1}
          step={1}
          defaultValue={agreed[field] ?? ''}
          hint={hint}
          error={fieldError(set.error, `/${field}`)}
        />
      ))}
    </FormDialog>
  )
}
