/** Something that is on or off; it acts at once. */
export function Switch({
  label,
  on,
  busy,
  onChange,
}: {
  label: string
  on: boolean
  busy: boolean
  onChange: (on: boolean) => void
}) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={label}
      disabled={busy}
      onClick={() => onChange(!on)}
      className="inline-flex min-h-8 items-center gap-2.5 rounded-md text-sm font-medium disabled:opacity-55"
    >
      <span
        aria-hidden
        className={`relative h-5 w-9 rounded-full border transition-colors ${on ? 'border-accent bg-accent' : 'border-edge bg-sunken'}`}
      >
        <span
          className={`absolute top-0.5 size-3.5 rounded-full transition-[left] ${on ? 'left-[1.125rem] bg-on-accent' : 'left-0.5 bg-edge'}`}
        />
      </span>
      <span aria-hidden>{on ? 'On' : 'Off'}</span>
    </button>
  )
}
