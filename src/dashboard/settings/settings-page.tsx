import { useMe } from '../auth/session.ts'
import { KeySection } from '../keys/key-section.tsx'
import { PageHeader } from '../ui/card.tsx'
import { useTitle } from '../ui/use-title.ts'
import { Accounts } from './accounts.tsx'
import { SpecCache } from './spec-cache.tsx'

/** API keys, the accounts that are connected, and for administrators what they look after. */
export function SettingsPage() {
  useTitle('Settings')
  const { data: me } = useMe()
  return (
    <div className="grid gap-8">
      <PageHeader title="Settings">What the workspace keeps.</PageHeader>
      <KeySection />
      <Accounts />
      {me?.scopes.includes('admin') && <SpecCache />}
    </div>
  )
}
