import type { Policy } from '../../connections/schema.ts'
import { SelectField } from '../ui/field.tsx'

const CALLS = [
  ['write', 'Calls that create, update or send'],
  ['delete', 'Calls that delete'],
  ['pay', 'Calls that move money'],
] as const

const NEEDS = {
  run: 'Run once they are started',
  ask: 'Wait for a yes, if no plan was confirmed',
  second_person: 'Wait for the yes of a second person',
} as const

/** What lets everything run. */
export const OPEN_POLICY: Policy = { write: 'run', delete: 'run', pay: 'run' }

/** What calls of an API with an effect need when a run gets to them. */
export function PolicyFields({ policy, onChange }: { policy: Policy; onChange: (policy: Policy) => void }) {
  return (
    <fieldset className="grid gap-4">
      <legend className="pb-3 font-semibold">When a run gets there</legend>
      {CALLS.map(([kind, label]) => (
        <SelectField
          key={kind}
          label={label}
          value={policy[kind]}
          onChange={(event) => onChange({ ...policy, [kind]: event.target.value })}
        >
          {Object.entries(NEEDS).map(([need, words]) => (
            <option key={need} value={need}>
              {words}
            </option>
          ))}
        </SelectField>
      ))}
    </fieldset>
  )
}
