import { FileWarning, GitCompareArrows, KeyRound } from 'lucide-react'
import { Link } from 'wouter'
import type { Notice } from '../../notices/schema.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Time } from '../ui/time.tsx'

const KINDS = {
  needs_reconnect: { word: 'Needs reconnect', icon: KeyRound, next: 'Reconnect it' },
  api_changed: { word: 'API changed', icon: GitCompareArrows, next: 'See the API' },
  run_not_written: { word: 'Execution not written down', icon: FileWarning, next: null },
  ingestion_failed: { word: 'Document not read', icon: FileWarning, next: 'See why' },
} as const

/** One notice with the way to what it is about; `onRead` is null for whoever may only look. */
export function NoticeRow({ notice, busy, onRead }: { notice: Notice; busy: boolean; onRead: (() => void) | null }) {
  const { kind, resource, message, createdAt, readAt } = notice
  const { word, icon: Icon, next } = KINDS[kind]
  const unread = readAt === null
  return (
    <div className="flex items-start gap-3 px-4 py-3.5 sm:px-5">
      <Icon aria-hidden size={18} className={`mt-0.5 shrink-0 ${unread ? 'text-accent-ink' : 'text-muted'}`} />
      <div className="grid min-w-0 flex-1 gap-1">
        <h2 className="flex flex-wrap items-center gap-2 text-[0.9375rem]">
          {word}
          {unread && <Badge tone="info">New</Badge>}
        </h2>
        <p className={`text-sm ${unread ? '' : 'text-muted'}`}>{message}</p>
        <p className="flex flex-wrap items-center gap-x-4 text-sm text-muted">
          <Time at={createdAt} />
          {resource.startsWith('con_') && (
            <Link
              href={`/apis/${resource}`}
              onClick={() => unread && onRead?.()}
              className="font-medium text-accent-ink underline underline-offset-2"
            >
              {next}
            </Link>
          )}
        </p>
      </div>
      {unread && onRead && (
        <Button look="quiet" disabled={busy} onClick={onRead} aria-label={`Mark as read: ${message}`}>
          Read
        </Button>
      )}
    </div>
  )
}
