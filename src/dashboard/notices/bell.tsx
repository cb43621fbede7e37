import { Bell as BellIcon } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import { useMe } from '../auth/session.ts'
import { useNotices } from './queries.ts'

/** The way to the notices, with how many of them are new. */
export function Bell() {
  const { data: me } = useMe()
  return me ? <SignedInBell /> : null
}

function SignedInBell() {
  const { items, hasNextPage } = useNotices()
  const [path] = useLocation()
  const unread = items.filter(({ readAt }) => readAt === null).length
  const shown = unread === items.length && hasNextPage ? `${unread}+` : String(unread)
  const here = path === '/notices'
  return (
    <Link
      href="/notices"
      aria-label={unread === 0 ? 'Notices' : `Notices, ${shown} unread`}
      aria-current={here ? 'page' : undefined}
      className={`flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm font-medium ${here ? 'bg-accent-soft text-accent-ink' : 'text-muted hover:bg-sunken hover:text-ink'}`}
    >
      <span className="relative">
        <BellIcon aria-hidden size={18} />
        {unread > 0 && (
          <span className="absolute -top-2 left-2.5 grid min-w-4 place-items-center rounded-full bg-danger px-1 text-[0.625rem] leading-4 font-bold text-on-danger">
            {shown}
          </span>
        )}
      </span>
      <span className="hidden md:inline">Notices</span>
    </Link>
  )
}
