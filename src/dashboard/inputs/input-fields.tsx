import { fieldError } from '../api/problem.ts'
import { humanize } from '../lib/text.ts'
import { AreaField, SelectField, TextField } from '../ui/field.tsx'
import { choicesOf, entryError, kindOf, type Entries, type InputSpec } from './input-values.ts'

/** Fields for the inputs of a plan or workflow, made from their JSON schemas. */
export function InputFields({
  inputs,
  entries,
  error,
  pathOf = (name) => `/input/${name}`,
  onChange,
}: {
  inputs: readonly InputSpec[]
  entries: Entries
  error: unknown
  /** Where an input stands in what is sent (JSON pointer). */
  pathOf?: (name: string) => string
  onChange: (entries: Entries) => void
}) {
  return (
    <div className="grid gap-4">
      {inputs.map((input) => (
        <InputField
          key={input.name}
          input={input}
          entry={entries[input.name] ?? ''}
          error={fieldError(error, pathOf(input.name))}
          onChange={(entry) => onChange({ ...entries, [input.name]: entry })}
        />
      ))}
    </div>
  )
}

type One = { input: InputSpec; entry: string; error: string | undefined; onChange: (entry: string) => void }

function InputField({ input, entry, error, onChange }: One) {
  const { schema, required, description } = input
  const label = labelOf(input)
  const common = {
    label,
    hint: description || undefined,
    error: error ?? entryError(input, entry),
    optional: !required,
  }
  const kind = kindOf(schema)
  if (kind === 'boolean') return <CheckField label={label} hint={description} entry={entry} onChange={onChange} />
  if (kind === 'choice')
    return (
      <SelectField {...common} required={required} value={entry} onChange={(event) => onChange(event.target.value)}>
        <option value="">{required ? 'Choose…' : 'None'}</option>
        {choicesOf(schema).map((choice, index) => (
          <option key={String(choice)} value={index}>
            {String(choice)}
          </option>
        ))}
      </SelectField>
    )
  if (kind === 'json')
    return (
      <AreaField
        {...common}
        required={required}
        rows={4}
        spellCheck={false}
        className="font-mono text-xs"
        value={entry}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  return (
    <TextField
      {...common}
      {...limits(schema)}
      required={required}
      value={entry}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

function CheckField({
  label,
  hint,
  entry,
  onChange,
}: { label: string; hint: string } & Pick<One, 'entry' | 'onChange'>) {
  return (
    <label className="flex items-start gap-2.5">
      <input
        type="checkbox"
        className="mt-1 size-4 accent-accent"
        checked={entry === 'true'}
        onChange={(event) => onChange(String(event.target.checked))}
      />
      <span className="grid">
        <span className="text-sm font-medium">{label}</span>
        {hint && <span className="text-xs text-muted">{hint}</span>}
      </span>
    </label>
  )
}

function labelOf({ name, schema }: InputSpec): string {
  if (typeof schema['title'] === 'string') return schema['title']
  const words = humanize(name)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What the browser can check of a schema. */
function limits(schema: InputSpec['schema']) {
  const number = (keyword: string) => (typeof schema[keyword] === 'number' ? schema[keyword] : undefined)
  const kind = kindOf(schema)
  if (kind === 'integer' || kind === 'number') {
    const step = kind === 'integer' ? 1 : ('any' as const)
    return { type: 'number', step, min: number('minimum'), max: number('maximum') }
  }
  const type = { date: 'date', email: 'email', uri: 'url' }[String(schema['format'])] ?? 'text'
  const pattern = typeof schema['pattern'] === 'string' ? schema['pattern'].replace(/^\^|\$$/g, '') : undefined
  return { type, minLength: number('minLength'), maxLength: number('maxLength'), pattern }
}
