import { ExternalLink } from 'lucide-react'

/** The document an API was connected by. */
export function SpecLink({ url }: { url: string }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="inline-flex items-center gap-1 font-medium text-accent-ink underline underline-offset-2"
    >
      Specification
      <ExternalLink aria-hidden size={13} />
      <span className="sr-only">(opens in a new tab)</span>
    </a>
  )
}
