import type { Connection } from '../../connections/schema.ts'
import { Badge } from '../ui/badge.tsx'

/** What keeps an API from being used, in a word or two; nothing when it can be. */
export function ConnectionBadge({ connection }: { connection: Connection }) {
  const { status, authStatus } = connection
  if (status === 'DRAFT') return <Badge tone="info">Document not read yet</Badge>
  if (status === 'INACTIVE') return <Badge>Switched off</Badge>
  if (authStatus === 'needs_reconnect') return <Badge tone="danger">Needs reconnect</Badge>
  if (authStatus === 'not_connected') return <Badge tone="warn">Not signed in</Badge>
  return null
}
