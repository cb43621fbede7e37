import { Plus } from 'lucide-react'
import { fieldError } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { headerRows, placeholders, withValue, type Draft } from './draft.ts'

/** Headers with places for secrets, and a field for each secret. */
export function CustomFields({
  draft,
  error,
  onChange,
}: {
  draft: Draft
  error: unknown
  onChange: (draft: Draft) => void
}) {
  const rows = headerRows(draft.values)
  const secrets = [...new Set(rows.flatMap(({ template }) => placeholders(template)))]
  const field = (name: string) => ({
    value: draft.values[name] ?? '',
    onChange: (event: { target: { value: string } }) => onChange(withValue(draft, name, event.target.value)),
  })
  return (
    <>
      <p className="text-sm text-muted">
        Write <code className="font-mono text-xs">{'{{ key }}'}</code> where a secret goes; a field for it appears
        below.
      </p>
      {rows.map(({ header }, index) => (
        <div key={index} className="grid items-start gap-5 sm:grid-cols-2">
          <TextField
            label={`Header ${index + 1}`}
            required={index === 0}
            placeholder="X-Auth"
            autoComplete="off"
            {...field(`header:${index}`)}
            error={fieldError(error, `/auth/headers/${header}`, ...(index === 0 ? ['/auth/headers'] : []))}
          />
          <TextField
            label={`Value ${index + 1}`}
            required={index === 0}
            placeholder="Key {{ key }}"
            autoComplete="off"
            {...field(`template:${index}`)}
          />
        </div>
      ))}
      <div>
        <Button onClick={() => onChange(withValue(draft, 'rows', String(rows.length + 1)))}>
          <Plus aria-hidden size={15} />
          Another header
        </Button>
      </div>
      {secrets.map((name) => (
        <TextField
          key={name}
          label={`Secret “${name}”`}
          type="password"
          required
          autoComplete="off"
          hint="Stored encrypted, and never shown again."
          {...field(`secret:${name}`)}
          error={fieldError(error, `/auth/secrets/${name}`)}
        />
      ))}
    </>
  )
}
