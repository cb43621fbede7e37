import type { Member } from '../../workspaces/schema.ts'
import { textOf } from '../lib/form.ts'
import { Button } from '../ui/button.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import type { LogSearch } from './queries.ts'

const OUTCOMES = ['success', 'failure'] as const

/** What entries to look for. */
export function SearchForm({
  members,
  onSearch,
}: {
  members: readonly Member[]
  onSearch: (search: LogSearch) => void
}) {
  const submit = (form: HTMLFormElement) => {
    const read = (name: string) => textOf(form, name).trim()
    onSearch({
      action: read('action'),
      resource: read('resource'),
      userId: read('userId'),
      outcome: OUTCOMES.find((outcome) => outcome === read('outcome')) ?? '',
      since: read('since'),
      until: read('until'),
    })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit(event.currentTarget)
      }}
      className="grid grid-cols-2 items-end gap-3 sm:grid-cols-3"
    >
      <TextField label="Action" name="action" placeholder="workflow.*" maxLength={200} />
      <TextField label="Resource" name="resource" placeholder="wfl_…" maxLength={500} />
      <SelectField label="By" name="userId">
        <option value="">Anybody</option>
        {members.map(({ userId, name }) => (
          <option key={userId} value={userId}>
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField label="Outcome" name="outcome">
        <option value="">Any</option>
        <option value="success">Success</option>
        <option value="failure">Failure</option>
      </SelectField>
      <TextField label="From" name="since" type="date" />
      <TextField label="To" name="until" type="date" />
      <Button type="submit" className="col-span-2 justify-self-start sm:col-span-3">
        Filter
      </Button>
    </form>
  )
}
