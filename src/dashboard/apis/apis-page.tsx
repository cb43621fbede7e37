import { Blocks, Plus } from 'lucide-react'
import { useSearchParams } from 'wouter'
import { IfMay } from '../auth/may.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState, PageHeader } from '../ui/card.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ApiCard } from './api-card.tsx'
import { CatalogSearch } from './catalog-search.tsx'
import { ConsentFailed } from './consent-failed.tsx'
import { useApis } from './queries.ts'

/** The connected APIs. */
export function ApisPage() {
  useTitle('APIs')
  const apis = useApis()
  const [search] = useSearchParams()
  const consentError = search.get('connect_error')
  const some = apis.items.length > 0
  return (
    <div className="grid gap-6">
      <PageHeader
        title="APIs"
        action={
          some && (
            <IfMay do="write">
              <ButtonLink href="/apis/new" look="primary">
                <Plus aria-hidden size={16} />
                Connect another
              </ButtonLink>
            </IfMay>
          )
        }
      >
        What your plans can call.
      </PageHeader>
      {consentError && (
        <ConsentFailed code={consentError}>
          It took too long, or the way back was used twice. Open the API and connect again.
        </ConsentFailed>
      )}
      {some && <CatalogSearch />}
      {apis.isPending && <CardsSkeleton height="h-36" />}
      {apis.isError && <ProblemNotice error={apis.error} onRetry={() => void apis.refetch()} />}
      {apis.isSuccess && !some && <NoApis />}
      {some && (
        <ul className="grid gap-3">
          {apis.items.map((connection) => (
            <li key={connection.id}>
              <ApiCard connection={connection} />
            </li>
          ))}
        </ul>
      )}
      <LoadMore query={apis} />
    </div>
  )
}

function NoApis() {
  const action = (
    <IfMay do="write">
      <ButtonLink href="/apis/new" look="primary">
        Connect your first
      </ButtonLink>
    </IfMay>
  )
  return (
    <EmptyState icon={<Blocks size={24} />} title="No API is connected yet" action={action}>
      Give its OpenAPI document, a Postman collection, a recording, or write its operations down. Plans can then use
      them.
    </EmptyState>
  )
}
