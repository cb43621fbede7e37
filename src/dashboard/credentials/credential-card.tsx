import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { ConnectionDetail } from '../../connections/schema.ts'
import { IfMay } from '../auth/may.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { AccountView } from './account-view.tsx'
import { authWords } from './auth-words.ts'
import { CredentialDialog } from './credential-dialog.tsx'
import { CredentialNotice } from './credential-notice.tsx'
import { offersOf } from './offers.ts'
import { useAuthOverview, useProviders, useSignInAtProvider } from './queries.ts'
import { ScopeList } from './scope-list.tsx'

/** How an API is signed in to: what is missing, the account behind it, and the way to change it. */
export function CredentialCard({ connection }: { connection: ConnectionDetail }) {
  const [editing, setEditing] = useState(false)
  const overview = useAuthOverview(connection.id)
  const providers = useProviders()
  const signIn = useSignInAtProvider(connection.id)
  const offers = offersOf(overview.data?.offered ?? [], providers.data ?? [])
  const { auth, account } = connection
  const edit = () => setEditing(true)
  return (
    <>
      <CredentialNotice connection={connection} offers={offers} signIn={signIn} onEdit={edit} />
      <Card className="grid gap-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <div className="grid min-w-0 gap-0.5">
            <h2 className="flex items-center gap-2 text-lg">
              <KeyRound aria-hidden size={17} className="shrink-0 text-muted" />
              Sign-in
            </h2>
            <p className="text-sm text-muted">{authWords(auth)}</p>
          </div>
          <IfMay do="write">
            <Button onClick={edit}>{auth.type === 'none' ? 'Add a credential' : 'Change'}</Button>
          </IfMay>
        </div>
        {account && <AccountView id={connection.id} name={connection.name} account={account} />}
        {overview.data && auth.type === 'oauth2' && (
          <ScopeList scopes={overview.data.scopes} covered={overview.data.operations} />
        )}
      </Card>
      {editing && (
        <CredentialDialog
          connection={connection}
          offers={offers}
          onClose={() => setEditing(false)}
          onSaved={({ authStatus }) => {
            setEditing(false)
            if (authStatus === 'not_connected') signIn.mutate()
          }}
        />
      )}
    </>
  )
}
