import { useLocation } from 'wouter'
import { BackLink } from '../ui/back-link.tsx'
import { Card, PageHeader } from '../ui/card.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ConnectForm } from './connect-form.tsx'
import { useConnect } from './queries.ts'

/** Connect an API. */
export function ConnectPage() {
  useTitle('Connect an API')
  const connect = useConnect()
  const [, navigate] = useLocation()
  return (
    <div className="grid max-w-2xl gap-6">
      <BackLink href="/apis" />
      <PageHeader title="Connect an API">
        APIQ reads what the API can do and keeps the credential encrypted. Nothing is called until you confirm a run.
      </PageHeader>
      <Card>
        <ConnectForm
          busy={connect.isPending}
          error={connect.error}
          onSubmit={(input) =>
            connect.mutate(input, {
              onSuccess: ({ id }) => navigate(`/apis/${id}`, { replace: true, state: { connected: true } }),
            })
          }
        />
      </Card>
    </div>
  )
}
