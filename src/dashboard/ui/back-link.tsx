import { ArrowLeft } from 'lucide-react'
import { Link } from 'wouter'

/** One level up. */
export function BackLink({ href }: { href: string }) {
  return (
    <Link
      href={href}
      className="-mb-3 inline-flex min-h-8 items-center gap-1.5 justify-self-start text-sm font-medium text-muted hover:text-ink"
    >
      <ArrowLeft aria-hidden size={16} />
      Back
    </Link>
  )
}
