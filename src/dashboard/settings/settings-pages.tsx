import { lazy } from 'react'
import { Route, Switch } from 'wouter'
import { NotFoundPage } from '../layout/not-found-page.tsx'
import { SettingsNav } from './settings-nav.tsx'

const AccountPage = lazy(async () => ({ default: (await import('../account/account-page.tsx')).AccountPage }))
const WorkspacePage = lazy(async () => ({ default: (await import('../workspaces/workspace-page.tsx')).WorkspacePage }))
const KeysPage = lazy(async () => ({ default: (await import('../keys/keys-page.tsx')).KeysPage }))
const ConnectionsPage = lazy(async () => ({ default: (await import('./connections-page.tsx')).ConnectionsPage }))
const LimitsPage = lazy(async () => ({ default: (await import('../limits/limits-page.tsx')).LimitsPage }))
const UsagePage = lazy(async () => ({ default: (await import('../usage/usage-page.tsx')).UsagePage }))
const AuditPage = lazy(async () => ({ default: (await import('../audit/audit-page.tsx')).AuditPage }))
const UsersPage = lazy(async () => ({ default: (await import('../users/users-page.tsx')).UsersPage }))
const AllWorkspacesPage = lazy(async () => ({
  default: (await import('../installation/workspaces-page.tsx')).AllWorkspacesPage,
}))
const MailsPage = lazy(async () => ({ default: (await import('../mails/mails-page.tsx')).MailsPage }))

/** Everything about the account, the workspace and the installation, each on a page of its own. */
export function SettingsPages() {
  return (
    <div className="grid gap-8">
      <SettingsNav />
      <Switch>
        <Route path="/settings" component={AccountPage} />
        <Route path="/settings/workspace" component={WorkspacePage} />
        <Route path="/settings/keys" component={KeysPage} />
        <Route path="/settings/connections" component={ConnectionsPage} />
        <Route path="/settings/limits" component={LimitsPage} />
        <Route path="/settings/usage" component={UsagePage} />
        <Route path="/settings/audit" component={AuditPage} />
        <Route path="/settings/users" component={UsersPage} />
        <Route path="/settings/workspaces" component={AllWorkspacesPage} />
        <Route path="/settings/mails" component={MailsPage} />
        <Route component={NotFoundPage} />
      </Switch>
    </div>
  )
}
