import type { EndpointView } from '../../catalog/schema.ts'
import { EFFECT_WORDS } from '../ui/effect-badge.tsx'
import { SelectField } from '../ui/field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useEditEffect } from './queries.ts'

const EFFECTS = ['read', 'create', 'update', 'delete', 'pay', 'message'] as const

/** What calling an operation does to the world, to be corrected where it was guessed wrong. */
export function EffectField({ operation }: { operation: EndpointView }) {
  const edit = useEditEffect(operation)
  return (
    <div className="grid max-w-sm gap-2">
      <SelectField
        label="Effect"
        hint="Decides what you are asked before it runs. Kept when the document changes."
        value={edit.isPending ? edit.variables : operation.effect}
        disabled={edit.isPending}
        onChange={(event) => {
          const effect = EFFECTS.find((known) => known === event.target.value)
          if (effect && effect !== operation.effect) edit.mutate(effect)
        }}
      >
        {EFFECTS.map((effect) => (
          <option key={effect} value={effect}>
            {EFFECT_WORDS[effect]}
          </option>
        ))}
      </SelectField>
      <p role="status" className="text-xs text-create empty:hidden">
        {edit.isSuccess && 'Saved'}
      </p>
      {edit.isError && <ProblemNotice error={edit.error} />}
    </div>
  )
}
