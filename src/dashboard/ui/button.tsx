import { LoaderCircle } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Link } from 'wouter'

const SHAPE =
  'inline-flex min-h-10 items-center justify-center gap-2 rounded-lg px-4 py-2 text-sm font-medium transition-colors disabled:opacity-55 [&>svg]:shrink-0'
const LOOKS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'border border-edge bg-surface text-ink hover:bg-sunken',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
  danger: 'bg-danger text-on-danger hover:bg-danger-hover',
} as const

type Look = keyof typeof LOOKS

/** A button; while `busy` it turns its wheel and takes no clicks. */
export function Button({
  look = 'secondary',
  busy = false,
  className = '',
  type = 'button',
  children,
  disabled,
  ...rest
}: ComponentProps<'button'> & { look?: Look; busy?: boolean }) {
  return (
    <button
      type={type}
      className={`${SHAPE} ${LOOKS[look]} ${className}`}
      disabled={busy || disabled === true}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && <LoaderCircle aria-hidden size={16} className="animate-spin" />}
      {children}
    </button>
  )
}

/** A link that looks like a button. */
export function ButtonLink({
  href,
  look = 'secondary',
  className = '',
  children,
}: {
  href: string
  look?: Look
  className?: string
  children: React.ReactNode
}) {
  return (
    <Link href={href} className={`${SHAPE} ${LOOKS[look]} ${className}`}>
      {children}
    </Link>
  )
}

/** A link that saves what the Worker gives there as a file. */
export function DownloadLink({ href, children }: { href: string; children: React.ReactNode }) {
  return (
    <a href={href} download className={`${SHAPE} ${LOOKS.secondary}`}>
      {children}
    </a>
  )
}
