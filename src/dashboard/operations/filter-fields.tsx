import type { Connection } from '../../connections/schema.ts'
import { EFFECT_WORDS } from '../ui/effect-badge.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { EFFECTS, METHODS } from './filters.ts'
import type { CatalogFilters } from './queries.ts'

/** What narrows a search down; each may be left open. */
export function FilterFields({
  apis,
  filters,
  onChange,
}: {
  apis: readonly Connection[]
  filters: CatalogFilters
  onChange: (name: string, value: string) => void
}) {
  const { connectionId = '', method = '', effect = '', deprecated = '', tag = '' } = filters
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-5">
      <Choice label="API" value={connectionId} onChoose={(value) => onChange('api', value)}>
        {apis.map(({ id, name }) => [id, name])}
      </Choice>
      <Choice label="Effect" value={effect} onChoose={(value) => onChange('effect', value)}>
        {EFFECTS.map((known) => [known, EFFECT_WORDS[known]])}
      </Choice>
      <Choice label="Method" value={method} onChoose={(value) => onChange('method', value)}>
        {METHODS.map((known) => [known, known])}
      </Choice>
      <Choice label="Deprecated" value={deprecated} onChoose={(value) => onChange('deprecated', value)}>
        {[
          ['false', 'No'],
          ['true', 'Only those'],
        ]}
      </Choice>
      <TextField
        label="Tag"
        defaultValue={tag}
        placeholder="Any"
        onBlur={(event) => onChange('tag', event.target.value.trim())}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onChange('tag', event.currentTarget.value.trim())
        }}
      />
    </div>
  )
}

function Choice({
  label,
  value,
  onChoose,
  children,
}: {
  label: string
  value: string
  onChoose: (value: string) => void
  children: readonly (readonly string[])[]
}) {
  return (
    <SelectField label={label} value={value} onChange={(event) => onChoose(event.target.value)}>
      <option value="">Any</option>
      {children.map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  )
}
