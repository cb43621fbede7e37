/** A choice in a row of a list; it acts at once. */
export function SmallSelect<T extends string>({
  label,
  value,
  choices,
  busy,
  onChange,
}: {
  label: string
  value: T
  choices: readonly (readonly [T, string])[]
  busy: boolean
  onChange: (value: T) => void
}) {
  return (
    <select
      aria-label={label}
      value={value}
      disabled={busy}
      onChange={({ target }) => {
        const chosen = choices.find(([each]) => each === target.value)
        if (chosen) onChange(chosen[0])
      }}
      className="min-h-10 rounded-lg border border-edge bg-surface px-3 text-sm disabled:opacity-60"
    >
      {choices.map(([each, words]) => (
        <option key={each} value={each}>
          {words}
        </option>
      ))}
    </select>
  )
}
