import { useMutation } from '@tanstack/react-query'
import { useLocation, useSearch } from 'wouter'
import { api, send } from '../api/client.ts'
import { startSession } from '../auth/session.ts'
import { Button } from '../ui/button.tsx'
import { PageHeader } from '../ui/card.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useTitle } from '../ui/use-title.ts'

/** Where the link of an invitation leads, once somebody is signed in. */
export function InvitationPage() {
  useTitle('Invitation')
  const proof = new URLSearchParams(useSearch()).get('proof') ?? ''
  const [, go] = useLocation()
  const accept = useMutation({
    mutationFn: () => send(api.invitations.accept.$post({ json: { proof } })),
    onSuccess: async () => {
      await startSession()
      go('/')
    },
  })
  return (
    <div className="grid gap-6">
      <PageHeader title="You are invited">Join the workspace, and work in it from now on.</PageHeader>
      {accept.isError && <ProblemNotice error={accept.error} />}
      <Button look="primary" className="justify-self-start" busy={accept.isPending} onClick={() => accept.mutate()}>
        Join
      </Button>
    </div>
  )
}
