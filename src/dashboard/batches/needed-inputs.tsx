import { kindOf, type InputSpec } from '../inputs/input-values.ts'
import { Disclosure } from '../ui/disclosure.tsx'

/** What every row has to name. */
export function NeededInputs({ inputs }: { inputs: readonly InputSpec[] }) {
  if (inputs.length === 0)
    return <p className="text-sm text-muted">The workflow asks for nothing: a row may be empty.</p>
  return (
    <Disclosure open summary="What a row has">
      <ul className="grid gap-1.5 text-sm">
        {inputs.map(({ name, schema, required, description }) => (
          <li key={name} className="flex flex-wrap items-baseline gap-x-2">
            <code className="font-mono text-xs font-semibold">{name}</code>
            <span className="text-xs text-muted">
              {kindOf(schema) === 'choice' ? 'choice' : String(schema['type'] ?? 'any')}
              {required ? '' : ', optional'}
            </span>
            {description && <span className="text-muted">{description}</span>}
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}
