import { PageHeader } from '../ui/card.tsx'
import { useTitle } from '../ui/use-title.ts'
import { RateSection } from './rate-section.tsx'
import { RunLimitSection } from './run-limit-section.tsx'

/** How often the workspace may ask, what is left of it, and how far its runs may go. */
export function LimitsPage() {
  useTitle('Limits')
  return (
    <div className="grid gap-8">
      <PageHeader title="Limits">How often you may ask, and how far a run may go.</PageHeader>
      <RateSection />
      <RunLimitSection />
    </div>
  )
}
