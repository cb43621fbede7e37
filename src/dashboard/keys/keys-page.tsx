import { PageHeader } from '../ui/card.tsx'
import { useTitle } from '../ui/use-title.ts'
import { KeySection } from './key-section.tsx'

/** How programs get in. */
export function KeysPage() {
  useTitle('API keys')
  return (
    <div className="grid gap-8">
      <PageHeader title="API keys">What programs call APIQ with, and what each may do.</PageHeader>
      <KeySection />
    </div>
  )
}
