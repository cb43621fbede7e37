import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Listing } from '../ui/listing.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Section } from '../ui/section.tsx'
import { Time } from '../ui/time.tsx'
import { useRevokeSession, useSessions } from './queries.ts'

/** Where somebody is signed in, and the ways to end it. */
export function Sessions() {
  const sessions = useSessions()
  const revoke = useRevokeSession()
  const others = sessions.items.length > 1
  const all = others && (
    <Button busy={revoke.isPending && revoke.variables === null} onClick={() => revoke.mutate(null)}>
      Sign out everywhere else
    </Button>
  )
  return (
    <Section title="Sessions" action={all}>
      {revoke.isError && <ProblemNotice error={revoke.error} />}
      <Listing
        label="Sessions"
        query={sessions}
        items={sessions.items}
        keyOf={({ id }) => id}
        cards={1}
        empty="You are signed in nowhere."
      >
        {({ id, current, ip, userAgent, createdAt }) => (
          <div className="flex items-center gap-3 px-4 py-3.5 sm:px-5">
            <div className="grid min-w-0 flex-1 gap-1">
              <p className="truncate text-sm">{userAgent ?? 'An unknown browser'}</p>
              <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
                {current && <Badge tone="ok">This one</Badge>}
                {ip && <span>{ip}</span>}
                <Time at={createdAt} />
              </p>
            </div>
            {!current && (
              <Button look="quiet" busy={revoke.isPending && revoke.variables === id} onClick={() => revoke.mutate(id)}>
                Sign out
              </Button>
            )}
          </div>
        )}
      </Listing>
    </Section>
  )
}
