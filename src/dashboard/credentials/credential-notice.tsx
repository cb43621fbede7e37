import type { ConnectionDetail } from '../../connections/schema.ts'
import { useMay } from '../auth/may.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import type { Offer } from './offers.ts'
import type { useSignInAtProvider } from './queries.ts'

/** What is missing before the API can be called, and the one button that mends it; nothing when all is well. */
export function CredentialNotice({
  connection,
  offers,
  signIn,
  onEdit,
}: {
  connection: ConnectionDetail
  offers: readonly Offer[]
  signIn: ReturnType<typeof useSignInAtProvider>
  onEdit: () => void
}) {
  const { auth, authStatus, authProblem, name } = connection
  const consent = auth.type === 'oauth2' && auth.flow === 'authorizationCode'
  if (authStatus === 'needs_reconnect')
    return (
      <Notice tone="danger" role="alert" title={`${name} needs to be connected again`}>
        <p>{authProblem ?? 'Its access was withdrawn or has run out.'} Runs that use it stop until then.</p>
        <Act label={consent ? 'Reconnect' : 'Change the credential'} signIn={consent ? signIn : null} onEdit={onEdit} />
      </Notice>
    )
  if (authStatus === 'not_connected')
    return (
      <Notice tone="warn" title="One step is left: sign in at the provider">
        {authProblem && <p>The last time: {authProblem}</p>}
        <p>You allow access there and come back here. APIQ never sees your password.</p>
        <Act label="Connect" signIn={signIn} onEdit={onEdit} />
      </Notice>
    )
  const [first] = offers
  if (auth.type !== 'none' || !first) return null
  return (
    <Notice tone="warn" title="The API asks for a credential">
      <p>Its document says: {first.label}. Without it most calls will be refused.</p>
      <Act label="Add the credential" signIn={null} onEdit={onEdit} />
    </Notice>
  )
}

function Act({
  label,
  signIn,
  onEdit,
}: {
  label: string
  signIn: ReturnType<typeof useSignInAtProvider> | null
  onEdit: () => void
}) {
  const { write } = useMay()
  if (!write) return null
  return (
    <div className="grid gap-3 pt-1">
      {signIn?.isError && <ProblemNotice error={signIn.error} />}
      <div>
        <Button look="primary" busy={signIn?.isPending ?? false} onClick={() => (signIn ? signIn.mutate() : onEdit())}>
          {label}
        </Button>
      </div>
    </div>
  )
}
