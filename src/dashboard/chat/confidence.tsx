/** How sure the plan is that it is what was meant. */
export function Confidence({ value }: { value: number }) {
  const percent = Math.round(value * 100)
  return (
    <div className="flex shrink-0 items-center gap-2 text-xs text-muted">
      <svg aria-hidden width="44" height="6" viewBox="0 0 44 6">
        <rect width="44" height="6" rx="3" className="fill-line" />
        <rect width={Math.max(6, 44 * value)} height="6" rx="3" className="fill-accent" />
      </svg>
      {percent}% sure
    </div>
  )
}
