import { useState } from 'react'
import type { Account } from '../../connections/schema.ts'
import { IfMay } from '../auth/may.tsx'
import { until } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Fact } from '../ui/fact.tsx'
import { Time } from '../ui/time.tsx'
import { useForgetAccount } from './queries.ts'

/** Whose account is connected, until when, and the way to disconnect it. */
export function AccountView({ id, name, account }: { id: string; name: string; account: Account }) {
  const [asking, setAsking] = useState(false)
  const forget = useForgetAccount(id)
  return (
    <div className="flex flex-wrap items-end justify-between gap-4 rounded-lg bg-sunken px-4 py-3">
      <dl className="grid min-w-0 flex-1 basis-full gap-x-6 gap-y-3 sm:basis-0 sm:grid-cols-2">
        <Fact term="Account">{account.name ?? 'The provider does not tell its name'}</Fact>
        <Fact term="Provider">{account.provider}</Fact>
        <Fact term="Connected">
          <Time at={account.connectedAt} />
        </Fact>
        <Fact term="Access token">
          {account.expiresAt ? `Renewed by itself, ${until(account.expiresAt)}` : 'Does not run out'}
        </Fact>
        {account.scopes.length > 0 && (
          <div className="sm:col-span-2">
            <Fact term="It may">
              <code className="font-mono text-xs">{account.scopes.join(' ')}</code>
            </Fact>
          </div>
        )}
      </dl>
      <IfMay do="write">
        <Button onClick={() => setAsking(true)}>Disconnect account</Button>
      </IfMay>
      {asking && (
        <ConfirmDialog
          title={`Disconnect the account of ${name}?`}
          confirm="Disconnect account"
          busy={forget.isPending}
          error={forget.error}
          onClose={() => setAsking(false)}
          onConfirm={() => forget.mutate(undefined, { onSuccess: () => setAsking(false) })}
        >
          Its access is forgotten here and given back to the provider. The API stays; you can connect an account again.
        </ConfirmDialog>
      )}
    </div>
  )
}
