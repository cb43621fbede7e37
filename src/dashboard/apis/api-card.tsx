import { ChevronRight } from 'lucide-react'
import { Link } from 'wouter'
import type { Connection } from '../../connections/schema.ts'
import { authWords } from '../credentials/auth-words.ts'
import { count } from '../lib/text.ts'
import { Time } from '../ui/time.tsx'
import { ConnectionBadge } from './connection-badge.tsx'
import { SpecLink } from './spec-link.tsx'

/** One connected API in the list. */
export function ApiCard({ connection }: { connection: Connection }) {
  const { id, name, slug, baseUrl, endpointCount, auth, account, specUrl, createdAt, status } = connection
  return (
    <article className="relative grid gap-3 rounded-xl border border-line bg-surface p-4 transition-colors focus-within:border-accent hover:border-edge sm:p-5">
      <div className="flex items-start justify-between gap-3">
        <div className="grid min-w-0 gap-0.5">
          <h2 className="flex flex-wrap items-baseline gap-x-2 gap-y-1 text-base">
            <Link href={`/apis/${id}`} className="after:absolute after:inset-0 after:rounded-xl">
              {name}
            </Link>
            <code className="font-mono text-xs font-normal text-muted">{slug}</code>
            <ConnectionBadge connection={connection} />
          </h2>
          <p className="font-mono text-xs text-muted">{baseUrl}</p>
        </div>
        <ChevronRight aria-hidden size={18} className="shrink-0 text-muted" />
      </div>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted">
        {status !== 'DRAFT' && <li>{count(endpointCount, 'operation')}</li>}
        {status !== 'DRAFT' && <li>{account?.name ?? authWords(auth)}</li>}
        {specUrl && (
          <li className="relative">
            <SpecLink url={specUrl} />
          </li>
        )}
        <li>
          Connected <Time at={createdAt} />
        </li>
      </ul>
    </article>
  )
}
