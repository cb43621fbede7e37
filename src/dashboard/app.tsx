import { lazy, Suspense } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { RequireSession } from './auth/require-session.tsx'
import { Crash } from './layout/crash.tsx'
import { NotFoundPage } from './layout/not-found-page.tsx'
import { Shell } from './layout/shell.tsx'
import { PageSkeleton } from './ui/skeleton.tsx'

const LoginPage = lazy(async () => ({ default: (await import('./auth/login-page.tsx')).LoginPage }))
const RegisterPage = lazy(async () => ({ default: (await import('./auth/register-page.tsx')).RegisterPage }))
const ForgotPage = lazy(async () => ({ default: (await import('./auth/forgot-page.tsx')).ForgotPage }))
const ResetPage = lazy(async () => ({ default: (await import('./auth/reset-page.tsx')).ResetPage }))
const VerifyPage = lazy(async () => ({ default: (await import('./auth/verify-page.tsx')).VerifyPage }))
const InvitationPage = lazy(async () => ({
  default: (await import('./workspaces/invitation-page.tsx')).InvitationPage,
}))
const ChatPage = lazy(async () => ({ default: (await import('./chat/chat-page.tsx')).ChatPage }))
const ApisPage = lazy(async () => ({ default: (await import('./apis/apis-page.tsx')).ApisPage }))
const ConnectPage = lazy(async () => ({ default: (await import('./connect/connect-page.tsx')).ConnectPage }))
const ApiPage = lazy(async () => ({ default: (await import('./apis/api-page.tsx')).ApiPage }))
const SearchPage = lazy(async () => ({ default: (await import('./operations/search-page.tsx')).SearchPage }))
const NoticesPage = lazy(async () => ({ default: (await import('./notices/notices-page.tsx')).NoticesPage }))
const SettingsPages = lazy(async () => ({ default: (await import('./settings/settings-pages.tsx')).SettingsPages }))
const RunsPage = lazy(async () => ({ default: (await import('./runs/runs-page.tsx')).RunsPage }))
const RunPage = lazy(async () => ({ default: (await import('./runs/run-page.tsx')).RunPage }))
const WorkflowsPage = lazy(async () => ({ default: (await import('./workflows/workflows-page.tsx')).WorkflowsPage }))
const WorkflowPage = lazy(async () => ({ default: (await import('./workflows/workflow-page.tsx')).WorkflowPage }))
const NewBatchPage = lazy(async () => ({ default: (await import('./batches/new-batch-page.tsx')).NewBatchPage }))
const BatchesPage = lazy(async () => ({ default: (await import('./batches/batches-page.tsx')).BatchesPage }))
const BatchPage = lazy(async () => ({ default: (await import('./batches/batch-page.tsx')).BatchPage }))

/** The dashboard: which page is at which path. Every page is loaded when it is first opened. */
export function App() {
  return (
    <Crash>
      <Suspense fallback={null}>
        <Switch>
          <Route path="/login" component={LoginPage} />
          <Route path="/register" component={RegisterPage} />
          <Route path="/forgot-password" component={ForgotPage} />
          <Route path="/reset-password" component={ResetPage} />
          <Route path="/verify-email" component={VerifyPage} />
          <Route>
            <Shell>
              <RequireSession>
                <Suspense fallback={<PageSkeleton />}>
                  <Pages />
                </Suspense>
              </RequireSession>
            </Shell>
          </Route>
        </Switch>
      </Suspense>
    </Crash>
  )
}

function Pages() {
  const [path] = useLocation()
  return (
    <Crash key={path}>
      <Switch>
        <Route path="/" component={ChatPage} />
        <Route path="/apis" component={ApisPage} />
        <Route path="/apis/new" component={ConnectPage} />
        <Route path="/apis/:id">{({ id }) => <ApiPage key={id} id={id} />}</Route>
        <Route path="/operations" component={SearchPage} />
        <Route path="/notices" component={NoticesPage} />
        <Route path="/settings/*?" component={SettingsPages} />
        <Route path="/invitation" component={InvitationPage} />
        <Route path="/runs" component={RunsPage} />
        <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={id} />}</Route>
        <Route path="/batches" component={BatchesPage} />
        <Route path="/batches/:id">{({ id }) => <BatchPage key={id} id={id} />}</Route>
        <Route path="/workflows" component={WorkflowsPage} />
        <Route path="/workflows/:id">{({ id }) => <WorkflowPage key={id} id={id} />}</Route>
        <Route path="/workflows/:id/batch">{({ id }) => <NewBatchPage key={id} workflowId={id} />}</Route>
        <Route component={NotFoundPage} />
      </Switch>
    </Crash>
  )
}
