import { Link } from 'wouter'

/** The mark: two endpoints and the path between them. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 32 32" fill="none">
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <g className="stroke-on-accent" strokeWidth="2.6" strokeLinecap="round">
        <path d="M10.4 21.6c5.4 0 5.8-11.2 11.2-11.2" />
        <circle cx="8.6" cy="21.6" r="2.6" className="fill-accent" />
        <circle cx="23.4" cy="10.4" r="2.6" className="fill-on-accent" />
      </g>
    </svg>
  )
}

/** The way home. */
export function Logo() {
  return (
    <Link
      href="/"
      aria-label="APIQ home"
      className="flex shrink-0 items-center gap-2.5 rounded-lg px-1 py-1 text-lg font-bold tracking-tight md:px-2"
    >
      <Mark />
      <span className="hidden sm:inline">APIQ</span>
    </Link>
  )
}
