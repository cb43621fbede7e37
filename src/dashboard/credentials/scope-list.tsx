import type { AuthOverview } from '../../oauth/schema.ts'
import { count } from '../lib/text.ts'
import { Badge } from '../ui/badge.tsx'
import { Disclosure } from '../ui/disclosure.tsx'

/** What the operations need, held against what was granted. */
export function ScopeList({
  scopes,
  covered,
}: {
  scopes: AuthOverview['scopes']
  covered: AuthOverview['operations']
}) {
  if (scopes.length === 0) return null
  return (
    <Disclosure
      summary={`Scopes: enough for ${covered.covered.toLocaleString('en')} of ${count(covered.total, 'operation')}`}
    >
      <ul aria-label="Scopes" className="grid gap-2 border-l-2 border-line pl-4">
        {scopes.map(({ scope, description, operations, granted }) => (
          <li key={scope} className="grid gap-0.5 text-sm">
            <span className="flex flex-wrap items-center gap-2">
              <code className="font-mono text-xs font-semibold">{scope}</code>
              <Badge tone={granted ? 'ok' : 'plain'}>{granted ? 'granted' : 'not granted'}</Badge>
              <span className="text-xs text-muted">{count(operations, 'operation')}</span>
            </span>
            {description && <span className="text-xs text-muted">{description}</span>}
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}
