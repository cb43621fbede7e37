import { useLocation } from 'wouter'
import { useMay } from '../auth/may.tsx'
import { BackLink } from '../ui/back-link.tsx'
import { Card, PageHeader } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ConnectForm } from './connect-form.tsx'
import { useConnect } from './queries.ts'

/** Connect an API. */
export function ConnectPage() {
  useTitle('Connect an API')
  const { write } = useMay()
  const connect = useConnect()
  const [, navigate] = useLocation()
  return (
    <div className="grid max-w-2xl gap-6">
      <BackLink href="/apis" />
      <PageHeader title="Connect an API">
        APIQ reads what the API can do and keeps the credential encrypted. Nothing is called until you confirm a run.
      </PageHeader>
      {write ? (
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
      ) : (
        <Notice tone="info" title="You may look at APIs, not connect them" />
      )}
    </div>
  )
}
