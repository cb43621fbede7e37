import type { LogEntry } from '../../logs/schema.ts'
import { Badge } from '../ui/badge.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Fact } from '../ui/fact.tsx'
import { JsonBlock } from '../ui/json-block.tsx'
import { Time } from '../ui/time.tsx'

/** One entry: what was done to what, by whom; opened, everything that was written down. */
export function EntryRow({ entry, userName }: { entry: LogEntry; userName: string | undefined }) {
  const { action, resource, outcome, actor, ip, at, requestId, userAgent, hash, details } = entry
  return (
    <div className="grid gap-1 px-4 py-3 sm:px-5">
      <h3 className="flex flex-wrap items-center gap-2 text-sm">
        <span className="font-medium">{action}</span>
        <code className="font-mono text-xs font-normal text-muted">{resource}</code>
        {outcome === 'failure' && <Badge tone="danger">failed</Badge>}
      </h3>
      <p className="text-sm text-muted">
        <Actor actor={actor} userName={userName} />
        {ip && <> · {ip}</>} · <Time at={at} />
      </p>
      <Disclosure summary="Everything written down">
        <div className="grid gap-3">
          <dl className="grid gap-2 sm:grid-cols-2">
            <Fact term="When">{new Date(at).toLocaleString()}</Fact>
            <Fact term={actor.kind === 'key' ? 'Key' : 'Session'}>
              <code className="font-mono text-xs">{actor.id}</code>
            </Fact>
            <Fact term="Request">
              <code className="font-mono text-xs">{requestId}</code>
            </Fact>
            <Fact term="Browser or program">{userAgent ?? 'Unknown'}</Fact>
            <Fact term="Link in the chain">
              {hash ? <code className="font-mono text-xs">{hash}</code> : 'Linked within a minute'}
            </Fact>
          </dl>
          <JsonBlock value={details} label="Details" />
        </div>
      </Disclosure>
    </div>
  )
}

const WAYS = { session: 'in the dashboard', key: 'by an API key' } as const

function Actor({ actor: { kind, userId }, userName }: { actor: LogEntry['actor']; userName: string | undefined }) {
  const user = userName ?? <code className="font-mono text-xs">{userId}</code>
  if (kind !== 'system')
    return (
      <>
        {user} {WAYS[kind]}
      </>
    )
  // What nobody asked for just now is done for whoever set it up, if it was anybody.
  return userName ? <>APIQ, for {userName}</> : <>APIQ</>
}
