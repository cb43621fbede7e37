import { Settings } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import { useMe } from '../auth/session.ts'

/** The way to the settings. */
export function SettingsLink() {
  const { data: me } = useMe()
  const [path] = useLocation()
  if (!me) return null
  const here = path.startsWith('/settings')
  return (
    <Link
      href="/settings"
      aria-label="Settings"
      aria-current={here ? 'page' : undefined}
      className={`flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm font-medium ${here ? 'bg-accent-soft text-accent-ink' : 'text-muted hover:bg-sunken hover:text-ink'}`}
    >
      <Settings aria-hidden size={18} />
      <span className="hidden md:inline">Settings</span>
    </Link>
  )
}
