import { Compass } from 'lucide-react'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState } from '../ui/card.tsx'
import { useTitle } from '../ui/use-title.ts'

/** A path that leads nowhere. */
export function NotFoundPage() {
  useTitle('Not found')
  return (
    <EmptyState
      icon={<Compass size={24} />}
      title="There is no page here"
      action={<ButtonLink href="/">Go to the start</ButtonLink>}
    >
      The address may be mistyped, or the page may be gone.
    </EmptyState>
  )
}
