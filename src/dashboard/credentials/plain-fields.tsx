import { fieldError } from '../api/problem.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { AreaField, SelectField, TextField } from '../ui/field.tsx'
import { withValue, type Draft } from './draft.ts'
import type { CredentialField } from './kinds.ts'

type Editing = { draft: Draft; error: unknown; onChange: (draft: Draft) => void }

/** Fields from their descriptions; those that are seldom needed stand behind a disclosure. */
export function PlainFields({ fields, ...editing }: Editing & { fields: readonly CredentialField[] }) {
  const more = fields.filter((field) => field.more)
  const filled = more.some(({ name }) => editing.draft.values[name])
  const wrong = more.some(({ name }) => fieldError(editing.error, `/auth/${name}`))
  return (
    <>
      {fields.map((field) => !field.more && <OneField key={field.name} field={field} {...editing} />)}
      {more.length > 0 && (
        <Disclosure key={String(filled || wrong)} summary="More settings" open={filled || wrong}>
          <div className="grid gap-5 pt-1">
            {more.map((field) => (
              <OneField key={field.name} field={field} {...editing} />
            ))}
          </div>
        </Disclosure>
      )}
    </>
  )
}

function OneField({ field, draft, error, onChange }: Editing & { field: CredentialField }) {
  const { name, control, optional = false, label, hint, placeholder } = field
  const common = {
    label,
    hint,
    placeholder,
    optional,
    name,
    required: !optional,
    value: draft.values[name] ?? '',
    error: fieldError(error, `/auth/${name}`),
    onChange: (event: { target: { value: string } }) => onChange(withValue(draft, name, event.target.value)),
  }
  if (typeof control === 'object')
    return (
      <SelectField {...common}>
        {control.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </SelectField>
    )
  if (control === 'area')
    return <AreaField {...common} rows={6} spellCheck={false} autoComplete="off" className="font-mono text-xs" />
  const type = control === 'secret' ? 'password' : control
  return <TextField {...common} type={type} autoComplete="off" spellCheck={false} />
}
