import { useSearch } from 'wouter'
import { useSignOut } from '../auth/session.ts'
import { Button } from '../ui/button.tsx'
import { PageHeader } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useTitle } from '../ui/use-title.ts'
import { useAcceptInvitation } from './queries.ts'

/** Where the link of an invitation leads, once somebody is signed in. */
export function InvitationPage() {
  useTitle('Invitation')
  const proof = new URLSearchParams(useSearch()).get('proof') ?? ''
  const accept = useAcceptInvitation()
  return (
    <div className="grid gap-6">
      <PageHeader title="You are invited">Join the workspace, and work in it from now on.</PageHeader>
      {proof === '' && (
        <Notice tone="warn" title="The link is not complete">
          <p>Open it from the mail once more, or copy all of it.</p>
        </Notice>
      )}
      {accept.isError && <ProblemNotice error={accept.error} />}
      {proof !== '' && (
        <div className="flex flex-wrap gap-2">
          <Button look="primary" busy={accept.isPending} onClick={() => accept.mutate(proof)}>
            Join
          </Button>
          {accept.isError && <SignInAsAnother />}
        </div>
      )}
    </div>
  )
}

/** An invitation is for one address; who is signed in with another comes back here with the right one. */
function SignInAsAnother() {
  const signOut = useSignOut()
  return (
    <Button busy={signOut.isPending} onClick={() => signOut.mutate()}>
      Sign in as somebody else
    </Button>
  )
}
