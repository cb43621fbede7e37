import type { ConnectionDetail } from '../../connections/schema.ts'
import { IfMay } from '../auth/may.tsx'
import { CredentialCard } from '../credentials/credential-card.tsx'
import { RefreshResult } from '../drift/refresh-result.tsx'
import { IngestionCard } from '../ingestion/ingestion-card.tsx'
import { OperationList } from '../operations/operation-list.tsx'
import { ReportCard } from '../report/report-card.tsx'
import { BackLink } from '../ui/back-link.tsx'
import { PageHeader } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ApiActions } from './api-actions.tsx'
import { ArrivalNotice } from './arrival-notice.tsx'
import { DetailsCard } from './details-card.tsx'
import { TestResult } from './test-result.tsx'
import { useApi, useRefreshDocument, useTestApi } from './queries.ts'

/** One connected API: what it needs, what it is, and what it can do. */
export function ApiPage({ id }: { id: string }) {
  const query = useApi(id)
  useTitle(query.data?.name ?? 'API')
  if (query.isPending) return <PageSkeleton />
  if (query.isError)
    return (
      <div className="grid gap-6">
        <BackLink href="/apis" />
        <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
      </div>
    )
  return <Page connection={query.data} />
}

function Page({ connection }: { connection: ConnectionDetail }) {
  const { id, name, description, status, ingestion } = connection
  const test = useTestApi(id)
  const refresh = useRefreshDocument(id)
  return (
    <div className="grid gap-6">
      <BackLink href="/apis" />
      <PageHeader
        title={name}
        action={
          <IfMay do="write">
            <ApiActions connection={connection} test={test} refresh={refresh} />
          </IfMay>
        }
      >
        {description.split('\n')[0]}
      </PageHeader>
      <ArrivalNotice connection={connection} />
      {status === 'INACTIVE' && (
        <Notice tone="info" title="Switched off">
          <p>Plans do not use it, and runs do not call it.</p>
        </Notice>
      )}
      {ingestion && (
        <IngestionCard key={ingestion.id} connection={connection} ingestion={ingestion} refresh={refresh} />
      )}
      {test.isError && <ProblemNotice error={test.error} />}
      {test.data && test.variables === connection.updatedAt && <TestResult result={test.data} />}
      {refresh.isError && <ProblemNotice error={refresh.error} />}
      {refresh.data && <RefreshResult refreshed={refresh.data} onClose={() => refresh.reset()} />}
      {status !== 'DRAFT' && (
        <>
          <CredentialCard connection={connection} />
          <DetailsCard connection={connection} refresh={refresh} />
          <ReportCard connection={connection} />
          <OperationList id={id} />
        </>
      )}
    </div>
  )
}
