import { useSearchParams } from 'wouter'
import { useHistoryState } from 'wouter/use-browser-location'
import type { ConnectionDetail } from '../../connections/schema.ts'
import { count } from '../lib/text.ts'
import { ButtonLink } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { ConsentFailed } from './consent-failed.tsx'

/** What to know on arriving from the connect form, or back from a provider. */
export function ArrivalNotice({ connection }: { connection: ConnectionDetail }) {
  const justConnected = useHistoryState<{ connected?: boolean } | null>()?.connected === true
  const [search] = useSearchParams()
  const error = search.get('connect_error')
  if (error)
    return <ConsentFailed code={error}>The provider sent you back without access. You can try again.</ConsentFailed>
  if (search.get('connected') === '1' && connection.account)
    return (
      <Notice
        tone="ok"
        role="status"
        title={`Signed in${connection.account.name ? ` as ${connection.account.name}` : ''}`}
      >
        <Next>{connection.name} can be used now.</Next>
      </Notice>
    )
  if (!justConnected || connection.status !== 'ACTIVE') return null
  const { auth, authStatus, securitySchemes } = connection
  const needsCredential = authStatus !== 'ready' || (auth.type === 'none' && securitySchemes.length > 0)
  return (
    <Notice tone="ok" role="status" title={`Connected: ${count(connection.endpointCount, 'operation')} found`}>
      {needsCredential ? <p>Next: the credential it asks for.</p> : <Next>You can use them now.</Next>}
    </Notice>
  )
}

function Next({ children }: { children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-3">
      <span>{children}</span>
      <ButtonLink href="/">Say what should happen</ButtonLink>
    </div>
  )
}
