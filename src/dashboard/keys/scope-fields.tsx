import type { NewKey } from '../../keys/schema.ts'
import { SCOPES } from './draft.ts'

/** What a key may do, of what its maker may. */
export function ScopeFields({
  scopes,
  mine,
  onChange,
}: {
  scopes: NewKey['scopes']
  mine: readonly string[]
  onChange: (scopes: NewKey['scopes']) => void
}) {
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-sm font-medium">It may</legend>
      {SCOPES.filter(([scope]) => mine.includes(scope)).map(([scope, words]) => (
        <label key={scope} className="flex items-baseline gap-2.5 text-sm">
          <input
            type="checkbox"
            className="accent-accent"
            checked={scopes.includes(scope)}
            onChange={({ target }) =>
              onChange(target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
            }
          />
          <span>
            <span className="font-medium">{scope}</span> <span className="text-muted">{words}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
