import type { Provider } from './queries.ts'

/** Providers to sign in at; those this server has no client for are shown, greyed out, with the reason. */
export function ProviderList({
  providers,
  value,
  onChange,
}: {
  providers: readonly Provider[]
  value: string
  onChange: (provider: string) => void
}) {
  const ready = providers.filter(({ configured }) => configured)
  const missing = providers.filter(({ configured }) => !configured)
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="pb-1.5 text-sm font-medium">Sign in at</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {ready.map(({ id, name }) => (
          <Choice key={id} label={name} note="Ready" checked={value === id} onChoose={() => onChange(id)} />
        ))}
        <Choice
          label="With a client of your own"
          note="You registered an app at the provider."
          checked={value === 'own'}
          onChoose={() => onChange('own')}
        />
      </div>
      {missing.length > 0 && (
        <div className="grid gap-1.5 pt-1">
          <p className="text-xs text-muted">
            Not with one click, because the administrator of this server has set up no client for them:
          </p>
          <ul className="flex flex-wrap gap-1.5">
            {missing.map(({ id, name }) => (
              <li key={id} className="rounded-md border border-line bg-sunken px-2 py-0.5 text-xs text-muted">
                {name}
              </li>
            ))}
          </ul>
        </div>
      )}
    </fieldset>
  )
}

function Choice({
  label,
  note,
  checked,
  onChoose,
}: {
  label: string
  note: string
  checked: boolean
  onChoose: () => void
}) {
  return (
    <label className="flex min-w-0 cursor-pointer items-start gap-2.5 rounded-lg border border-edge px-3 py-2.5 hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft">
      <input type="radio" name="provider" className="mt-1 size-4 accent-accent" checked={checked} onChange={onChoose} />
      <span className="grid min-w-0">
        <span className="text-sm font-medium">{label}</span>
        <span className="text-xs text-muted">{note}</span>
      </span>
    </label>
  )
}
