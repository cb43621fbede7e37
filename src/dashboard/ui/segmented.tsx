import { useId } from 'react'

/** A choice between a few ways of doing the same thing. */
export function Segmented<T extends string>({
  legend,
  value,
  choices,
  onChange,
}: {
  legend: string
  value: T
  choices: readonly (readonly [T, string])[]
  onChange: (value: T) => void
}) {
  const name = useId()
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{legend}</legend>
      <div
        className={`grid gap-1 rounded-lg bg-sunken p-1 text-sm font-medium sm:inline-grid sm:auto-cols-fr sm:grid-flow-col sm:grid-cols-none ${choices.length === 3 ? 'grid-cols-3' : 'grid-cols-2'}`}
      >
        {choices.map(([choice, label]) => (
          <label
            key={choice}
            className="grid min-h-9 cursor-pointer place-items-center rounded-md px-3 py-1 text-center text-muted has-checked:bg-surface has-checked:text-accent-ink has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={choice === value}
              onChange={() => onChange(choice)}
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
