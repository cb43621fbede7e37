import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Rows } from '../ui/rows.tsx'
import { Section } from '../ui/section.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { Time } from '../ui/time.tsx'
import { useRevokeSession, useSessions } from './queries.ts'

/** Where somebody is signed in, and the ways to end it. */
export function Sessions() {
  const sessions = useSessions()
  const revoke = useRevokeSession()
  const others = (sessions.data?.length ?? 0) > 1
  const all = others && (
    <Button busy={revoke.isPending && revoke.variables === null} onClick={() => revoke.mutate(null)}>
      Sign out everywhere else
    </Button>
  )
  return (
    <Section title="Sessions" action={all}>
      {sessions.isPending && <CardsSkeleton cards={1} height="h-16" />}
      {sessions.isError && <ProblemNotice error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {revoke.isError && <ProblemNotice error={revoke.error} />}
      {sessions.data && (
        <Rows aria-label="Sessions">
          {sessions.data.map(({ id, current, ip, userAgent, createdAt }) => (
            <li key={id} className="flex items-center gap-3 px-4 py-3.5 sm:px-5">
              <div className="grid min-w-0 flex-1 gap-1">
                <p className="truncate text-sm">{userAgent ?? 'An unknown browser'}</p>
                <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
                  {current && <Badge tone="ok">This one</Badge>}
                  {ip && <span>{ip}</span>}
                  <Time at={createdAt} />
                </p>
              </div>
              {!current && (
                <Button
                  look="quiet"
                  busy={revoke.isPending && revoke.variables === id}
                  onClick={() => revoke.mutate(id)}
                >
                  Sign out
                </Button>
              )}
            </li>
          ))}
        </Rows>
      )}
    </Section>
  )
}
