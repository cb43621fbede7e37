import { PageHeader } from '../ui/card.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { DeleteAccount } from './delete-account.tsx'
import { EmailAddress } from './email-address.tsx'
import { Password } from './password.tsx'
import { ProfileName } from './profile-name.tsx'
import { useProfile } from './queries.ts'
import { Sessions } from './sessions.tsx'
import { TwoFactor } from './two-factor.tsx'

const ROLES = { USER: null, ADMIN: 'administer', AUDITOR: 'audit' } as const

/** The account of whoever is signed in, and every way to change it. */
export function AccountPage() {
  useTitle('Account')
  const profile = useProfile()
  if (profile.isPending) return <PageSkeleton />
  if (profile.isError) return <ProblemNotice error={profile.error} onRetry={() => void profile.refetch()} />
  const { name, email, role, hasPassword, signInWith } = profile.data
  return (
    <div className="grid gap-8">
      <PageHeader title={name}>
        <p>
          {email}
          {ROLES[role] && ` · You ${ROLES[role]} this installation.`}
        </p>
        {signInWith.length > 0 && <p>You can sign in with {signInWith.join(', ')}.</p>}
      </PageHeader>
      <ProfileName profile={profile.data} />
      <EmailAddress profile={profile.data} />
      {hasPassword && <Password />}
      <TwoFactor profile={profile.data} />
      <Sessions />
      <DeleteAccount profile={profile.data} />
    </div>
  )
}
