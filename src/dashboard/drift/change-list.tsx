import type { Refreshed } from '../../drift/schema.ts'
import { count } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { Said } from '../ui/said.tsx'

type Change = Refreshed['changes'][number]

const KINDS = { added: 'New', removed: 'Gone', changed: 'Changed' } as const
const SHOWN = 100

/** What a document changed, that which breaks something first. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  const breaking = changes.filter((change) => change.breaking)
  const rest = changes.filter((change) => !change.breaking)
  return (
    <div className="grid gap-3">
      {breaking.length > 0 && <Items changes={breaking} label="Breaking changes" />}
      {rest.length > 0 && (
        <Disclosure
          summary={
            rest.length === 1 ? '1 change that breaks nothing' : `${count(rest.length, 'change')} that break nothing`
          }
          open={breaking.length === 0}
        >
          <Items changes={rest} label="Other changes" />
        </Disclosure>
      )}
    </div>
  )
}

function Items({ changes, label }: { changes: readonly Change[]; label: string }) {
  return (
    <ul aria-label={label} className="grid gap-2.5">
      {changes.slice(0, SHOWN).map(({ operation, kind, breaking, message, path }, index) => (
        <li key={`${index} ${operation} ${path}`} className="grid gap-0.5 text-sm">
          <span className="flex flex-wrap items-center gap-2">
            <Badge tone={breaking ? 'danger' : 'info'}>{breaking ? 'Breaking' : KINDS[kind]}</Badge>
            <code className="font-mono text-xs font-semibold">{operation}</code>
          </span>
          <span className="text-muted">
            <Said text={message} />
          </span>
        </li>
      ))}
      {changes.length > SHOWN && <li className="text-sm text-muted">… and {changes.length - SHOWN} more.</li>}
    </ul>
  )
}
