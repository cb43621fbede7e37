import { Link } from 'wouter'
import { Password } from '../account/password.tsx'
import { Sessions } from '../account/sessions.tsx'
import { TwoFactor } from '../account/two-factor.tsx'
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
      <PageHeader title="Settings">Your account, and what the workspace keeps.</PageHeader>
      <Password />
      <TwoFactor />
      <Sessions />
      <KeySection />
      <Accounts />
      {(me?.scopes.includes('admin') || me?.role === 'AUDITOR') && (
        <Link href="/audit" className="justify-self-start font-medium text-accent-ink underline">
          Audit log
        </Link>
      )}
      {me?.scopes.includes('admin') && <SpecCache />}
    </div>
  )
}
